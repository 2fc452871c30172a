// Geometry of the map: which names fit, and the outline of a community. Knows nothing of the page.
//
// Names are drawn by us, not by vis: at one size on the screen whatever the zoom, in order of
// importance, and only where no other name stands. So more appear as one zooms in.

const FONT = 'Inter, system-ui, -apple-system, "Segoe UI", sans-serif';
const widths = new Map();

function widthOf(context, text, font) {
  const key = font + text;
  if (!widths.has(key)) {
    context.font = font;
    widths.set(key, context.measureText(text).width + 4);
  }
  return widths.get(key);
}

const overlap = (a, b) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

// The four places beside a mark, the preferred one first.
function placesBeside({ x, y, radius }, width, height) {
  const gap = radius + 4;
  const at = (left, top) => ({ left, top, right: left + width, bottom: top + height });
  return [
    at(x + gap, y - height / 2),
    at(x - gap - width, y - height / 2),
    at(x - width / 2, y + gap - 1),
    at(x - width / 2, y - gap - height + 1),
  ];
}

// `marks`, in pixels of the screen, the most important first: {x, y, radius, text, size, bold, must}.
// Greedy: each takes, of its places that touch no name already there, the one that hides least of the
// marks that have a name. One that would hide too much stays nameless, unless it is among the first 25.
// A mark that must show its name does, come what may. At most `budget` names.
function placeNames(context, marks, budget, frame) {
  const named = marks.filter(({ text }) => text);
  const boxes = named.map(({ x, y, radius: r }) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r }));
  const placed = [];
  for (const [order, mark] of named.entries()) {
    if (placed.length >= budget) break;
    const font = `${mark.bold ? 600 : 500} ${mark.size}px ${FONT}`;
    const width = widthOf(context, mark.text, font);
    const places = placesBeside(mark, width, mark.size * 1.25);
    const free = places
      .filter(({ left, right }) => left > 6 && right < frame.width - 6)
      .filter((place) => !placed.some((other) => overlap(other, place)))
      .map((place) => ({ ...place, hides: boxes.reduce((sum, box) => sum + overlap(box, place), 0) }));
    const best = free.reduce((a, b) => (b.hides < a.hides ? b : a), free[0]);
    if (best && (mark.must || best.hides < width * mark.size * (order < 25 ? 0.4 : 0.15))) {
      placed.push({ ...best, font, text: mark.text });
    } else if (mark.must) placed.push({ ...places[0], font, text: mark.text });
  }
  return placed;
}

// Convex hull of points (Andrew 1979).
function hull(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const isLeft = (o, a, b) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x) > 0;
  const half = (list) => {
    const chain = [];
    for (const point of list) {
      while (chain.length > 1 && !isLeft(chain.at(-2), chain.at(-1), point)) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
