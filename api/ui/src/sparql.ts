/** The page of queries: the form works without this; here it gets an editor, and answers come without leaving the page. */

import { el, need } from "./shared/dom";
import { enhanceAnswer, fieldsOf } from "./sparql/answer";
import { Asking } from "./sparql/asking";
import { type Editor, editorFor } from "./sparql/editor";
import { enhanceQuestions, showHistory } from "./sparql/gallery";
import { remember } from "./sparql/history";

const form = need<HTMLFormElement>("#ask");
const progress = need<HTMLElement>("#progress");
const told = need<HTMLElement>("#told");
const asking = new Asking(need<HTMLButtonElement>("#cancel"), progress, told);
const editor: Editor = editorFor(need<HTMLTextAreaElement>("#query"), () => form.requestSubmit());
let shownAt = location.search;

const opening = {
  open: (query: string): void => {
    editor.put(query);
    document.querySelector("#about")?.remove();
    form.scrollIntoView({ block: "nearest" });
    editor.focus();
  },
  run: (query: string): void => {
    opening.open(query);
    form.requestSubmit();
  },
};

const doings = {
  ask: (parameters: URLSearchParams): void => void ask(parameters, "replaceState"),
  viewed: (view: string, address: string): void => {
    keepView(view);
    goTo(address, "replaceState");
  },
};

form.addEventListener("submit", (event) => {
  // Any other form of an answer is a document of its own, which the browser gets by itself.
  if (need<HTMLSelectElement>("#format").value !== "html") return;
  event.preventDefault();
  void ask(fieldsOf(form), "pushState");
});
// What was shown at an address of before is asked for again; places within the page are none of our business.
addEventListener("popstate", () => {
  if (location.search !== shownAt) location.reload();
});
need<HTMLElement>(".keys").hidden = false;
welcome(need<HTMLElement>("#answer"));
enhanceQuestions(opening);
showHistory(opening);

async function ask(parameters: URLSearchParams, how: "pushState" | "replaceState"): Promise<void> {
  try {
    const outcome = await asking.ask(parameters);
    if (!outcome) return;
    if (!outcome.unaddressed) goTo(outcome.address, how);
    welcome(outcome.answer);
    const summary = outcome.answer.querySelector("#summary");
    told.textContent = summary?.textContent ?? "";
    if (summary) {
      remember(editor.text());
      showHistory(opening);
    }
    if (outcome.answer.getBoundingClientRect().top > innerHeight * 0.8) outcome.answer.scrollIntoView();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    need("#answer").replaceChildren(
      el("h2", { id: "answer-heading" }, "No answer"),
      el("p", { class: "alert", role: "alert" }, `The service gave no answer: ${reason}`),
    );
  }
}

/** An answer that stands on the page now, whether it came with it or later. */
function welcome(answer: HTMLElement): void {
  enhanceAnswer(answer, doings);
  progress.textContent = "";
  const { line, column } = answer.dataset;
  const reason = answer.querySelector("#trouble")?.textContent ?? "";
  editor.fault(line && column ? { line: Number(line), column: Number(column), reason } : null);
}

function goTo(address: string, how: "pushState" | "replaceState"): void {
  history[how](null, "", address);
  shownAt = location.search;
}

/** The next answer is shown like this one. */
function keepView(view: string): void {
  form.querySelector('input[name="view"]')?.remove();
  if (view !== "table") form.append(el("input", { type: "hidden", name: "view", value: view }));
}
