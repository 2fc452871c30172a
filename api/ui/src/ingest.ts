/** The page to hand papers in: files dropped or chosen, a preview in place, and the job started with the tab's token. */

import { suggestEverywhere } from "./shared/combobox";
import { el, need } from "./shared/dom";
import { count, number } from "./shared/format";
import { problemOf } from "./shared/http";
import { bearer, heldToken, keepToken } from "./shared/token";

const form = need<HTMLFormElement>("#papers");
const text = need<HTMLTextAreaElement>("#text");
const input = need<HTMLInputElement>("#files");
const look = need<HTMLButtonElement>("#look");
const working = need("#working");
const trouble = need("#trouble");

function chosen(): File[] {
  return [...(input.files ?? [])];
}

function choose(files: File[]): void {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
  showChosen();
}

function showChosen(): void {
  const files = chosen();
  const items = files.map((file) => {
    const drop = el("button", { type: "button", class: "plain", "aria-label": `Leave out ${file.name}` }, "×");
    drop.addEventListener("click", () => choose(chosen().filter((other) => other !== file)));
    return el("li", {}, file.name, el("span", { class: "meta" }, ` ${size(file.size)} `), drop);
  });
  need("#chosen").replaceChildren(...items);
}

function size(bytes: number): string {
  return bytes < 1 << 20 ? `${number(Math.max(1, Math.round(bytes / 1024)))} kB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}

function sizeOfAll(): number {
  return new Blob([text.value]).size + chosen().reduce((sum, file) => sum + file.size, 0);
}

/** Say what is wrong, and keep it there. */
function complain(message: string): void {
  trouble.replaceChildren(message ? el("p", { class: "alert", role: "alert" }, message) : "");
  if (message) trouble.scrollIntoView({ block: "nearest" });
}

/** While something is asked of the service, say so and take no second click. */
async function busy(words: string, work: () => Promise<void>): Promise<void> {
  const buttons = form.querySelectorAll<HTMLButtonElement>("button:not([type=button])");
  complain("");
  working.textContent = words;
  buttons.forEach((button) => (button.disabled = true));
  form.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    complain(error instanceof TypeError ? "The service cannot be reached. Is it running?" : String((error as Error).message));
  } finally {
    working.textContent = "";
    form.removeAttribute("aria-busy");
    form.querySelectorAll<HTMLButtonElement>("button").forEach((button) => (button.disabled = false));
  }
}

/** The page that answers the form; of it, what was recognised takes the place of what stands here. */
async function preview(): Promise<void> {
  if (sizeOfAll() > Number(form.dataset["previewLimit"])) {
    showAdd("Add without a preview");
    complain(`This is too large for a preview (${size(sizeOfAll())}). It can be added as it is.`);
    return;
  }
  const response = await fetch("/ingest", { method: "POST", body: fields(), headers: { Accept: "text/html" } });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  const found = answer.querySelector("#found");
  if (!found) throw await problemOf(response);
  const said = answer.querySelector("#trouble")?.textContent?.trim() ?? "";
  need("#found").replaceWith(document.importNode(found, true));
  complain(said);
  const add = answer.querySelector("#add");
  look.textContent = answer.querySelector("#look")?.textContent ?? look.textContent;
  if (add && !add.hasAttribute("hidden")) showAdd(answer.querySelector("#start")?.textContent?.trim() ?? "");
  else need("#add").toggleAttribute("hidden", true);
  if (!said) need<HTMLElement>("#found").focus();
}

function showAdd(words: string): void {
  need("#add").removeAttribute("hidden");
  look.classList.remove("first");
  const button = document.querySelector("#start");
  if (button && words) button.textContent = words;
}

function fields(): FormData {
  const sent = new FormData(form);
  sent.delete("token");
  return sent;
}

/** Hand the papers in, and go where their job can be watched. */
async function start(): Promise<void> {
  const typed = need<HTMLInputElement>("#token").value.trim();
  const token = typed || heldToken();
  if (!token) {
    need<HTMLInputElement>("#token").focus();
    throw new Error("Put your token into the field above the button: kg token create --scope ingest prints one.");
  }
  const response = await fetch("/v1/ingest", { method: "POST", body: fields(), headers: bearer(token) });
  if (!response.ok) {
    if (response.status === 401 || response.status === 403) showToken(false);
    throw await problemOf(response);
  }
  if (typed) keepToken(typed);
  const job = (await response.json()) as { id: string };
  location.assign(`/ingest/jobs/${job.id}`);
  await new Promise(() => undefined);
}

/** Ask for a token, or say that the tab has one. */
function showToken(held: boolean): void {
  form.querySelector(".with-token")?.toggleAttribute("hidden", held);
  form.querySelector(".has-token")?.toggleAttribute("hidden", !held);
}

function acceptDrops(): void {
  const drop = need("#drop");
  const over = (event: DragEvent, inside: boolean): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", inside);
  };
  document.addEventListener("dragover", (event) => over(event, true));
  document.addEventListener("dragleave", (event) => event.relatedTarget ?? drop.classList.remove("over"));
  document.addEventListener("drop", (event) => {
    over(event, false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) choose([...chosen(), ...files]);
  });
  input.addEventListener("change", showChosen);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!text.value.trim() && !chosen().length) {
    complain("There is nothing to read yet: paste a text, or choose a file.");
    text.focus();
    return;
  }
  const starting = event.submitter?.id === "start";
  void busy(starting ? "Handing in…" : `Reading ${chosen().length ? count(chosen().length, "file") : "the text"}…`, starting ? start : preview);
});
document.querySelector("#forget")?.addEventListener("click", () => {
  keepToken(null);
  showToken(false);
});
addEventListener("hashchange", () => showToken(heldToken() !== null));
suggestEverywhere();
acceptDrops();
showChosen();
showToken(heldToken() !== null);
