/** What a text that is being typed may become, as `/v1/suggest` tells it. */

import { getJson, Problem } from "./http";

export type Label = "Method" | "Dataset" | "Task" | "Metric" | "Concept";

export interface Suggestion {
  kind: "entity" | "paper";
  id: string;
  name: string;
  type: Label | null;
  /** The name, other name or title that fits, and where in it, in code points. */
  matched: string;
  spans: [number, number][];
}

export interface Suggested {
  items: Suggestion[];
  /** Other spellings that were tried, because the text as typed led to little. */
  meant: string | null;
}

/** A piece of a text, and whether it is what was typed. */
export type Piece = [text: string, found: boolean];

/** The address of the page of a suggestion. */
export function addressOf(suggestion: Suggestion): string {
  const folder = suggestion.type === null ? "papers" : `${suggestion.type.toLowerCase()}s`;
  return `/${folder}/${encodeURIComponent(suggestion.id)}`;
}

/** `matched` cut at its spans: they count code points, and strings of JavaScript UTF-16. */
export function pieces(matched: string, spans: readonly (readonly [number, number])[]): Piece[] {
  const signs = Array.from(matched);
  const found: Piece[] = [];
  let at = 0;
  for (const [start, end] of spans) {
    found.push([signs.slice(at, start).join(""), false], [signs.slice(start, end).join(""), true]);
    at = end;
  }
  found.push([signs.slice(at).join(""), false]);
  return found.filter(([text]) => text !== "");
}

/** Asks for suggestions once the typing pauses. An answer that was overtaken is never told. */
export class Suggester {
  readonly #tell: (found: Suggested) => void;
  readonly #limit: number;
  readonly #pause: number;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  constructor(tell: (found: Suggested) => void, limit = 9, pause = 120) {
    this.#tell = tell;
    this.#limit = limit;
    this.#pause = pause;
  }

  ask(text: string): void {
    this.cancel();
    if (text.trim() === "") this.#tell({ items: [], meant: null });
    else this.#waiting = setTimeout(() => void this.#fetch(text), this.#pause);
  }

  cancel(): void {
    clearTimeout(this.#waiting);
    this.#asked?.abort();
  }

  async #fetch(text: string): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    const query = new URLSearchParams({ q: text, limit: String(this.#limit) });
    try {
      const found = await getJson<Suggested>(`/v1/suggest?${query}`, asked.signal);
      if (!asked.signal.aborted) this.#tell(found);
    } catch (error) {
      // Overtaken, or the service is away or refuses: the form works without suggestions.
      if (!asked.signal.aborted && !(error instanceof Problem || error instanceof TypeError)) throw error;
    }
  }
}
