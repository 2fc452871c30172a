/** Numbers and counts as pages write them. */

const grouped = new Intl.NumberFormat("en");

/** 12345 as "12,345". */
export function number(value: number): string {
  return grouped.format(value);
}

/** "1 paper", "12,345 papers"; the plural is the singular with an s unless given. */
export function count(value: number, one: string, many = `${one}s`): string {
  return `${number(value)} ${value === 1 ? one : many}`;
}
