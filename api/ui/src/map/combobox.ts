/** The box that finds entities: first those on the map, then others that the service suggests. */

import { el } from "../shared/dom";
import { Suggester, type Suggested } from "../shared/suggestions";
import type { Entity, Type } from "./drawing";
import { fitting } from "./finding";

interface Hit {
  id: string;
  name: string;
  type: Type;
  drawn: boolean;
}

const ON_MAP = 8;
const OTHERS = 5;
const ASKED = 12;

export class Combobox {
  private hits: Hit[] = [];
  private active = 0;
  private readonly suggester = new Suggester((found) => this.suggested(found), ASKED);

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
    this.active = 0;
    this.show(this.drawn(), typed.trim() !== "");
    this.suggester.ask(typed);
  }

  private drawn(): Hit[] {
    return fitting(this.entities(), this.input.value, ON_MAP).map(({ id, name, type }) => ({ id, name, type, drawn: true }));
  }

  private suggested({ items }: Suggested): void {
    const known = new Set(this.entities().map(({ id }) => id));
    const others = items.flatMap(({ kind, id, name, type }) =>
      kind === "entity" && type && !known.has(id) ? [{ id, name, type, drawn: false }] : [],
    );
    if (document.activeElement === this.input && this.input.value.trim()) {
      this.show([...this.drawn(), ...others.slice(0, OTHERS)], true);
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
    this.suggester.cancel();
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
