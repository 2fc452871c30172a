/** The questions beside the editor, and the queries of before: found by their words, opened by a click. */

import { el, need } from "../shared/dom";
import { count } from "../shared/format";
import { asked, forget, inShort } from "./history";

export interface Opening {
  /** Put a query into the editor. */
  readonly open: (query: string) => void;
  /** Put it there and ask it. */
  readonly run: (query: string) => void;
}

/** Make the links of the questions fill the editor that is open. */
export function enhanceQuestions(opening: Opening): void {
  const items = [...document.querySelectorAll<HTMLElement>("#questions > .gallery > li")];
  for (const item of items) {
    const open = need<HTMLAnchorElement>(".open", item);
    const query = open.dataset["query"];
    if (query === undefined) continue;
    intercept(open, () => mark(items, item, () => opening.open(query)));
    const run = item.querySelector<HTMLAnchorElement>(".run");
    if (run) intercept(run, () => mark(items, item, () => opening.run(query)));
  }
  makeSift(items);
}

/** List the queries of before; none, no list. */
export function showHistory(opening: Opening): void {
  const section = need<HTMLElement>("#history");
  const queries = asked();
  section.hidden = queries.length === 0;
  need(".gallery", section).replaceChildren(...queries.map(({ query, at }) => itemOf(query, at, opening)));
  need<HTMLButtonElement>("#forget").onclick = () => {
    forget();
    showHistory(opening);
  };
}

function itemOf(query: string, at: number, opening: Opening): HTMLLIElement {
  const open = el("button", { type: "button", class: "open link", title: query }, el("code", {}, inShort(query)));
  open.addEventListener("click", () => opening.open(query));
  const when = new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return el("li", {}, open, el("span", { class: "meta" }, when));
}

function mark(items: readonly HTMLElement[], chosen: HTMLElement, then: () => void): void {
  for (const item of items) item.classList.toggle("current", item === chosen);
  then();
}

function intercept(link: HTMLAnchorElement, act: () => void): void {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act();
  });
}

function makeSift(items: readonly HTMLElement[]): void {
  const sift = need<HTMLInputElement>("#sift");
  need<HTMLElement>(".sift").hidden = false;
  sift.addEventListener("input", () => {
    const words = sift.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !words.every((word) => (item.textContent ?? "").toLowerCase().includes(word));
    const found = items.filter((item) => !item.hidden).length;
    need("#sifted").textContent = words.length === 0 ? "" : found ? count(found, "question") : "No question has these words.";
  });
}
