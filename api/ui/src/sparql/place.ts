/** The text before a cursor in a query -> what may be written there. */

/** What a term would be in its triple; `none` outside of one, as far as can be told. */
export type Role = "subject" | "predicate" | "class" | "object" | "none";

export interface Place {
  /** Inside quotes, inside an IRI, a variable, or a word: a keyword, a function or a term with a prefix. */
  readonly kind: "name" | "iri" | "variable" | "word";
  /** Where what is being typed begins, without the quote or bracket that opens it. */
  readonly from: number;
  readonly typed: string;
  readonly role: Role;
  /** The subject of the triple, as it is written. */
  readonly subject: string;
}

const TOKENS =
  /#[^\n]*|<[^<>"{}|^`\\\s]*>|"""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[?$]\w+|[\p{L}_][\p{L}\w.-]*(?::[\p{L}\w.-]*)?|:[\w.-]*|\d[\w.]*|\S/gu;
const OPEN_NAME = /(?:"(?:[^"\\\n]|\\.)*|'(?:[^'\\\n]|\\.)*)$/;
const OPEN_IRI = /<[^<>"{}|^`\\\s]*$/;
const TYPED = /(?:[?$]\w*|(?:[\p{L}_][\p{L}\w-]*)?:?[\p{L}\w-]*)$/u;
const KEYWORDS = /^(?:select|construct|describe|ask|where|filter|optional|union|minus|graph|bind|values|order|group|by|having|limit|offset|distinct|reduced|as|from|named|exists|not|in|prefix|base)$/i;

/** What may be written at the end of this text; null in a comment. */
export function placeAfter(text: string): Place | null {
  const open = opened(text);
  if (open === "comment") return null;
  if (open) {
    const from = open.at + 1;
    return { kind: open.kind, from, typed: text.slice(from), ...standing(text.slice(0, open.at)) };
  }
  const typed = TYPED.exec(text)?.[0] ?? "";
  const from = text.length - typed.length;
  const kind = typed.startsWith("?") || typed.startsWith("$") ? "variable" : "word";
  return { kind, from, typed, ...standing(text.slice(0, from)) };
}

/** How many brackets of groups are open at the end of this text. */
export function depth(text: string): number {
  let open = 0;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "{" || token === "(") open += 1;
    if (token === "}" || token === ")") open = Math.max(0, open - 1);
  }
  return open;
}

/** The quote or bracket that is still open at the end. */
function opened(text: string): { kind: "name" | "iri"; at: number } | "comment" | null {
  let last = 0;
  for (const match of text.matchAll(TOKENS)) {
    const token = match[0];
    const rest = text.slice(match.index);
    if (token === '"' || token === "'") return OPEN_NAME.test(rest) ? { kind: "name", at: match.index } : null;
    if (token === "<" && OPEN_IRI.test(rest) && rest.length > 1) return { kind: "iri", at: match.index };
    last = match.index + token.length;
    if (token.startsWith("#") && last === text.length) return "comment";
  }
  return null;
}

/** Counts the terms since the last triple ended; groups in parentheses are no triples. */
function standing(before: string): { role: Role; subject: string } {
  let terms = 0;
  let inner = 0;
  let subject = "";
  let last = "";
  for (const [token] of before.matchAll(TOKENS)) {
    if (token.startsWith("#")) continue;
    if (token === "(") inner += 1;
    else if (token === ")") inner = Math.max(0, inner - 1);
    else if (inner === 0) [terms, subject] = after(token, terms, subject);
    last = token;
  }
  if (inner > 0 || !before.includes("{")) return { role: "none", subject: "" };
  const isClass = terms === 2 && (last === "a" || last === "rdf:type");
  const role = isClass ? "class" : (["subject", "predicate", "object"] as const)[terms];
  return { role: role ?? "none", subject };
}

function after(token: string, terms: number, subject: string): [number, string] {
  if (/^[{}.]$/.test(token) || KEYWORDS.test(token)) return [0, ""];
  if (token === ";") return [1, subject];
  if (token === ",") return [2, subject];
  if (/^[/|^]$/.test(token)) return [terms > 1 ? terms - 1 : terms, subject];
  if (/^[*+?!]$/.test(token)) return [terms, subject];
  return [terms + 1, terms === 0 ? token : subject];
}
