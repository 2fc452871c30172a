/** The colours of the map: those of the palette of the pages, for the theme that is on. */

import { colour } from "../shared/theme";
import type { Type } from "./drawing";
import { hex, type Palette } from "./mixing";

const TYPES: readonly Type[] = ["Method", "Dataset", "Task", "Metric", "Concept"];

export function palette(): Palette {
  const [ground, raised, ink, quiet, line, accent] = ["paper", "sheet", "ink", "soft", "line", "accent"].map(read);
  const types = Object.fromEntries(TYPES.map((type) => [type, read(`${type.toLowerCase()}-fill`)]));
  return { ground, raised, ink, quiet, line, accent, types } as Palette;
}

function read(name: string): string {
  return hex(colour(name).match(/[\d.]+/g)?.map(Number) ?? []);
}
