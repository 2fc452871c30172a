/** PREFIX lines that a query lacks. */

export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** What to insert so that a prefix is declared; null where it is, and for an unknown one. */
export function declaration(query: string, prefix: string, prefixes: Readonly<Record<string, string>>): Insertion | null {
  const namespace = prefixes[prefix];
  if (namespace === undefined || declared(query).includes(prefix)) return null;
  const lines = [...query.matchAll(/^[ \t]*(?:PREFIX|BASE)\b[^\n]*$/gim)];
  const last = lines.at(-1);
  const line = `PREFIX ${prefix}: <${namespace}>`;
  return last ? { at: last.index + last[0].length, text: `\n${line}` } : { at: 0, text: `${line}\n` };
}

/** The prefixes that a query declares. */
export function declared(query: string): string[] {
  return [...query.matchAll(/\bPREFIX\s+([\p{L}\w.-]*)\s*:/giu)].map((match) => match[1] ?? "");
}

/** The variables of a query, each once, with their question marks. */
export function variables(query: string): string[] {
  return [...new Set(query.match(/[?$]\w+/g) ?? [])];
}

/** The class that a query says its subject has, as in `?paper a kg:Paper`; empty where it says none. */
export function classOf(query: string, subject: string): string {
  const escaped = subject.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return subject ? (new RegExp(`${escaped}\\s+(?:a|rdf:type)\\s+([\\w-]+:[\\w-]+)`).exec(query)?.[1] ?? "") : "";
}
