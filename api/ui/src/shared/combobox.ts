/**
 * A search box with suggestions below it: a combobox by the ARIA Authoring Practices (list autocomplete, manual choice).
 *
 * The focus stays in the box. Arrows choose, Enter takes what is chosen or sends the form, Escape closes, then empties.
 * `data-suggest="entity"` or `"paper"` offers only those. `data-pick` says what taking one does: opens its page unless it
 * is `fill`, which puts the id into the box, or `submit`, which also sends the form.
 */

import { el } from "./dom";
import { count } from "./format";
import { addressOf, pieces, Suggester, type Suggested, type Suggestion } from "./suggestions";

let made = 0;

export class Combobox {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLElement;
  readonly #status: HTMLElement;
  readonly #suggester: Suggester;
  #options: { element: HTMLElement; suggestion: Suggestion }[] = [];
  #active = -1;

  constructor(input: HTMLInputElement) {
    this.#input = input;
    made += 1;
    const id = `suggestions-${made}`;
    this.#list = el("div", { id, class: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: true });
    this.#status = el("span", { class: "unseen", role: "status" });
    this.#suggester = new Suggester((found) => this.#show(found));
    const place = el("span", { class: "combobox" });
    const focused = document.activeElement === input;
    input.replaceWith(place);
    place.append(input, this.#list, this.#status);
    if (focused) input.focus();
    const roles = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    this.#close();
    input.addEventListener("input", () => this.#suggester.ask(input.value));
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    // A press would take the focus from the box, and so close the list before the click.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => this.#click(event));
  }

  get #open(): boolean {
    return !this.#list.hidden;
  }

  #show({ items, meant }: Suggested): void {
    if (document.activeElement !== this.#input) return;
    const kind = this.#input.dataset["suggest"];
    const wanted = items.filter((each) => !kind || each.kind === kind);
    this.#options = wanted.map((suggestion, at) => ({ suggestion, element: this.#option(suggestion, at) }));
    this.#list.replaceChildren(...this.#groups());
    this.#list.hidden = wanted.length === 0;
    this.#input.setAttribute("aria-expanded", String(this.#open));
    this.#choose(-1);
    const found = wanted.length ? `${count(wanted.length, "suggestion")}` : "No suggestions";
    this.#status.textContent = this.#input.value.trim() ? (meant ? `${found}, for ${meant}` : found) : "";
  }

  #option(suggestion: Suggestion, at: number): HTMLElement {
    const { type, name, matched, spans } = suggestion;
    const text = pieces(matched, spans).map(([part, found]) => (found ? el("mark", {}, part) : part));
    return el(
      "div",
      { id: `${this.#list.id}-${at}`, role: "option", "aria-selected": "false", class: "suggestion" },
      el("span", { class: `shape ${(type ?? "paper").toLowerCase()}`, "aria-hidden": "true" }),
      el("span", { class: "text" }, ...text, matched !== name && el("span", { class: "meta" }, ` ${name}`)),
      el("span", { class: "meta" }, type ?? "Paper"),
    );
  }

  /** Entities, then papers, under a heading where there are both. */
  #groups(): HTMLElement[] {
    const kinds = { entity: "Methods, datasets, tasks, metrics, concepts", paper: "Papers" };
    return Object.entries(kinds).flatMap(([kind, heading]) => {
      const own = this.#options.filter(({ suggestion }) => suggestion.kind === kind).map(({ element }) => element);
      return own.length ? [el("div", { role: "group", "aria-label": heading, class: "kind" }, ...own)] : [];
    });
  }

  #choose(at: number): void {
    this.#options[this.#active]?.element.setAttribute("aria-selected", "false");
    this.#active = at;
    const chosen = this.#options[at]?.element;
    chosen?.setAttribute("aria-selected", "true");
    chosen?.scrollIntoView({ block: "nearest" });
    if (chosen) this.#input.setAttribute("aria-activedescendant", chosen.id);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #close(): void {
    this.#suggester.cancel();
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#choose(-1);
  }

  #key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.#options.length) {
      event.preventDefault();
      this.#list.hidden = false;
      this.#input.setAttribute("aria-expanded", "true");
      // One place more than options: what was typed itself.
      const places = this.#options.length + 1;
      this.#choose(((this.#active + 1 + step + places) % places) - 1);
    } else if (event.key === "Escape" && this.#open) {
      event.preventDefault();
      this.#close();
    } else if (event.key === "Enter" && this.#open && this.#active >= 0) {
      event.preventDefault();
      this.#take(this.#active);
    }
  }

  #click(event: Event): void {
    const at = this.#options.findIndex(({ element }) => element.contains(event.target as Node));
    if (at >= 0) this.#take(at);
  }

  #take(at: number): void {
    const suggestion = this.#options[at]?.suggestion;
    if (!suggestion) return;
    const pick = this.#input.dataset["pick"];
    this.#close();
    if (!pick) {
      location.assign(addressOf(suggestion));
      return;
    }
    this.#input.value = suggestion.id;
    if (pick === "submit") this.#input.form?.requestSubmit();
  }
}

/** Every search box of the page, and every other that asks for suggestions. */
export function suggestEverywhere(): void {
  const boxes = document.querySelectorAll<HTMLInputElement>("form[role=search] input[type=search], input[data-suggest]");
  for (const box of boxes) new Combobox(box);
}
