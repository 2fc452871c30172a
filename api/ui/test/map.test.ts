import assert from "node:assert/strict";
import { test } from "node:test";
import * as address from "../src/map/address";
import { Drawing, type Entity, type Link, type Type } from "../src/map/drawing";
import { fitting } from "../src/map/finding";
import { distanceToSegment, hull, towards } from "../src/map/geometry";
import { deedOf } from "../src/map/keys";
import { lineLook, litBy, markColour, radiusOf, type Scenery } from "../src/map/looks";
import { common, placed, roomiest, type Wish } from "../src/map/names";

const { changed, choiceOf, choosing, drawsTheSame, liesTheSame, submitted, viewOf, viewText } = address;
const entity = (id: string, cluster = 0, type: Type = "Method", papers = 1): Entity => {
  return { id, name: id.toUpperCase(), type, papers, degree: 0, x: 0, y: 0, cluster };
};
const link = (source: number, target: number, weight: number, papers = 1): Link => ({ source, target, papers, weight });
const nothing = { focus: null, pinned: [], cluster: null, ways: [], clusters: {} };

test("an address keeps what it does not change, and says nothing empty", () => {
  const search = "?focus=a+b&type=Method&type=Task&q=";
  assert.equal(changed(search, { select: "é&=" }), "?focus=a+b&type=Method&type=Task&select=%C3%A9%26%3D");
  assert.equal(changed(search, { focus: null, type: null }), "");
  assert.equal(submitted("?pin=a&pin=b&q=old&at=1", [["q", " new "], ["venue", ""]], ["pin"]), "?q=new&pin=a&pin=b");
});

test("a link or a way needs something that it starts from", () => {
  assert.deepEqual(choiceOf("?with=b&path=c"), { select: null, with: null, path: null });
  assert.deepEqual(choiceOf("?select=a&with=b"), { select: "a", with: "b", path: null });
  assert.equal(choosing("?select=a&path=c&pin=p", { select: "d", with: null, path: null }), "?select=d&pin=p");
});

test("the view comes back from the address as it was, or not at all", () => {
  const view = { x: -0.123, y: 0.5, ratio: 0.25 };
  assert.deepEqual(viewOf(changed("", { at: viewText(view) })), view);
  const broken = ["", "1,2", "a,b,c", "0,0,0", "0,0,-1", "1,2,Infinity"];
  for (const at of broken) assert.equal(viewOf(changed("", { at })), null);
});

test("what is chosen or looked at draws nothing else; a way does, and moves nothing", () => {
  assert.ok(drawsTheSame("?focus=a&select=b&at=0,0,1", "?select=c&with=d&view=list&focus=a"));
  assert.ok(drawsTheSame("?pin=a&pin=b", "?pin=b&pin=a&q="));
  assert.ok(!drawsTheSame("?select=a", "?select=a&path=b"));
  assert.ok(!drawsTheSame("", "?hide=a"));
  assert.ok(liesTheSame("?focus=a&hide=b", "?focus=a&expand=c:12"));
  assert.ok(!liesTheSame("?focus=a", "?focus=b"));
});

test("every entity keeps its strongest links at rest, and knows its neighbours by strength", () => {
  const entities = ["a", "b", "c", "d", "e", "f"].map((id) => entity(id));
  const links = [link(0, 1, 0.1), link(0, 2, 0.9), link(0, 3, 0.5), link(0, 4, 0.7), link(0, 5, 0.05)];
  const rich = [link(1, 2, 0.8), link(1, 3, 0.8), link(1, 4, 0.8), link(5, 2, 0.8), link(5, 3, 0.8), link(5, 4, 0.8)];
  const drawing = new Drawing({ ...nothing, entities, links: [...links, ...rich], ways: [["a", "c", "b"]] });
  assert.deepEqual(drawing.neighbours("a"), ["c", "e", "d", "b", "f"]);
  assert.ok(!drawing.major.has(links[4] as Link));
  assert.ok(drawing.major.has(links[1] as Link));
  assert.ok(drawing.isStep("c", "a") && drawing.isStep("b", "c") && !drawing.isStep("a", "b"));
  assert.deepEqual(drawing.neighbours("unknown"), []);
});

test("names that begin as typed come first, whatever accents and case", () => {
  const names = ["Über transformer", "transformer", "graph Transformer", "x-trans", "mistransl"];
  const things = names.map((name) => ({ name }));
  const found = fitting(things, " TRANS ", 9).map(({ name }) => name);
  assert.deepEqual(found, ["transformer", "Über transformer", "graph Transformer", "x-trans", "mistransl"]);
  assert.deepEqual(fitting(things, "uber", 9).map(({ name }) => name), ["Über transformer"]);
  assert.deepEqual(fitting(things, "  ", 9), []);
  assert.equal(fitting(things, "trans", 2).length, 2);
});

test("a hull holds all points and turns one way", () => {
  const points = Array.from({ length: 60 }, (_, at) => ({ x: Math.sin(at * 7) * at, y: Math.cos(at * 5) * at }));
  const corners = hull(points);
  for (const [at, a] of corners.entries()) {
    const b = corners[(at + 1) % corners.length] ?? a;
    for (const p of points) assert.ok((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) >= -1e-9);
  }
  assert.equal(hull([{ x: 1, y: 1 }]).length, 1);
});

test("an arrow leads to the nearest that lies there, or nowhere", () => {
  const others = [{ x: 10, y: 1 }, { x: 4, y: 4 }, { x: -3, y: 0 }, { x: 0, y: 0 }];
  assert.equal(towards({ x: 0, y: 0 }, others, { x: 1, y: 0 }), others[0]);
  assert.equal(towards({ x: 0, y: 0 }, others, { x: -1, y: 0 }), others[2]);
  assert.equal(towards({ x: 0, y: 0 }, others, { x: 0, y: 1 }), others[1]);
  assert.equal(towards({ x: 0, y: 0 }, others, { x: 0, y: -1 }), null);
});

test("a point is as far from a line as from its nearest point", () => {
  const [a, b] = [{ x: 0, y: 0 }, { x: 10, y: 0 }];
  assert.equal(distanceToSegment({ x: 5, y: 3 }, a, b), 3);
  assert.equal(distanceToSegment({ x: 14, y: 3 }, a, b), 5);
  assert.equal(distanceToSegment({ x: 3, y: 4 }, a, a), 5);
});

test("no name lies on another, and what must be named is", () => {
  const wishes: Wish[] = Array.from({ length: 80 }, (_, at) => {
    const [x, y] = [100 + (at % 10) * 20, 100 + Math.floor(at / 10) * 12];
    return { x, y, radius: 4, width: 70, height: 16, must: at === 79 };
  });
  const boxes = placed(wishes, [{ left: 0, top: 0, right: 400, bottom: 90 }], { width: 400, height: 300 });
  const named = boxes.filter((box) => box !== null);
  assert.ok(named.length > 5 && boxes[79] !== null);
  for (const [at, a] of boxes.slice(0, 79).entries()) {
    for (const b of boxes.slice(at + 1, 79)) if (a && b) assert.equal(common(a, b), 0);
    if (a) assert.ok(a.left >= 4 && a.right <= 396 && a.top >= 90);
  }
  assert.ok(placed(wishes, [], { width: 400, height: 300 }, 3).filter((box) => box !== null).length <= 4);
});

test("the name of a group takes the place that covers least, or none", () => {
  const frame = { width: 400, height: 300 };
  const size = { width: 80, height: 30 };
  const middles = [{ x: 100, y: 50 }, { x: 100, y: 200 }];
  const mark = { left: 60, top: 35, right: 80, bottom: 60 };
  assert.equal(roomiest(middles, size, [], [mark], frame)?.top, 185);
  assert.equal(roomiest(middles, size, [{ left: 0, top: 100, right: 400, bottom: 300 }], [], frame)?.top, 35);
  assert.equal(roomiest(middles, size, [{ left: 0, top: 0, right: 400, bottom: 300 }], [], frame), null);
});

const types = { Method: "#112233", Dataset: "#223344", Task: "#334455", Metric: "#445566", Concept: "#556677" };
const greys = { ground: "#ffffff", raised: "#ffffff", ink: "#000000", quiet: "#808080", line: "#e0e0e0" };
const palette = { ...greys, accent: "#0000ff", types };

function scenery(change: Partial<Scenery> = {}): Scenery {
  const entities = [entity("a"), entity("b"), entity("c", 1), entity("d", 1)];
  const links = [link(0, 1, 0.9), link(2, 3, 0.4), link(1, 2, 0.1)];
  const drawing = new Drawing({ ...nothing, entities, links, ways: [["c", "d"]] });
  const choice = { select: null, with: null, path: null };
  return { drawing, choice, cluster: null, hovered: null, palette, ...change };
}

test("what is chosen stands out with what belongs to it", () => {
  assert.equal(litBy(scenery()), null);
  assert.deepEqual(litBy(scenery({ cluster: 1 })), new Set(["c", "d"]));
  assert.deepEqual(litBy(scenery({ choice: { select: "b", with: null, path: null } })), new Set(["a", "b", "c"]));
  assert.deepEqual(litBy(scenery({ choice: { select: "b", with: "a", path: null } })), new Set(["a", "b"]));
  assert.deepEqual(litBy(scenery({ choice: { select: "c", with: null, path: "d" } })), new Set(["c", "d"]));
  assert.equal(litBy(scenery({ choice: { select: "not drawn", with: null, path: null } })), null);
  assert.equal(markColour(scenery(), "a", true), "#112233");
  assert.notEqual(markColour(scenery(), "a", false), "#112233");
});

test("lines of what is chosen come to the front, a way before all", () => {
  const chosen = scenery({ choice: { select: "a", with: null, path: null } });
  const [ab, cd] = chosen.drawing.drawn.links as [Link, Link, Link];
  assert.ok((lineLook(chosen, ab)?.zIndex ?? 0) > (lineLook(chosen, cd)?.zIndex ?? 9));
  assert.equal(lineLook(scenery({ choice: { select: "c", with: null, path: "d" } }), cd)?.color, "#0000ff");
  assert.equal(lineLook(scenery({ choice: { select: "a", with: "b", path: null } }), ab)?.color, "#0000ff");
  assert.ok(radiusOf(100, 100, 1) > radiusOf(10, 100, 1) && radiusOf(10, 100, 1) > radiusOf(1, 100, 1));
});

test("keys do nothing while one types, but Escape", () => {
  const onMap = { onMap: true, typing: false, modified: false };
  assert.deepEqual(deedOf("ArrowUp", onMap), { kind: "step", x: 0, y: -1 });
  assert.deepEqual(deedOf("Enter", onMap), { kind: "open" });
  assert.equal(deedOf("ArrowUp", { ...onMap, onMap: false }), null);
  assert.deepEqual(deedOf("/", { ...onMap, onMap: false }), { kind: "find" });
  assert.equal(deedOf("/", { ...onMap, typing: true }), null);
  assert.deepEqual(deedOf("Escape", { ...onMap, typing: true }), { kind: "clear" });
  assert.equal(deedOf("e", { ...onMap, modified: true }), null);
});
