/** Which names fit on the map, and where: none lies on another. Pure. */

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Frame {
  width: number;
  height: number;
}

/** A mark on the screen that would like to show its name, `width` pixels wide and `height` high. */
export interface Wish {
  x: number;
  y: number;
  radius: number;
  width: number;
  height: number;
  /** Shown come what may: what is chosen or pointed at. */
  must: boolean;
}

/** Of how much of its own area a name may cover other marks; the first names may more. */
const COVERS = 0.1;
const FIRST_COVER = 0.25;
const FIRST = 25;

/**
 * A box for each wish that gets one, most important wish first. Each takes, of the places beside its mark where no
 * other name is, the one that covers least of the other marks; one that would cover too much stays nameless. There
 * are `most` names at most.
 */
export function placed(wishes: Wish[], taken: Box[], frame: Frame, most = Infinity): (Box | null)[] {
  const marks = wishes.map(({ x, y, radius: r }) => ({ left: x - r, top: y - r, right: x + r, bottom: y + r }));
  const names = [...taken];
  return wishes.map((wish, order) => {
    if (names.length - taken.length >= most && !wish.must) return null;
    const beside = besides(wish);
    const free = beside
      .filter((box) => box.left >= 4 && box.right <= frame.width - 4 && box.top >= 2 && box.bottom <= frame.height - 2)
      .filter((box) => !names.some((other) => common(box, other) > 0))
      .map((box) => ({ box, covers: marks.reduce((sum, mark) => sum + common(box, mark), 0) }));
    const best = free.reduce<(typeof free)[number] | null>((a, b) => (a && a.covers <= b.covers ? a : b), null);
    const bearable = wish.width * wish.height * (order < FIRST ? FIRST_COVER : COVERS);
    const chosen = best && (wish.must || best.covers <= bearable) ? best.box : wish.must ? (beside[0] ?? null) : null;
    if (chosen) names.push(chosen);
    return chosen;
  });
}

/** Of several middles that where a box lies on no name and covers least of the marks; null where none is free. */
export function roomiest(
  middles: { x: number; y: number }[],
  size: Frame,
  taken: Box[],
  marks: Box[],
  frame: Frame,
): Box | null {
  let best: Box | null = null;
  let least = (size.width * size.height) / 3;
  for (const { x, y } of middles) {
    const box = at(x - size.width / 2, y - size.height / 2, size);
    const inside = box.left >= 4 && box.top >= 4 && box.right <= frame.width - 4 && box.bottom <= frame.height - 4;
    if (!inside || taken.some((other) => common(box, other) > 0)) continue;
    const covers = marks.reduce((sum, mark) => sum + common(box, mark), 0);
    if (covers < least) [best, least] = [box, covers];
  }
  return best;
}

/** The area that two boxes have in common. */
export function common(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** The places beside a mark, the preferred one first: right, left, below, above. */
function besides({ x, y, radius, width, height }: Wish): Box[] {
  const gap = radius + 4;
  const size = { width, height };
  return [
    at(x + gap, y - height / 2, size),
    at(x - gap - width, y - height / 2, size),
    at(x - width / 2, y + gap - 1, size),
    at(x - width / 2, y - gap - height + 1, size),
  ];
}

function at(left: number, top: number, { width, height }: Frame): Box {
  return { left, top, right: left + width, bottom: top + height };
}
