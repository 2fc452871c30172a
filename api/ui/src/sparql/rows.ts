/** Rows of a table in the order, and of the page, that a reader wants. */

export interface Row {
  readonly cells: readonly string[];
}

export type Direction = "ascending" | "descending";

/** Rows by one of their cells; empty cells stand last either way, and equal ones keep their order. */
export function sorted<R extends Row>(rows: readonly R[], column: number, direction: Direction, isNumber: boolean): R[] {
  const sign = direction === "ascending" ? 1 : -1;
  const compare = isNumber ? byNumber : byText;
  return [...rows].sort((a, b) => {
    const [one, two] = [a.cells[column] ?? "", b.cells[column] ?? ""];
    if (!one || !two) return Number(!one) - Number(!two);
    return sign * compare(one, two);
  });
}

/** Rows in which each of the words stands somewhere. */
export function fitting<R extends Row>(rows: readonly R[], words: string): R[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => wanted.every((word) => row.cells.some((cell) => cell.toLowerCase().includes(word))));
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function byText(one: string, two: string): number {
  return collator.compare(one, two);
}

function byNumber(one: string, two: string): number {
  return Number(one) - Number(two);
}
