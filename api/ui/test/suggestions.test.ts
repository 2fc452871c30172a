import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { addressOf, pieces, Suggester, type Suggested, type Suggestion } from "../src/shared/suggestions";

const gan: Suggestion = { kind: "entity", id: "gan/x", name: "GAN", type: "Method", matched: "GAN", spans: [[0, 2]] };

test("an entity's page lies below its type, a paper's below papers", () => {
  assert.equal(addressOf(gan), "/methods/gan%2Fx");
  assert.equal(addressOf({ ...gan, kind: "paper", type: null }), "/papers/gan%2Fx");
});

test("spans count code points, whatever stands before them", () => {
  assert.deepEqual(pieces("𝛼-GAN 𝛽", [[0, 1], [6, 7]]), [["𝛼", true], ["-GAN ", false], ["𝛽", true]]);
  assert.deepEqual(pieces("GAN", []), [["GAN", false]]);
  assert.deepEqual(pieces("", []), []);
});

/** A service that answers each request when it is told to. */
function service(): { asked: string[]; answer: (at: number, found: Suggested) => void } {
  const asked: string[] = [];
  const waiting: ((answer: Response) => void)[] = [];
  mock.method(globalThis, "fetch", (address: string, { signal }: { signal: AbortSignal }) => {
    asked.push(address);
    return new Promise<Response>((resolve, reject) => {
      waiting.push(resolve);
      signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    });
  });
  return { asked, answer: (at, found) => waiting[at]?.(Response.json(found)) };
}

test("what is typed is asked for once it pauses, and only the last answer is told", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { asked, answer } = service();
  const told: Suggested[] = [];
  const suggester = new Suggester((found) => told.push(found), 5, 100);
  suggester.ask("g");
  context.mock.timers.tick(99);
  suggester.ask("ga & n");
  context.mock.timers.tick(100);
  assert.deepEqual(asked, ["/v1/suggest?q=ga+%26+n&limit=5"]);
  suggester.ask("gan");
  context.mock.timers.tick(100);
  answer(0, { items: [], meant: "overtaken" });
  answer(1, { items: [gan], meant: null });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(told, [{ items: [gan], meant: null }]);
  suggester.ask("  ");
  assert.deepEqual(told.at(-1), { items: [], meant: null });
  assert.equal(asked.length, 2);
});
