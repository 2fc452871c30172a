/** The colours of the map: those of the palette for the theme that is on, and mixtures of them. */

import { colour } from "../shared/theme";
import type { Type } from "./drawing";

const TYPES: readonly Type[] = ["Method", "Dataset", "Task", "Metric", "Concept"];
type Rgb = readonly [number, number, number];

export interface Palette {
  ground: string;
  raised: string;
  ink: string;
  quiet: string;
  line: string;
  accent: string;
  types: Record<Type, string>;
}

export function palette(): Palette {
  const [ground, raised, ink, quiet, line, accent] = ["paper", "sheet", "ink", "soft", "line", "accent"].map(read);
  const types = Object.fromEntries(TYPES.map((type) => [type, read(`${type.toLowerCase()}-fill`)]));
  return { ground, raised, ink, quiet, line, accent, types } as Palette;
}

/** `part` of one colour over another, opaque: thin lines with an alpha of their own all but vanish in WebGL. */
export function mixed(over: string, under: string, part: number): string {
  const [a, b] = [rgb(over), rgb(under)];
  return `#${a.map((value, at) => two(value * part + (b[at] ?? 0) * (1 - part))).join("")}`;
}

function read(name: string): string {
  const parts = colour(name).match(/[\d.]+/g)?.map(Number) ?? [];
  return `#${[0, 1, 2].map((at) => two(parts[at] ?? 0)).join("")}`;
}

const two = (value: number): string => Math.round(value).toString(16).padStart(2, "0");

function rgb(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
