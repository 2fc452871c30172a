import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, type ServerEvent } from "../src/shared/events";

function streamOf(...pieces: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encoder.encode(piece));
      controller.close();
    },
  });
}

async function all(body: ReadableStream<Uint8Array>): Promise<ServerEvent[]> {
  const found: ServerEvent[] = [];
  for await (const event of parse(body)) found.push(event);
  return found;
}

test("events are whole however they are cut, and comments are passed over", async () => {
  const pieces = ['event: pa', 'per\ndata: {"title": "a: b"}\nid: 7\n', "\n: ping\n\nda", "ta: one\ndata:two\r\n\r\n", "data: unfinished"];
  assert.deepEqual(await all(streamOf(...pieces)), [
    { id: "7", event: "paper", data: '{"title": "a: b"}' },
    { id: "", event: "message", data: "one\ntwo" },
  ]);
});
