/** The queries that this browser has asked, kept in it alone. */

const KEY = "paperkg.queries";
const KEPT = 30;

export interface Asked {
  readonly query: string;
  readonly at: number;
}

/** Newest first; none where the browser keeps nothing, or something else was kept under our name. */
export function asked(): Asked[] {
  try {
    const held: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(held) ? held.filter(isAsked) : [];
  } catch {
    return [];
  }
}

/** Put a query first; one that was asked before moves there. */
export function remember(query: string): void {
  keep([{ query, at: Date.now() }, ...asked().filter((each) => each.query !== query)].slice(0, KEPT));
}

/** Forget all. */
export function forget(): void {
  keep([]);
}

/** What a query is about, in a line: its text without prefixes and line breaks. */
export function inShort(query: string): string {
  const text = query.replace(/^[ \t]*(?:(?:PREFIX|BASE)\b.*|#.*)$/gim, "");
  return text.replace(/\s+/g, " ").trim().slice(0, 160);
}

function keep(queries: readonly Asked[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(queries));
  } catch {
    // A browser that keeps nothing for us still asks.
  }
}

function isAsked(value: unknown): value is Asked {
  return (
    typeof value === "object" && value !== null && "query" in value && typeof value.query === "string" && "at" in value && typeof value.at === "number"
  );
}
