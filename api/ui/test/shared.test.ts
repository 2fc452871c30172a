import assert from "node:assert/strict";
import { test } from "node:test";
import { count, number } from "../src/shared/format";
import { Problem, problemOf } from "../src/shared/http";

test("counts are grouped and agree in number", () => {
  assert.equal(number(1234567), "1,234,567");
  assert.equal(count(1, "paper"), "1 paper");
  assert.equal(count(1200, "entity", "entities"), "1,200 entities");
});

test("a problem says its detail, and any other failure its status", async () => {
  const headers = { "content-type": "application/problem+json" };
  const told = await problemOf(new Response('{"detail": "no such paper"}', { status: 404, headers }));
  assert.ok(told instanceof Problem);
  assert.equal(told.message, "no such paper");
  assert.equal(told.status, 404);
  assert.equal((await problemOf(new Response("<html>", { status: 502 }))).message, "the service answered 502");
  assert.equal((await problemOf(new Response("{", { status: 500, headers }))).message, "the service answered 500");
});
