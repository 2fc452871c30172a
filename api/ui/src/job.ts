/** A job as it goes on: counts, bar, what is read now, what was added and what was not, told by the service as it happens. */

import { suggestEverywhere } from "./shared/combobox";
import { el, need, safeHref } from "./shared/dom";
import { follow } from "./shared/events";
import { count, number } from "./shared/format";
import { problemOf, Problem } from "./shared/http";
import { bearer, heldToken, keepToken } from "./shared/token";

interface Progress {
  total: number;
  read: number;
  extracted: number;
  linked: number;
  handled: number;
  kept: number;
  new: number;
  replaced: number;
  unchanged: number;
  rejected: number;
  title: string | null;
  seconds_left: number | null;
}

interface Job {
  state: "queued" | "running" | "cancelling" | "done" | "failed" | "cancelled";
  stage: string;
  error: string | null;
  progress: Progress;
}

interface Added {
  title: string;
  page: string;
  outcome: string;
}

interface Refused {
  file: string;
  record: number | null;
  line: number | null;
  title: string | null;
  reason: string;
  advice: string;
}

const MOST = 200;
const RELOAD_MS = 3000;
const HEADINGS: Record<Job["state"], string> = {
  queued: "Waiting",
  running: "Adding papers",
  cancelling: "Stopping",
  done: "Done",
  failed: "Stopped by a fault",
  cancelled: "Cancelled",
};

const root = need<HTMLElement>("#job");
const address = `/v1/jobs/${root.dataset["job"]}`;
const bar = need<HTMLProgressElement>("#bar");
const added = need("#added");
const refused = need("#problems .problems");

function over(state: Job["state"]): boolean {
  return state === "done" || state === "failed" || state === "cancelled";
}

function set(selector: string, text: string): void {
  const place = need(selector);
  if (place.textContent !== text) place.textContent = text;
}

function show(job: Job): void {
  const { progress } = job;
  root.dataset["state"] = job.state;
  root.dataset["total"] = String(progress.total);
  document.title = `${over(job.state) ? HEADINGS[job.state] : `${percent(progress)} · ${HEADINGS[job.state]}`} · paperkg`;
  set("#state", HEADINGS[job.state]);
  set("#stage", stageOf(job));
  set("#current", over(job.state) ? "" : (progress.title ?? ""));
  set("#left", progress.seconds_left === null ? "" : duration(progress.seconds_left));
  bar.max = progress.total || 1;
  bar.value = progress.handled;
  for (const place of document.querySelectorAll<HTMLElement>("[data-count]")) {
    const value = progress[place.dataset["count"] as keyof Progress];
    if (typeof value === "number") place.textContent = number(value);
  }
  need("#next").toggleAttribute("hidden", !(over(job.state) && progress.kept > 0));
  need("#acts").toggleAttribute("hidden", over(job.state) || job.state === "cancelling");
  const more = progress.kept - added.childElementCount;
  need("#more").toggleAttribute("hidden", more <= 0 || added.childElementCount < MOST);
  set("#more [data-count]", number(more));
}

function stageOf(job: Job): string {
  if (job.state === "done") return `${count(job.progress.kept, "paper")} of this job ${job.progress.kept === 1 ? "is" : "are"} in the graph.`;
  if (job.state === "failed") return job.error ?? "";
  if (job.state === "cancelled") return "What was added before stays in the graph.";
  return job.stage.charAt(0).toUpperCase() + job.stage.slice(1);
}

function percent(progress: Progress): string {
  return `${Math.floor((100 * progress.handled) / (progress.total || 1))}%`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `about ${Math.max(1, Math.round(seconds))} s left`;
  return seconds < 5400 ? `about ${Math.round(seconds / 60)} min left` : `about ${Math.round(seconds / 3600)} h left`;
}

function showAdded(paper: Added): void {
  need("#papers").removeAttribute("hidden");
  if (added.childElementCount >= MOST) return;
  const link = el("a", { class: "title", href: safeHref(paper.page) }, paper.title);
  added.append(el("li", {}, link, " ", el("span", { class: `badge ${paper.outcome}` }, paper.outcome)));
}

function showRefused(problem: Refused): void {
  need("#problems").removeAttribute("hidden");
  if (refused.childElementCount >= MOST) return;
  const place = [problem.file, problem.record && `record ${number(problem.record)}`, problem.line && `line ${number(problem.line)}`];
  const reason = problem.reason.charAt(0).toUpperCase() + problem.reason.slice(1);
  refused.append(
    el(
      "li",
      {},
      el("span", { class: "title" }, problem.title ?? reason),
      " ",
      el("span", { class: "meta" }, place.filter(Boolean).join(", ")),
      " ",
      problem.title ? el("span", { class: "meta" }, problem.reason) : null,
      el("span", { class: "advice" }, problem.advice),
    ),
  );
}

/** Follow the job to its end; what the page held already comes again, so its lists begin empty. */
async function watch(token: string): Promise<void> {
  need("#ask").toggleAttribute("hidden", true);
  added.replaceChildren();
  refused.replaceChildren();
  for await (const event of follow(`${address}/events`, bearer(token))) {
    const data: unknown = JSON.parse(event.data);
    if (event.event === "paper") showAdded(data as Added);
    else if (event.event === "problem") showRefused(data as Refused);
    else if (event.event === "job") {
      show(data as Job);
      if (over((data as Job).state)) return;
    }
  }
}

function complain(message: string): void {
  need("#trouble").replaceChildren(el("p", { class: "alert", role: "alert" }, message));
}

async function cancel(token: string): Promise<void> {
  const response = await fetch(address, { method: "DELETE", headers: bearer(token) });
  if (!response.ok) complain((await problemOf(response)).message);
}

/** Without a token the page says how far the job is and no more, so it is simply loaded again. */
function reloadLater(): void {
  setTimeout(() => document.activeElement?.id === "token" ? reloadLater() : location.reload(), RELOAD_MS);
}

async function begin(token: string): Promise<void> {
  try {
    await watch(token);
    keepToken(token);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401 || error.status === 403) keepToken(null);
    need("#ask").removeAttribute("hidden");
    complain(error.message);
  }
}

suggestEverywhere();
const token = heldToken();
if (token) void begin(token);
else if (!over(root.dataset["state"] as Job["state"])) reloadLater();

need("#cancel").addEventListener("click", () => void (heldToken() && cancel(heldToken() ?? "")));
need<HTMLFormElement>("#ask").addEventListener("submit", (event) => {
  if (event.submitter?.getAttribute("value") !== "show") return;
  event.preventDefault();
  const given = need<HTMLInputElement>("#token").value.trim();
  keepToken(given);
  void begin(given);
});
