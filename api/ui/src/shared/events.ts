/** Server-sent events over fetch: EventSource can send no token. */

import { problemOf, Problem } from "./http";

export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

const AGAIN_MS = 1000;

/**
 * The events at an address, in order and each once: a connection that breaks is made again from the last one seen.
 * Ends with the answer of the service; throws a Problem where it refuses.
 */
export async function* follow(address: string, headers: Record<string, string>): AsyncGenerator<ServerEvent> {
  let last = "";
  for (;;) {
    try {
      const resume: Record<string, string> = last ? { "Last-Event-ID": last } : {};
      const response = await fetch(address, { headers: { ...headers, ...resume, Accept: "text/event-stream" } });
      if (!response.ok || !response.body) throw await problemOf(response);
      for await (const event of parse(response.body)) {
        last = event.id || last;
        yield event;
      }
    } catch (error) {
      if (error instanceof Problem && error.status < 500) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** The events of a stream of bytes; comments and events without data are passed over. */
export async function* parse(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).replace(/\r\n?/g, "\n").split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = eventOf(block);
        if (event.data) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function eventOf(block: string): ServerEvent {
  const event: ServerEvent = { id: "", event: "message", data: "" };
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, name, value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === "data") data.push(value);
    else if (name === "id" || name === "event") event[name] = value;
  }
  event.data = data.join("\n");
  return event;
}
