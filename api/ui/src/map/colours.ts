/** The colours of the page, as its style sheet has them for the theme that is on. */

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

/** The tokens resolved; the custom properties are named in one place, here. */
export function palette(): Palette {
  const probe = document.createElement("i");
  document.body.append(probe);
  const read = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const types = Object.fromEntries(TYPES.map((type) => [type, hex(read(`--${type.toLowerCase()}-fill`))]));
  const found = {
    ground: hex(read("--paper")),
    raised: hex(read("--sheet")),
    ink: hex(read("--ink")),
    quiet: hex(read("--soft")),
    line: hex(read("--line")),
    accent: hex(read("--accent")),
    types: types as Record<Type, string>,
  };
  probe.remove();
  return found;
}

/** Calls back whenever the theme changes, by the system or by the switch of the page. */
export function onTheme(change: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", change);
  new MutationObserver(change).observe(document.documentElement, { attributes: true });
}

/** `part` of one colour over another, opaque: thin lines with an alpha of their own all but vanish in WebGL. */
export function mixed(over: string, under: string, part: number): string {
  const [a, b] = [rgb(over), rgb(under)];
  return `#${a.map((value, at) => two(value * part + (b[at] ?? 0) * (1 - part))).join("")}`;
}

function hex(computed: string): string {
  const parts = computed.match(/[\d.]+/g)?.map(Number) ?? [];
  const scale = computed.startsWith("color(") ? 255 : 1;
  return `#${[0, 1, 2].map((at) => two((parts[at] ?? 0) * scale)).join("")}`;
}

const two = (value: number): string => Math.round(value).toString(16).padStart(2, "0");

function rgb(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
