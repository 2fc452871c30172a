/** Colours as `#rrggbb`, and mixtures of them. Pure. */

import type { Type } from "./drawing";

export interface Palette {
  ground: string;
  raised: string;
  ink: string;
  quiet: string;
  line: string;
  accent: string;
  types: Record<Type, string>;
}

/** `part` of one colour over another, opaque: thin lines with an alpha of their own all but vanish in WebGL. */
export function mixed(over: string, under: string, part: number): string {
  const [a, b] = [rgb(over), rgb(under)];
  return hex(a.map((value, at) => value * part + (b[at] ?? 0) * (1 - part)));
}

export function hex(parts: number[]): string {
  return `#${[0, 1, 2].map((at) => Math.round(parts[at] ?? 0).toString(16).padStart(2, "0")).join("")}`;
}

function rgb(colour: string): number[] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
