// The map: what is drawn, how it is coloured, and what is chosen. Names enter the page with textContent
// or as text on the canvas, never as markup.

const { nodes, edges, options, entities, focus, page, paperPage } = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;
const map = document.getElementById("map");
const night = matchMedia("(prefers-color-scheme: dark)");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const narrow = matchMedia("(max-width: 760px)");

const state = { selected: null, cluster: null, hovered: null, off: new Set() };
const islands = Map.groupBy(entities.keys(), (id) => entities[id].cluster);
const near = entities.map(() => new Map());
for (const { from, to, papers, weight } of edges) {
  near[from].set(to, { papers, weight });
  near[to].set(from, { papers, weight });
}
const byWeight = (a, b) => b[1].weight - a[1].weight || b[1].papers - a[1].papers || a[0] - b[0];
const neighbours = (id) => [...near[id]].sort(byWeight);
const strongest = edges.reduce((most, { weight }) => Math.max(most, weight), 0.01);

// ── colours: those of the style sheet, resolved for the theme that is on ──

const NAMED = ["paper", "raised", "ink", "line", "wash", "accent", "link", "faint"];
const LABELS = ["Method", "Dataset", "Task", "Metric", "Concept"];
const colours = {};
function readColours() {
  const probe = document.createElement("i");
  document.body.append(probe);
  for (const name of [...NAMED, ...LABELS]) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
}
const withAlpha = (colour, alpha) => colour.replace(/^rgba?\(([^,]+,[^,]+,[^,)]+).*$/, `rgba($1, ${alpha})`);
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : night.matches);

// ── places ──

// Coordinates come in [-1, 1] and are stretched to the frame, so that all of it fits at zoom 1. Sizes are
// those of a frame with 44 by 44 pixels for each mark; `scale` is what this one has.
let scale = 1;
function spread() {
  const { clientWidth: width, clientHeight: height } = map;
  const margin = Math.min(width, height) < 500 ? 26 : 64;
  scale = Math.min(1.35, Math.max(0.55, Math.sqrt((width * height) / entities.length) / 44));
  return nodes.map(({ id, x, y }) => ({ id, x: x * (width / 2 - margin * 1.3), y: y * (height / 2 - margin * 0.6) }));
}

const nodeSet = new vis.DataSet(nodes);
const edgeSet = new vis.DataSet(edges.map(({ from, to }, id) => ({ id, from, to })));
nodeSet.update(spread());
const view = new vis.Network(map, { nodes: nodeSet, edges: edgeSet }, options);
map.view = view; // for whoever embeds the page, and for tests
const glide = () => (still.matches ? false : { duration: 350, easingFunction: "easeInOutQuad" });
const fit = (animation = false) => view.moveTo({ position: { x: 0, y: 0 }, scale: 1, animation });

// ── marks and lines ──

const isOff = (id) => state.off.has(entities[id].label);
function isLit(id) {
  if (state.selected !== null) return id === state.selected || near[state.selected].has(id);
  return state.cluster === null || entities[id].cluster === state.cluster;
}

// Marks and lines grow with the square root of the zoom: closer means more room between them.
let shrink = 1, paintedAt = 1;
const nodeSize = (id) => nodes[id].size * scale * shrink;
function repaintWhenZoomed() {
  if (Math.abs(Math.log(view.getScale() / paintedAt)) > 0.12) requestAnimationFrame(paint);
}

function markLook(id) {
  const { label } = entities[id];
  const [colour, ground] = isLit(id) ? [colours[label], colours.paper] : [colours.faint, colours.wash];
  const [background, border] = label === "Concept" ? [ground, colour] : [colour, ground];
  const borderWidth = nodes[id].borderWidth * scale * shrink * paintedAt; // vis draws borders in screen pixels
  return { id, hidden: isOff(id), size: nodeSize(id), borderWidth, color: { background, border } };
}

function lineLook({ from, to, width, weight, minor }, id) {
  const touched = from === state.selected || to === state.selected;
  const hidden = isOff(from) || isOff(to) || (minor && !touched);
  let alpha = 0.04;
  if (touched) alpha = Math.max(0.3, Math.min(0.75, 6 / Math.sqrt(near[state.selected].size + 1) - 0.2));
  else if (state.selected === null && isLit(from) && isLit(to)) {
    alpha = (entities[from].cluster === entities[to].cluster ? 0.28 : 0.07) + 0.45 * (weight / strongest);
  }
  const color = withAlpha(touched ? colours.accent : colours.link, alpha);
  return { id, hidden, width: width * shrink, color: { color, inherit: false } };
}

function paint() {
  paintedAt = view.getScale();
  shrink = Math.max(1, paintedAt) ** -0.5;
  nodeSet.update([...entities.keys()].map(markLook));
  edgeSet.update(edges.map(lineLook));
}

// ── what vis does not draw ──

// A community is an island: the hull of its marks, with round corners.
function drawIslands(context) {
  const at = view.getPositions();
  context.lineJoin = context.lineCap = "round";
  for (const [cluster, members] of islands) {
    const shown = members.filter((id) => !isOff(id));
    if (shown.length < 3) continue;
    const chosen = state.cluster === cluster;
    const lit = chosen || (state.cluster === null && state.selected === null);
    const corners = hull(shown.map((id) => at[id]));
    const path = new Path2D(`M${corners.map(({ x, y }) => `${x} ${y}`).join("L")}Z`);
    const layers = [
      [28 * scale + 2 / view.getScale(), lit ? colours.line : colours.wash],
      [28 * scale, chosen ? colours.raised : colours.wash],
    ];
    for (const [width, colour] of layers) {
      context.lineWidth = width;
      context.strokeStyle = context.fillStyle = colour;
      context.stroke(path);
      context.fill(path);
    }
  }
}

// The marks in sight, in the order in which their names take their places.
function marksInSight({ width, height }) {
  const { selected, hovered } = state;
  const first = [selected, hovered].filter((id) => id !== null);
  const linked = selected === null ? [] : neighbours(selected).map(([id]) => id);
  const at = view.getPositions();
  const marks = [];
  for (const id of new Set([...first, ...linked, ...entities.keys()])) {
    if (isOff(id)) continue; // vis knows no place of what it hides
    const must = first.includes(id);
    const radius = nodeSize(id) * view.getScale() + (must ? 4 : 0);
    const { x, y } = view.canvasToDOM(at[id]);
    if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
    const size = Math.round(Math.min(narrow.matches ? 13 : 15, 10.5 + nodes[id].size * 0.28));
    const text = must || isLit(id) ? entities[id].name : "";
    marks.push({ x, y, radius, must, size, bold: must || nodes[id].size > 11, text });
  }
  return marks;
}

// At rest some 50 names on a laptop, fewer on a phone; more as one zooms in, or when there are few.
function budget({ width, height }) {
  if (state.selected !== null || state.cluster !== null || entities.length < 100) return 100;
  return ((width * height) / 15000) * Math.max(1, view.getScale() ** 3);
}

function drawNames(context) {
  const frame = { width: map.clientWidth, height: map.clientHeight };
  const marks = marksInSight(frame);
  const ratio = context.canvas.width / frame.width;
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.lineWidth = 2;
  context.strokeStyle = colours.accent;
  for (const { x, y, radius } of marks.filter(({ must }) => must)) {
    context.beginPath();
    context.arc(x, y, radius + 1, 0, 2 * Math.PI);
    context.stroke();
  }
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = withAlpha(colours.paper, 0.9);
  for (const { left, top, bottom, font, text } of placeNames(context, marks, budget(frame), frame)) {
    context.font = font;
    context.strokeText(text, left, (top + bottom) / 2);
    context.fillStyle = colours.ink;
    context.fillText(text, left, (top + bottom) / 2);
  }
  context.restore();
}

// ── choosing ──

function choose(id) {
  state.selected = id;
  state.cluster = null;
  if (id !== null) state.off.delete(entities[id].label);
  show();
}

function chooseCluster(cluster) {
  state.selected = null;
  state.cluster = cluster;
  show();
  if (cluster !== null) bringIntoSight(islands.get(cluster));
}

function visit(id) {
  choose(id);
  bringIntoSight([id, ...near[id].keys()]);
}

function toggle(label) {
  if (!state.off.delete(label)) state.off.add(label);
  if (state.selected !== null && isOff(state.selected)) state.selected = null;
  show();
}

function show() {
  hideTip();
  showPanel();
  paint();
}

// Shows all of these if they fit at a readable size, else the first with what is around it.
function bringIntoSight(ids) {
  const at = view.getPositions();
  const points = ids.filter((id) => !isOff(id)).map((id) => at[id]);
  if (!points.length) return;
  const xs = points.map(({ x }) => x), ys = points.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const covered = narrow.matches ? coveredBySheet() : 0;
  const wanted = Math.min(map.clientWidth / (right - left + 240), (map.clientHeight - covered) / (bottom - top + 120));
  const fits = wanted > 0.9;
  view.moveTo({
    position: fits ? { x: (left + right) / 2, y: (top + bottom) / 2 } : points[0],
    scale: fits ? Math.min(1.8, wanted) : 1.1,
    offset: { x: 0, y: -covered / 2 },
    animation: glide(),
  });
}
