/** The address of the page as the state of the map: everything that a link has to restore. Pure. */

/** The place of the camera: its middle in the coordinates of the drawing, and how much of it is in sight. */
export interface View {
  x: number;
  y: number;
  ratio: number;
}

/** What is chosen: an entity, a link (two of them) or the way to another entity; or nothing. */
export interface Choice {
  select: string | null;
  with: string | null;
  path: string | null;
}

export const NOTHING: Choice = { select: null, with: null, path: null };

/** Parameters that change nothing of what is drawn. `path` is not among them: a way brings its entities along. */
const PASSING = new Set(["select", "with", "at", "view"]);

/** Parameters that decide what is drawn at first, before anything was added: where they are equal, places are. */
const LAYING = new Set(
  ["focus", "q", "paper", "type", "year_from", "year_to", "venue", "min_papers", "weight", "limit"],
);

/** The query with some parameters set to a value, or to none; those that are empty are left out. */
export function changed(search: string, changes: Record<string, string | null>): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) params.delete(name);
    else params.set(name, value);
  }
  return written([...params]);
}

/** The query of a form: its fields, and of the address before what no field of it says, as far as it is `kept`. */
export function submitted(search: string, fields: [string, string][], kept: readonly string[]): string {
  const before = [...new URLSearchParams(search)].filter(([name]) => kept.includes(name));
  return written([...fields, ...before]);
}

function written(params: [string, string][]): string {
  const filled = params.map(([name, value]): [string, string] => [name, value.trim()]).filter(([, value]) => value);
  const query = new URLSearchParams(filled).toString();
  return query && `?${query}`;
}

export function choiceOf(search: string): Choice {
  const params = new URLSearchParams(search);
  const select = params.get("select") || null;
  return { select, with: select && (params.get("with") || null), path: select && (params.get("path") || null) };
}

/** The query with another choice; the way that is drawn goes with the entity that it starts at. */
export function choosing(search: string, choice: Choice): string {
  return changed(search, { select: choice.select, with: choice.with, path: choice.path });
}

export function viewOf(search: string): View | null {
  const [x, y, ratio] = (new URLSearchParams(search).get("at") ?? "").split(",").map(Number);
  if (x === undefined || y === undefined || ratio === undefined) return null;
  return [x, y, ratio].every(Number.isFinite) && ratio > 0 ? { x, y, ratio } : null;
}

/** As it stands in the address: three decimals are less than a pixel. */
export function viewText({ x, y, ratio }: View): string {
  return [x, y, ratio].map((value) => String(Math.round(value * 1000) / 1000)).join(",");
}

/** Whether two queries draw the same entities. */
export function drawsTheSame(one: string, other: string): boolean {
  return only(one, (name) => !PASSING.has(name)) === only(other, (name) => !PASSING.has(name));
}

/** Whether what both queries draw has the same places. */
export function liesTheSame(one: string, other: string): boolean {
  return only(one, (name) => LAYING.has(name)) === only(other, (name) => LAYING.has(name));
}

function only(search: string, wanted: (name: string) => boolean): string {
  const params = [...new URLSearchParams(search)].filter(([name, value]) => value && wanted(name));
  return JSON.stringify(params.map((param) => param.join("=")).sort());
}
