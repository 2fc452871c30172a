/** How marks and lines look, by what is chosen and pointed at. Pure. */

import type { Choice } from "./address";
import type { Drawing, Entity, Link } from "./drawing";
import { mixed, type Palette } from "./mixing";

/** What decides the looks: the drawing, what is chosen in it, and what the pointer is on. */
export interface Scenery {
  drawing: Drawing;
  choice: Choice;
  cluster: number | null;
  hovered: string | null;
  palette: Palette;
}

/** The radius of a mark in pixels where `scale` is 1: its area grows a little faster than the number of papers. */
export function radiusOf(papers: number, most: number, scale: number): number {
  return (3.2 + 12.5 * (papers / Math.max(most, 8)) ** 0.6) * scale;
}

/** The entities that stand out by what is chosen; null where none does. */
export function litBy({ drawing, choice, cluster }: Scenery): Set<string> | null {
  const { select } = choice;
  const { ways } = drawing.drawn;
  if (select !== null && choice.path !== null && ways.length > 0) return new Set(ways.flat());
  if (select !== null && choice.with !== null) return new Set([select, choice.with]);
  if (select !== null && drawing.index.has(select)) return new Set([select, ...drawing.neighbours(select)]);
  if (cluster === null) return null;
  return new Set(drawing.members.get(cluster)?.map((at) => drawing.drawn.entities[at]?.id ?? ""));
}

export function markColour(scenery: Scenery, id: string, lit: boolean): string {
  const entity = scenery.drawing.entity(id);
  const { palette } = scenery;
  if (!entity) return palette.quiet;
  return lit ? palette.types[entity.type] : mixed(palette.types[entity.type], palette.ground, 0.22);
}

export interface Line {
  color: string;
  size: number;
  zIndex: number;
}

/** A line, or null where it is not drawn. */
export function lineLook(scenery: Scenery, link: Link): Line | null {
  const { drawing, choice, palette } = scenery;
  const [a, b] = [drawing.drawn.entities[link.source], drawing.drawn.entities[link.target]];
  if (!a || !b) return null;
  const size = 0.7 + Math.min(2.3, 0.35 * (link.papers - 1));
  const ends = [a.id, b.id];
  const asked = [choice.select, choice.with].filter((id) => id !== null);
  const isAsked = asked.length === 2 && asked.every((id) => ends.includes(id));
  if (isAsked || (choice.path !== null && drawing.isStep(a.id, b.id))) {
    return { color: palette.accent, size: Math.max(2.4, size), zIndex: 3 };
  }
  const isPlain = choice.with === null && choice.path === null;
  if (isPlain && ends.some((id) => id === choice.select || id === scenery.hovered)) {
    return { color: mixed(palette.accent, palette.ground, partOf(drawing, link)), size: Math.max(2, size), zIndex: 2 };
  }
  return drawing.major.has(link) ? atRest(scenery, a, b, link, size) : null;
}

/** Lines of one that has very many are lighter, or they would make a fan. */
function partOf(drawing: Drawing, link: Link): number {
  const many = Math.max(...[link.source, link.target].map((at) => drawing.near[at]?.length ?? 0)) > 60;
  return (many ? 0.25 : 0.5) + 0.5 * link.weight;
}

function atRest({ choice, cluster, palette }: Scenery, a: Entity, b: Entity, link: Link, size: number): Line {
  const isWithin = a.cluster === b.cluster;
  if (choice.select !== null || (cluster !== null && !(isWithin && a.cluster === cluster))) {
    return { color: mixed(palette.quiet, palette.ground, 0.08), size: 0.6, zIndex: 0 };
  }
  const part = isWithin ? 0.28 + 0.4 * link.weight : 0.1 + 0.15 * link.weight;
  return {
    color: mixed(palette.quiet, palette.ground, part),
    size: isWithin ? size : Math.min(size, 1),
    zIndex: isWithin ? 1 : 0,
  };
}
