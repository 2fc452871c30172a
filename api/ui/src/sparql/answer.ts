/** What a script adds to an answer: views that change without asking again, a chart that follows its choices, copies. */

import { enhanceTable } from "./table";

export interface Doings {
  /** Ask again, for a chart of other columns. */
  readonly ask: (parameters: URLSearchParams) => void;
  /** Another view is shown; its address holds all. */
  readonly viewed: (view: string, address: string) => void;
}

/** Bring an answer that has just come to life. */
export function enhanceAnswer(answer: HTMLElement, doings: Doings): void {
  for (const view of answer.querySelectorAll<HTMLElement>('.view[data-view="table"]')) enhanceTable(view);
  for (const link of answer.querySelectorAll<HTMLAnchorElement>(".views a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      show(answer, link);
      doings.viewed(link.dataset["view"] ?? "", link.href);
    });
  }
  const axes = answer.querySelector<HTMLFormElement>(".axes");
  axes?.addEventListener("change", () => axes.requestSubmit());
  axes?.addEventListener("submit", (event) => {
    event.preventDefault();
    doings.ask(fieldsOf(axes));
  });
  for (const button of answer.querySelectorAll<HTMLButtonElement>("button[data-copy]")) makeCopy(answer, button);
}

/** The fields of a form, without what goes without saying. */
export function fieldsOf(form: HTMLFormElement): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !(name === "format" && value === "html")) parameters.append(name, value);
  }
  return parameters;
}

function show(answer: HTMLElement, link: HTMLAnchorElement): void {
  for (const other of answer.querySelectorAll(".views a")) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  for (const view of answer.querySelectorAll<HTMLElement>(".view")) view.hidden = view.dataset["view"] !== link.dataset["view"];
}

/** Copying needs a secure context; elsewhere the buttons stay away. */
function makeCopy(answer: HTMLElement, button: HTMLButtonElement): void {
  if (!("clipboard" in navigator)) return;
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = button.dataset["copy"] === "link" ? location.href : (answer.querySelector(".curl pre")?.textContent ?? "");
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "The browser does not let this page copy";
    }
    setTimeout(() => (button.textContent = label), 2000);
  });
}
