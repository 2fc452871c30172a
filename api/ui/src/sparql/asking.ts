/** Asking: the page of a query is fetched beside the one that is open, and its answer put in here. */

import { need } from "../shared/dom";
import { problemOf } from "../shared/http";

const LONGEST_ADDRESS = 12_000;
const TICK = 100;

export interface Outcome {
  /** The answer, in the place of the one before. */
  readonly answer: HTMLElement;
  readonly address: string;
  /** Whether the address is too long to be one, so that the query went in a body. */
  readonly unaddressed: boolean;
}

/** One query at a time; asking again ends the one before, and with it the work of the service. */
export class Asking {
  private running: AbortController | null = null;

  constructor(
    private readonly cancel: HTMLButtonElement,
    private readonly progress: HTMLElement,
    private readonly told: HTMLElement,
  ) {
    cancel.addEventListener("click", () => this.running?.abort());
  }

  /** Null where it was cancelled, or another was asked meanwhile. Throws where no answer came. */
  async ask(parameters: URLSearchParams): Promise<Outcome | null> {
    this.running?.abort();
    const controller = new AbortController();
    this.running = controller;
    const old = need<HTMLElement>("#answer");
    const begun = performance.now();
    const timer = setInterval(() => this.tell(begun), TICK);
    this.cancel.hidden = false;
    this.told.textContent = "Running.";
    old.classList.add("waiting");
    old.setAttribute("aria-busy", "true");
    try {
      const address = `/sparql?${parameters}`;
      const unaddressed = address.length > LONGEST_ADDRESS;
      const response = await fetch(unaddressed ? posted(parameters) : address, {
        headers: { Accept: "text/html" },
        signal: controller.signal,
        ...(unaddressed && { method: "POST", body: parameters }),
      });
      return { answer: put(old, await answerIn(response)), address, unaddressed };
    } catch (error) {
      if (!controller.signal.aborted) throw error;
      if (this.running === controller) this.progress.textContent = this.told.textContent = "Cancelled.";
      return null;
    } finally {
      clearInterval(timer);
      if (this.running === controller) this.rest(old);
    }
  }

  /** The time that passes is for eyes alone: read out, it would drown all else. */
  private tell(begun: number): void {
    this.progress.textContent = `Running, ${((performance.now() - begun) / 1000).toFixed(1)} s`;
  }

  private rest(old: HTMLElement): void {
    this.running = null;
    this.cancel.hidden = true;
    old.classList.remove("waiting");
    old.removeAttribute("aria-busy");
  }
}

/** The address of a query in a body: what the page reads of the address alone stays there. */
function posted(parameters: URLSearchParams): string {
  const kept = [...parameters].filter(([name]) => ["view", "x", "y", "format"].includes(name));
  return `/sparql?${new URLSearchParams(kept)}`;
}

async function answerIn(response: Response): Promise<HTMLElement> {
  const type = response.headers.get("content-type") ?? "";
  const text = type.startsWith("text/html") ? await response.clone().text() : "";
  const found = text && new DOMParser().parseFromString(text, "text/html").querySelector<HTMLElement>("#answer");
  if (!found) throw await problemOf(response);
  return found;
}

function put(old: HTMLElement, fresh: HTMLElement): HTMLElement {
  const adopted = document.adoptNode(fresh);
  old.replaceWith(adopted);
  return adopted;
}
