/** The table of an answer, sorted by its headings, narrowed by words and shown page by page. */

import { el } from "../shared/dom";
import { count, number } from "../shared/format";
import { type Direction, fitting, type Row, sorted } from "./rows";

const PAGE = 50;
const SEARCHABLE = 12;

interface Shown extends Row {
  readonly element: HTMLTableRowElement;
}

/** Add what a table can do with a script; one of a single row is left alone. */
export function enhanceTable(view: HTMLElement): void {
  const table = view.querySelector("table");
  const body = table?.tBodies[0];
  if (!table || !body || body.rows.length < 2) return;
  const rows = [...body.rows].map((element) => ({ element, cells: [...element.cells].map(textOf) }));
  new TableOf(view, table, body, rows).show();
}

function textOf(cell: HTMLTableCellElement): string {
  return (cell.firstChild?.textContent ?? "").trim();
}

class TableOf {
  private page = 0;
  private ordered: Shown[];
  private found: Shown[];
  private readonly where = el("span", { role: "status" });
  private readonly back = el("button", { type: "button", class: "button" }, "Previous");
  private readonly next = el("button", { type: "button", class: "button" }, "Next");
  private readonly sift = el("input", { type: "search", placeholder: "Find in these rows", "aria-label": "Find in these rows" });

  constructor(
    view: HTMLElement,
    private readonly table: HTMLTableElement,
    private readonly body: HTMLTableSectionElement,
    private readonly rows: Shown[],
  ) {
    this.ordered = this.found = rows;
    const pager = el("span", { class: "pager" }, this.where, this.back, this.next);
    const searchable = rows.length >= SEARCHABLE;
    if (searchable) view.prepend(el("div", { class: "table-tools" }, this.sift, pager));
    this.sift.addEventListener("input", () => this.narrow());
    this.back.addEventListener("click", () => this.turn(-1));
    this.next.addEventListener("click", () => this.turn(1));
    for (const heading of table.tHead?.rows[0]?.cells ?? []) this.makeSortable(heading);
  }

  show(): void {
    const pages = Math.max(1, Math.ceil(this.found.length / PAGE));
    this.page = Math.min(this.page, pages - 1);
    const first = this.page * PAGE;
    const shown = this.found.slice(first, first + PAGE);
    this.body.replaceChildren(...shown.map((row) => row.element));
    this.back.hidden = this.next.hidden = pages === 1;
    this.back.disabled = this.page === 0;
    this.next.disabled = this.page === pages - 1;
    const isAll = shown.length === this.rows.length;
    const range = `${number(first + 1)}–${number(first + shown.length)} of ${number(this.found.length)}`;
    this.where.textContent = isAll ? "" : shown.length === 0 ? "no row has that" : pages === 1 ? count(shown.length, "row") : range;
  }

  private narrow(): void {
    this.found = fitting(this.ordered, this.sift.value);
    this.page = 0;
    this.show();
  }

  private turn(step: number): void {
    this.page += step;
    this.show();
    this.table.scrollIntoView({ block: "nearest" });
  }

  private makeSortable(heading: HTMLTableCellElement): void {
    const button = el("button", { type: "button", class: "sort" }, heading.textContent);
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const direction: Direction = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      for (const other of this.table.tHead?.rows[0]?.cells ?? []) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", direction);
      this.ordered = sorted(this.rows, heading.cellIndex, direction, heading.dataset["kind"] === "number");
      this.narrow();
    });
  }
}
