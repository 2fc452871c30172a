/** Shapes and directions among points. Pure. */

export interface Point {
  x: number;
  y: number;
}

/** The corners of the convex hull of points (Andrew 1979). */
export function hull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  return [...half(sorted), ...half(sorted.reverse())];
}

function half(points: Point[]): Point[] {
  const chain: Point[] = [];
  for (const point of points) {
    for (;;) {
      const [before, last] = [chain.at(-2), chain.at(-1)];
      if (!before || !last || turn(before, last, point) > 0) break;
      chain.pop();
    }
    chain.push(point);
  }
  return chain.slice(0, -1);
}

const turn = (o: Point, a: Point, b: Point): number => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);

/**
 * Which of the `others` lies where an arrow points, seen from `from` on the screen (y grows downwards): the nearest,
 * where to be off the direction counts as being farther away. Null where none is within 80 degrees of it.
 */
export function towards<P extends Point>(from: Point, others: P[], arrow: Point): P | null {
  let best: P | null = null;
  let least = Infinity;
  for (const other of others) {
    const [dx, dy] = [other.x - from.x, other.y - from.y];
    const distance = Math.hypot(dx, dy);
    const ahead = (dx * arrow.x + dy * arrow.y) / (distance || 1);
    const cost = distance / Math.max(ahead, 0.01) ** 2;
    if (distance > 0 && ahead > 0.17 && cost < least) [best, least] = [other, cost];
  }
  return best;
}

/** How far a point lies from the line between two others. */
export function distanceToSegment(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length ? ((point.x - a.x) * dx + (point.y - a.y) * dy) / length : 0;
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - at * dx, point.y - a.y - at * dy);
}
