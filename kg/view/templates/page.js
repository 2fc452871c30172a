// What surrounds the map: panel, tip, search, legend, table, theme, print; and the start.

const byId = (id) => document.getElementById(id);
const all = (selector) => document.querySelectorAll(selector);
const tip = byId("tip"), detail = byId("detail"), overview = byId("overview"), spoken = byId("spoken");
const search = byId("search"), found = byId("found"), theme = byId("theme"), printed = byId("printed");
const canvas = map.querySelector(".vis-network"); // the element of vis that takes the focus
const SVG = "http://www.w3.org/2000/svg";

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function icon(label) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  const attributes = { class: `icon ${label}`, viewBox: "-8 -8 16 16", "aria-hidden": "true" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  use.setAttribute("href", `#shape-${label}`);
  svg.append(use);
  return svg;
}

const number = (value) => value.toLocaleString("en");
const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;
const nameAndCount = (name, value) => [
  element("span", { class: "name" }, name),
  element("span", { class: "count" }, number(value)),
];

// ── the panel ──

// A link only to the origin that served this page: from a file, or with a foreign host in it, there is none.
function pageOf(slug, path = page) {
  if (!path) return null;
  const url = new URL(path.replace("{slug}", () => encodeURIComponent(slug)), location.href);
  return url.origin === location.origin && /^https?:$/.test(url.protocol) ? url.href : null;
}

function quoted({ parts: [before, at, after], paper, title }) {
  const href = pageOf(paper, paperPage);
  const source = href ? element("a", { href }, title) : title;
  return element("blockquote", {}, before, element("mark", {}, at), after, element("cite", {}, source));
}

function neighbourRow([id, { papers, weight }]) {
  const { name, label } = entities[id];
  const strength = `association ${weight.toFixed(2)}`;
  const meter = element("meter", { min: 0, max: 1, value: weight, "aria-label": strength, title: strength });
  const [text, shared] = nameAndCount(name, papers);
  const button = element("button", { type: "button" }, icon(label), text, meter, shared);
  button.addEventListener("click", () => visit(id));
  return element("li", {}, button);
}

function detailOf(id) {
  const { slug, name, label, papers, degree, evidence } = entities[id];
  const links = neighbours(id);
  const close = element("button", { type: "button", "aria-label": "Close" }, "×");
  close.addEventListener("click", () => choose(null));
  const some = degree > links.length ? `, ${number(links.length)} drawn` : "";
  const facts = `In ${count(papers, "paper")} · linked to ${count(degree, "entity", "entities")}${some}`;
  const parts = [
    element("div", { class: "kind" }, icon(label), label, close),
    element("h2", { tabindex: "-1" }, name),
    element("p", { class: "count" }, facts),
  ];
  const href = pageOf(slug);
  if (href) parts.push(element("p", {}, element("a", { href }, "Open its page")));
  if (evidence.length) parts.push(element("h3", {}, "Evidence"), ...evidence.map(quoted));
  if (links.length) {
    parts.push(element("h3", {}, "Shares papers with"), element("ul", { class: "rows" }, ...links.map(neighbourRow)));
  }
  return parts;
}

function showPanel() {
  const { selected, cluster, off } = state;
  const press = (button, isOn) => button.setAttribute("aria-pressed", isOn);
  for (const button of all("[data-label]")) press(button, !off.has(button.dataset.label));
  for (const button of all("[data-cluster]")) press(button, Number(button.dataset.cluster) === cluster);
  const inside = detail.contains(document.activeElement);
  detail.hidden = selected === null;
  overview.hidden = selected !== null;
  detail.replaceChildren(...(selected === null ? [] : detailOf(selected)));
  detail.parentElement.scrollTop = 0;
  const said = (id) => `${entities[id].name}, ${count(near[id].size, "link")} drawn`;
  spoken.textContent = selected === null ? "" : said(selected);
  if (inside) (detail.querySelector("h2") ?? canvas).focus({ preventScroll: true });
}

// On a phone the panel is a sheet over the lower part of the map.
function coveredBySheet() {
  if (detail.hidden) return 0;
  return Math.max(0, map.getBoundingClientRect().bottom - detail.parentElement.getBoundingClientRect().top);
}

// ── the tip ──

function showTip(id) {
  const { name, label, papers, degree, evidence } = entities[id];
  const facts = `${label} · ${count(papers, "paper")} · ${count(degree, "link")}`;
  tip.replaceChildren(element("strong", {}, name), element("span", { class: "meta" }, facts));
  if (evidence.length) {
    const sentence = evidence[0].parts.join("");
    tip.append(element("q", {}, sentence.length > 180 ? `${sentence.slice(0, 179)}…` : sentence));
  }
  tip.hidden = false;
  const { x, y } = view.canvasToDOM(view.getPosition(id));
  const gap = nodeSize(id) * view.getScale() + 12;
  const left = Math.min(x - tip.offsetWidth / 2, map.clientWidth - tip.offsetWidth - 6);
  const top = y + gap + tip.offsetHeight < map.clientHeight ? y + gap : y - gap - tip.offsetHeight;
  tip.style.left = `${Math.max(6, left)}px`;
  tip.style.top = `${Math.max(6, top)}px`;
}

function hideTip() {
  tip.hidden = true;
  state.hovered = null;
  map.classList.remove("pointing");
}

// ── searching ──

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const keys = entities.map(({ name }) => plain(name));
let hits = [], active = 0;

// Names that begin so, then those with a word that does, then those that contain it; each by importance.
function find(wanted) {
  const grades = [
    (key) => key.startsWith(wanted),
    (key) => key.includes(` ${wanted}`) || key.includes(`-${wanted}`),
    (key) => key.includes(wanted),
  ];
  const graded = keys.map((key, id) => [grades.findIndex((fits) => fits(key)), id]).filter(([grade]) => grade >= 0);
  return graded.sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 12).map(([, id]) => id);
}

function hitRow(id, at) {
  const { name, label, papers } = entities[id];
  const attributes = { role: "option", id: `hit-${at}`, "aria-selected": at === active };
  const row = element("li", attributes, icon(label), ...nameAndCount(name, papers));
  row.addEventListener("click", () => take(id));
  return row;
}

function openFound() {
  hits = find(plain(search.value.trim()));
  active = Math.min(active, Math.max(0, hits.length - 1));
  const none = element("li", { role: "option", "aria-disabled": "true" }, "No entity drawn here has that name.");
  found.replaceChildren(...(hits.length ? hits.map(hitRow) : [none]));
  found.hidden = false;
  search.setAttribute("aria-expanded", "true");
  search.setAttribute("aria-activedescendant", hits.length ? `hit-${active}` : "");
  found.children[active].scrollIntoView({ block: "nearest" });
}

function closeFound() {
  found.hidden = true;
  search.setAttribute("aria-expanded", "false");
  search.setAttribute("aria-activedescendant", "");
}

function take(id) {
  search.value = entities[id].name;
  closeFound();
  if (narrow.matches) search.blur(); // puts the keyboard of a phone away
  visit(id);
}

function onSearchKey(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    if (!found.hidden && hits.length) active = (active + step + hits.length) % hits.length;
    openFound();
  } else if (event.key === "Enter" && !found.hidden && hits.length) take(hits[active]);
  else if (event.key === "Escape" && !found.hidden) closeFound();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

search.addEventListener("input", () => { active = 0; openFound(); });
search.addEventListener("focus", () => search.select());
search.addEventListener("blur", closeFound);
search.addEventListener("keydown", onSearchKey);
found.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus

// ── buttons and keys ──

function onEach(selector, act) {
  for (const item of all(selector)) item.addEventListener("click", () => act(item));
}

function refresh() {
  readColours();
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-label", `Switch to ${isDark() ? "light" : "dark"} colours`);
  paint();
}

function zoomBy(factor) {
  hideTip();
  if (factor) view.moveTo({ scale: Math.min(8, Math.max(0.4, view.getScale() * factor)), animation: glide() });
  else fit(glide());
}

theme.addEventListener("click", () => { root.dataset.theme = isDark() ? "light" : "dark"; refresh(); });
night.addEventListener("change", refresh);
onEach("[data-label]", ({ dataset }) => toggle(dataset.label));
onEach("[data-cluster]", ({ dataset }) => {
  const cluster = Number(dataset.cluster);
  chooseCluster(cluster === state.cluster ? null : cluster);
});
onEach("[data-zoom]", ({ dataset }) => zoomBy(Number(dataset.zoom)));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { search.value = ""; choose(null); }
  else if (event.key === "/" && event.target !== search) { event.preventDefault(); search.focus(); }
});

for (const row of all("[data-node]")) {
  const button = element("button", { type: "button" }, "Show");
  button.setAttribute("aria-label", `Show ${row.cells[0].textContent} on the map`);
  button.addEventListener("click", () => {
    visit(Number(row.dataset.node));
    canvas.focus();
    scrollTo({ top: 0, behavior: still.matches ? "auto" : "smooth" });
  });
  row.cells[0].append(" ", button);
}

// Paper is white and has another shape than the window: print a picture of the map in light colours.
addEventListener("beforeprint", () => {
  const kept = root.dataset.theme;
  root.dataset.theme = "light";
  refresh();
  view.redraw();
  printed.src = map.querySelector("canvas").toDataURL("image/png");
  printed.hidden = false;
  if (kept) root.dataset.theme = kept;
  else delete root.dataset.theme;
  refresh();
});
addEventListener("afterprint", () => { printed.hidden = true; });

// ── the map's events, and the start ──

view.on("hoverNode", ({ node }) => {
  state.hovered = node;
  showTip(node);
  map.classList.add("pointing");
  view.redraw();
});
view.on("blurNode", () => { hideTip(); view.redraw(); });
for (const event of ["dragStart", "zoom"]) view.on(event, hideTip);
view.on("click", ({ nodes: [id] }) => choose(id ?? null));
view.on("beforeDrawing", drawIslands);
view.on("afterDrawing", drawNames);
view.on("afterDrawing", repaintWhenZoomed);
view.once("afterDrawing", () => requestAnimationFrame(() => {
  fit(); // by now vis has done so too, with margins of its own
  root.dataset.ready = "true";
}));

for (const { name, value } of [...map.attributes]) {
  if (name.startsWith("aria-") || name === "role") { canvas.setAttribute(name, value); map.removeAttribute(name); }
}
new ResizeObserver(() => { nodeSet.update(spread()); paint(); if (state.selected === null) fit(); }).observe(map);
refresh();
if (focus !== null) choose(focus);
