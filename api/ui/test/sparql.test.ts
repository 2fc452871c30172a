import assert from "node:assert/strict";
import { test } from "node:test";
import { inShort } from "../src/sparql/history";
import { depth, placeAfter } from "../src/sparql/place";
import { classOf, declaration, declared, variables } from "../src/sparql/prefixes";
import { fitting, sorted } from "../src/sparql/rows";

const HEAD = "PREFIX kg: <https://w3id.org/paperkg/ns#>\nSELECT ?p WHERE {\n";
const NAMESPACES = { kg: "https://w3id.org/paperkg/ns#", skos: "http://www.w3.org/2004/02/skos/core#" };

test("what is being typed is told by what stands before it", () => {
  const kinds = [
    ["SEL", "word", "SEL"],
    [`${HEAD}?p`, "variable", "?p"],
    [`${HEAD}?p kg:us`, "word", "kg:us"],
    [`${HEAD}?p skos:prefLabel "atten`, "name", "atten"],
    [`${HEAD}?p skos:prefLabel "don't`, "name", "don't"],
    [`${HEAD}?p skos:prefLabel 'graph neural `, "name", "graph neural "],
    [`${HEAD}VALUES ?m { <transf`, "iri", "transf"],
    [`${HEAD}?p kg:paperCount ?n FILTER(?n < `, "word", ""],
    [`${HEAD}?p a "x" ; `, "word", ""],
  ] as const;
  for (const [text, kind, typed] of kinds) {
    const place = placeAfter(text);
    assert.deepEqual([place?.kind, place?.typed, place?.from], [kind, typed, text.length - typed.length], text);
  }
  assert.equal(placeAfter(`${HEAD}# a comment with kg:`), null);
  assert.equal(placeAfter(`${HEAD}# a comment\n?p kg:`)?.typed, "kg:");
});

test("a term knows what it would be in its triple, and of what", () => {
  const roles = [
    ["", "subject"],
    ["?p ", "predicate"],
    ["?p a ", "class"],
    ["?p kg:uses ", "object"],
    ["?p kg:uses ?m ; ", "predicate"],
    ["?p kg:uses ?m , ", "object"],
    ["?p kg:uses ?m . ", "subject"],
    ["?p kg:uses|", "predicate"],
    ["?p kg:uses/kg:", "predicate"],
    ['?p kg:name "a . b ; c" ; ', "predicate"],
    ["?p kg:paperCount ?n . FILTER(", "none"],
    ["?p kg:paperCount ?n . OPTIONAL { ", "subject"],
  ] as const;
  for (const [text, role] of roles) assert.equal(placeAfter(HEAD + text)?.role, role, text);
  assert.equal(placeAfter(`${HEAD}?paper a kg:Paper ; `)?.subject, "?paper");
  assert.equal(placeAfter("SELECT ")?.role, "none");
});

test("brackets in texts and comments open nothing", () => {
  assert.equal(depth("SELECT * {"), 1);
  assert.equal(depth('SELECT * { ?s ?p "{{(" # {\n OPTIONAL { '), 2);
  assert.equal(depth("SELECT * { ?s ?p ?o }"), 0);
});

test("a prefix that lacks is declared behind the others", () => {
  assert.deepEqual(declaration("SELECT * {}", "kg", NAMESPACES), { at: 0, text: "PREFIX kg: <https://w3id.org/paperkg/ns#>\n" });
  const query = "prefix kg: <https://w3id.org/paperkg/ns#>\nSELECT * {}";
  assert.equal(declaration(query, "kg", NAMESPACES), null);
  assert.deepEqual(declaration(query, "skos", NAMESPACES), { at: 41, text: "\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#>" });
  assert.equal(declaration(query, "unknown", NAMESPACES), null);
  assert.deepEqual(declared("PREFIX : <urn:x> PREFIX a-b: <urn:y>"), ["", "a-b"]);
});

test("variables are listed once, and a subject has the class that the query gives it", () => {
  assert.deepEqual(variables("SELECT ?a $b { ?a ?p ?a }"), ["?a", "$b", "?p"]);
  assert.equal(classOf(`${HEAD}?paper a kg:Paper ; `, "?paper"), "kg:Paper");
  assert.equal(classOf(HEAD, "?paper"), "");
  assert.equal(classOf("?a.b a kg:Paper", "?a"), "");
});

test("rows are sorted as numbers or as texts, empty cells last", () => {
  const rows = [["10"], [""], ["9"], ["1e1"]].map((cells) => ({ cells }));
  const order = (direction: "ascending" | "descending", isNumber: boolean) => sorted(rows, 0, direction, isNumber).map((row) => row.cells[0]);
  assert.deepEqual(order("ascending", true), ["9", "10", "1e1", ""]);
  assert.deepEqual(order("descending", true), ["10", "1e1", "9", ""]);
  const names = [["b 10"], ["B 9"], ["a"]].map((cells) => ({ cells }));
  assert.deepEqual(sorted(names, 0, "ascending", false).map((row) => row.cells[0]), ["a", "B 9", "b 10"]);
});

test("rows are found by all words, wherever they stand", () => {
  const rows = [["Graph", "net"], ["graph", "tree"]].map((cells) => ({ cells }));
  assert.equal(fitting(rows, "graph NET").length, 1);
  assert.equal(fitting(rows, " ").length, 2);
});

test("a query in short is what it asks", () => {
  assert.equal(inShort("PREFIX kg: <urn:x>\n# why\nSELECT ?a {\n  ?a ?b ?c\n}"), "SELECT ?a { ?a ?b ?c }");
});
