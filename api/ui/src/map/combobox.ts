/** The box that finds entities: first those on the map, then others that the service suggests. */

import { el } from "../shared/dom";
import { getJson } from "../shared/http";
import type { Entity, Type } from "./drawing";
import { fitting } from "./finding";

interface Hit {
  id: string;
  name: string;
  type: Type;
  drawn: boolean;
}

interface Suggestions {
  items: { kind: string; id: string; name: string; type: Type | null }[];
}

const ON_MAP = 8;
const OTHERS = 5;
const PAUSE = 120;

export class Combobox {
  private hits: Hit[] = [];
  private active = 0;
  private asking = new AbortController();
  private timer = 0;

  constructor(
    private readonly input: HTMLInputElement,
    private readonly list: HTMLElement,
    private readonly entities: () => Entity[],
    private readonly take: (id: string, drawn: boolean) => void,
  ) {
    input.addEventListener("input", () => this.look());
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    list.addEventListener("click", (event) => this.clicked(event));
  }

  private look(): void {
    const typed = this.input.value;
    const here = fitting(this.entities(), typed, ON_MAP).map(({ id, name, type }) => ({ id, name, type, drawn: true }));
    this.active = 0;
    this.show(here, typed.trim() !== "");
    clearTimeout(this.timer);
    this.asking.abort();
    if (typed.trim()) this.timer = window.setTimeout(() => void this.suggest(typed, here), PAUSE);
  }

  private async suggest(typed: string, here: Hit[]): Promise<void> {
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const address = `/v1/suggest?${new URLSearchParams({ q: typed.trim(), limit: "12" })}`;
      const { items } = await getJson<Suggestions>(address, signal);
      const known = new Set(this.entities().map(({ id }) => id));
      const others = items.flatMap(({ kind, id, name, type }) =>
        kind === "entity" && type && !known.has(id) ? [{ id, name, type, drawn: false }] : [],
      );
      if (document.activeElement === this.input) this.show([...here, ...others.slice(0, OTHERS)], true);
    } catch {
      if (!signal.aborted) this.show(here, true); // what is on the map can be found all the same
    }
  }

  private show(hits: Hit[], open: boolean): void {
    this.hits = hits;
    const rows = hits.map((hit, at) =>
      el(
        "li",
        { role: "option", id: `hit-${at}`, "aria-selected": String(at === this.active) },
        el("span", { class: `shape ${hit.type.toLowerCase()}`, "aria-hidden": "true" }),
        el("span", { class: "name" }, hit.name),
        el("span", { class: "meta" }, hit.drawn ? hit.type : `${hit.type}, not on the map yet`),
      ),
    );
    const idle = { role: "option", "aria-disabled": "true", "aria-selected": "false" };
    const none = el("li", idle, "Nothing is called so");
    this.list.replaceChildren(...(rows.length ? rows : [none]));
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    this.point();
  }

  private point(): void {
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === this.active)));
    if (this.list.hidden || !this.hits.length) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", `hit-${this.active}`);
    this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
  }

  private close(): void {
    clearTimeout(this.timer);
    this.asking.abort();
    this.show([], false);
  }

  private clicked(event: Event): void {
    const row = (event.target as Element).closest("li");
    if (row) this.pick([...this.list.children].indexOf(row));
  }

  private pick(at: number): void {
    const hit = this.hits[at];
    if (!hit) return;
    this.input.value = hit.name;
    this.close();
    this.take(hit.id, hit.drawn);
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.list.hidden) this.look();
    else if (step && this.hits.length) {
      this.active = (this.active + step + this.hits.length) % this.hits.length;
      this.point();
    } else if (event.key === "Enter" && !this.list.hidden) this.pick(this.active);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
