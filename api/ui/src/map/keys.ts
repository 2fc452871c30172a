/** What the keys do on the map. Pure. */

export type Deed =
  | { kind: "step"; x: number; y: number }
  | { kind: "zoom"; factor: number }
  | { kind: "clear" | "open" | "expand" | "find" };

const ON_MAP: Record<string, Deed> = {
  ArrowLeft: { kind: "step", x: -1, y: 0 },
  ArrowRight: { kind: "step", x: 1, y: 0 },
  ArrowUp: { kind: "step", x: 0, y: -1 },
  ArrowDown: { kind: "step", x: 0, y: 1 },
  "+": { kind: "zoom", factor: 1.4 },
  "=": { kind: "zoom", factor: 1.4 },
  "-": { kind: "zoom", factor: 1 / 1.4 },
  "0": { kind: "zoom", factor: 0 },
  Enter: { kind: "open" },
  e: { kind: "expand" },
};

/** What a key does, pressed on the map or elsewhere on its page; null where it is left to the browser. */
export function deedOf(key: string, where: { onMap: boolean; typing: boolean; modified: boolean }): Deed | null {
  if (where.modified) return null;
  if (key === "Escape") return { kind: "clear" };
  if (where.typing) return null;
  if (key === "/") return { kind: "find" };
  return where.onMap ? (ON_MAP[key] ?? null) : null;
}
