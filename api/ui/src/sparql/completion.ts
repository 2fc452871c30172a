/** What the editor offers while a query is typed: terms of the vocabulary, variables, keywords, and names of things. */

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { getJson } from "../shared/http";
import { type Place, placeAfter } from "./place";
import { classOf, declaration, variables } from "./prefixes";
import { FUNCTIONS, KEYWORDS, type Word, type Words, wordsOfGraph } from "./words";

interface Suggestion {
  readonly kind: "entity" | "paper";
  readonly id: string;
  readonly name: string;
  readonly type: string | null;
  readonly matched: string;
}

const PAUSE = 150;
const LEAST = 2;

/** The source of completions, for CodeMirror. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const place = placeAfter(context.state.sliceDoc(0, context.pos));
  if (!place || (!place.typed && !context.explicit)) return null;
  if (place.kind === "name" || place.kind === "iri") return named(context, place);
  if (place.kind === "variable") {
    const options = variables(context.state.doc.toString()).filter((name) => name !== place.typed);
    return { from: place.from, options: options.map((label) => ({ label, type: "variable" })), validFor: /^[?$]\w*$/ };
  }
  const words = await wordsOfGraph().catch(() => null);
  const options = [...(words ? ofGraph(words, place, context.state.doc.toString()) : []), ...ofSparql(place)];
  return context.aborted ? null : { from: place.from, options, validFor: /^[\w-]*:?[\w-]*$/ };
}

function ofSparql(place: Place): Completion[] {
  const boost = place.role === "predicate" || place.role === "class" ? -50 : 0;
  return [
    ...KEYWORDS.map((label) => ({ label, type: "keyword", boost })),
    ...FUNCTIONS.map((label) => ({ label, type: "function", apply: `${label}(`, boost: boost - 10 })),
  ];
}

function ofGraph(words: Words, place: Place, query: string): Completion[] {
  const subject = classOf(query, place.subject);
  const prefixes = Object.keys(words.prefixes).map((prefix) => ({
    label: `${prefix}:`,
    detail: words.prefixes[prefix] ?? "",
    type: "namespace",
    boost: -20,
    apply: inserting(words, `${prefix}:`),
  }));
  const terms = words.words.map((word) => ({
    label: word.name,
    detail: word.label,
    info: told(word),
    type: word.kind,
    boost: fit(word, place, subject),
    apply: inserting(words, word.name),
  }));
  return [...terms, ...prefixes];
}

/** Classes where a class stands, properties where one does, and first those that the subject has. */
function fit(word: Word, place: Place, subject: string): number {
  if (word.kind === "class") return place.role === "class" ? 60 : place.role === "predicate" ? -60 : 0;
  if (place.role !== "predicate") return -20;
  return word.source.includes(subject) ? 40 : 20;
}

function told(word: Word): string {
  const ends = [word.source.length > 0 && `of ${word.source.join(", ")}`, word.target.length > 0 && `to ${word.target.join(", ")}`];
  return [word.comment, ends.filter(Boolean).join(" ")].filter(Boolean).join("\n");
}

/** Insert a term, and the PREFIX line that it needs. */
function inserting(words: Words, name: string): (view: EditorView, completion: Completion, from: number, to: number) => void {
  return (view, _, from, to) => {
    const line = declaration(view.state.doc.toString(), name.split(":")[0] ?? "", words.prefixes);
    const changes = [{ from, to, insert: name }, ...(line ? [{ from: line.at, insert: line.text }] : [])];
    view.dispatch({
      changes,
      selection: { anchor: from + name.length + (line && line.at <= from ? line.text.length : 0) },
      userEvent: "input.complete",
    });
  };
}

/** Names of things in this graph, once whoever types has paused. */
async function named(context: CompletionContext, place: Place): Promise<CompletionResult | null> {
  if (place.typed.length < LEAST || /^\w+:/.test(place.typed)) return null;
  const gone = new AbortController();
  context.addEventListener("abort", () => gone.abort(), { onDocChange: true });
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  if (context.aborted) return null;
  const address = `/v1/suggest?${new URLSearchParams({ q: place.typed, limit: "12" })}`;
  const [found, words] = await Promise.all([getJson<{ items: Suggestion[] }>(address, gone.signal), wordsOfGraph()]).catch(() => [null, null]);
  if (!found || !words || context.aborted) return null;
  const options = found.items.map((item) => offered(item, place, words.base));
  return { from: place.from, options, filter: false };
}

function offered(item: Suggestion, place: Place, base: string): Completion {
  const other = item.matched === item.name ? "" : `, ${item.matched}`;
  const detail = `${item.type?.toLowerCase() ?? "paper"}${other}`;
  const isName = place.kind === "name";
  const text = isName ? escaped(item.name) : `${base}id/${item.kind}/${encodeURIComponent(item.id)}`;
  return { label: item.name, detail, type: item.type ? "class" : "text", apply: closing(text, isName ? /^["']/ : /^>/, isName ? '"' : ">") };
}

/** Insert a text, and step over what closes it, or close it. */
function closing(text: string, closed: RegExp, close: string): (view: EditorView, completion: Completion, from: number, to: number) => void {
  return (view, _, from, to) => {
    const isClosed = closed.test(view.state.sliceDoc(to, to + 1));
    const quote = close === ">" ? close : view.state.sliceDoc(from - 1, from);
    view.dispatch({
      changes: { from, to, insert: isClosed ? text : text + quote },
      selection: { anchor: from + text.length + 1 },
      userEvent: "input.complete",
    });
  };
}

function escaped(name: string): string {
  return name.replace(/[\\"']/g, "\\$&");
}
