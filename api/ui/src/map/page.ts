/** The page in other states: the service writes them, we put their parts in the place of those that are here. */

import { need } from "../shared/dom";
import { problemOf } from "../shared/http";
import type { Drawn } from "./drawing";

const PARTS = ["h1", "#short", "#views", "#filters", "#panel", "#list", "#drawing"];

/** What the page says is drawn. */
export function drawn(): Drawn {
  return JSON.parse(need("#drawing").textContent ?? "") as Drawn;
}

export class Page {
  private pending = new AbortController();

  /** Take all parts of the page of a query, and say which query led there; null where another was asked meanwhile. */
  async take(search: string): Promise<string | null> {
    const found = await this.get(`/map${search}`);
    if (found === null) return null;
    const { text, url } = found;
    const other = new DOMParser().parseFromString(text, "text/html"); // our own page, and nothing in it is run
    keepingFocus(() => {
      for (const part of PARTS) {
        const [here, there] = [document.querySelector(part), other.querySelector(part)];
        if (here && there) here.replaceWith(document.importNode(there, true));
      }
    });
    document.title = other.title;
    return new URL(url).search;
  }

  /** Take what the page of a query says of what is chosen, alone. */
  async takePanel(search: string): Promise<void> {
    const found = await this.get(`/map/panel${search}`);
    if (found === null) return;
    const parsed = new DOMParser().parseFromString(found.text, "text/html");
    keepingFocus(() => need("#panel").replaceChildren(...parsed.body.childNodes));
    need("#panel").scrollTop = 0;
  }

  /** A page, also one that says what is wrong; null where the next was asked for before it came. */
  private async get(address: string): Promise<{ text: string; url: string } | null> {
    this.pending.abort();
    const own = (this.pending = new AbortController());
    need("#panel").setAttribute("aria-busy", "true");
    try {
      const response = await fetch(address, { headers: { Accept: "text/html" }, signal: own.signal });
      const text = await response.text();
      if (!response.ok && !text.includes('id="panel"')) throw await problemOf(response);
      return { text, url: response.url };
    } catch (error) {
      if (own.signal.aborted) return null;
      throw error;
    } finally {
      if (this.pending === own) need("#panel").removeAttribute("aria-busy");
    }
  }
}

/**
 * Whoever had the focus has it again if it is still there by its id; in the panel its heading stands in for it. What
 * was open or closed stays so.
 */
function keepingFocus(change: () => void): void {
  const active = document.activeElement;
  const inPanel = need("#panel").contains(active);
  const folds = [...document.querySelectorAll<HTMLDetailsElement>("details[id]")].map(({ id, open }) => ({ id, open }));
  change();
  for (const { id, open } of folds) {
    const fold = document.getElementById(id);
    if (fold instanceof HTMLDetailsElement) fold.open = open;
  }
  if (document.activeElement === active && active?.isConnected) return;
  const again = active?.id ? document.getElementById(active.id) : null;
  const heir = again ?? (inPanel ? document.getElementById("panel-heading") : null);
  heir?.focus({ preventScroll: true });
}
