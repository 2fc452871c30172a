/** The map: joins the address, the page that the service writes, and the picture. */

import { need } from "./shared/dom";
import { count } from "./shared/format";
import { onThemeChange } from "./shared/theme";
import { changed, choiceOf, choosing, drawsTheSame, liesTheSame, submitted, viewOf, viewText } from "./map/address";
import { Combobox } from "./map/combobox";
import { Drawing, type Entity } from "./map/drawing";
import { towards } from "./map/geometry";
import { deedOf } from "./map/keys";
import { drawn, Page } from "./map/page";
import { Scene } from "./map/scene";

const root = need<HTMLElement>("#map");
const stage = need<HTMLElement>("#scene");
const note = need<HTMLElement>("#drawing-note");
const find = need<HTMLInputElement>("#find");
const KEPT = ["pin", "hide", "expand", "paper", "select", "view"];
const REST = 250;

class MapPage {
  private readonly page = new Page();
  private drawing = new Drawing(drawn());
  private scene: Scene | null = null;
  private shown = location.search;
  private resting = 0;

  constructor() {
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("change", (event) => this.filtered(event));
    root.addEventListener("submit", (event) => this.sent(event));
    root.addEventListener("input", ({ target }) => {
      if (target instanceof HTMLInputElement && target.id === "limit") need("#limit-shown").textContent = target.value;
    });
    document.addEventListener("keydown", (event) => this.key(event));
    addEventListener("popstate", () => void this.back());
    new Combobox(find, need("#found"), () => this.drawing.drawn.entities, (id, here) => this.found(id, here));
    this.dress();
    new ResizeObserver(() => this.start()).observe(stage); // on a phone the list comes first
    if (matchMedia("(max-width: 60rem)").matches) need<HTMLDetailsElement>("#drawer").open = false;
  }

  /** Draw as soon as there is room to. */
  private start(): void {
    if (!stage.clientWidth || root.dataset["failed"] !== undefined) return;
    if (this.scene) return this.scene.fill();
    try {
      this.scene = new Scene(stage, {
        choose: (id) => void this.choose(id),
        expand: () => document.getElementById("expand")?.click(),
        link: (a, b) => void this.go(choosing(this.shown, { select: a, with: b, path: null })),
        cluster: (number) => void this.open(number),
        clear: () => void this.clear(),
        moved: () => this.moved(),
      });
    } catch (error) {
      root.dataset["failed"] = "";
      console.warn("the map cannot be drawn here", error);
      return;
    }
    this.scene.choice = choiceOf(this.shown);
    this.scene.show(this.drawing);
    this.scene.look(viewOf(this.shown), false);
    if (!viewOf(this.shown)) this.bringCluster();
    onThemeChange(() => this.scene?.recolour());
    note.hidden = true;
    stage.dataset["drawn"] = "";
  }

  /** On to another state, as a link leads to it, looked at as it is now: the service has not seen how that is. */
  private async go(search: string): Promise<void> {
    const now = new URLSearchParams(location.search);
    const at = liesTheSame(this.shown, search) ? now.get("at") : null;
    const next = changed(search, { at, view: now.get("view") });
    if (next === changed(location.search, {})) return;
    history.pushState(null, "", `/map${next}`);
    await this.show(next);
  }

  private async back(): Promise<void> {
    await this.show(location.search);
    this.scene?.look(viewOf(location.search));
  }

  private async show(search: string): Promise<void> {
    const before = this.shown;
    this.shown = search;
    this.scene?.repaint(choiceOf(search));
    this.dress();
    try {
      if (drawsTheSame(before, search)) await this.page.takePanel(search);
      else await this.takeAll(before, search);
      this.say("");
    } catch (error) {
      this.say(error instanceof Error ? `That did not work: ${error.message}` : "That did not work.");
    }
    this.speak();
  }

  /** The page may know better what was meant: a typed name leads to the address of the entity. */
  private async takeAll(before: string, search: string): Promise<void> {
    const led = await this.page.take(search);
    if (led === null) return;
    if (led !== search) history.replaceState(null, "", `/map${led}`);
    this.shown = led;
    this.redraw(before, led);
  }

  private redraw(before: string, search: string): void {
    this.drawing = new Drawing(drawn());
    this.dress();
    stage.setAttribute("aria-label", `Map of ${count(this.drawing.drawn.entities.length, "entity", "entities")}`);
    if (!this.scene) return;
    this.scene.choice = choiceOf(search);
    this.scene.show(this.drawing);
    if (!liesTheSame(before, search)) this.scene.look(viewOf(search), false);
  }

  private async choose(id: string): Promise<void> {
    await this.go(choosing(this.shown, { select: id, with: null, path: null }));
  }

  private async clear(): Promise<void> {
    const next = changed(choosing(this.shown, { select: null, with: null, path: null }), { cluster: null });
    if (next !== changed(this.shown, {})) await this.go(next);
  }

  private async open(cluster: number): Promise<void> {
    const without = choosing(this.shown, { select: null, with: null, path: null });
    await this.go(changed(without, { cluster: String(cluster) }));
    this.bringCluster();
  }

  private bringCluster(): void {
    const members = this.drawing.members.get(this.drawing.drawn.cluster ?? -1) ?? [];
    this.scene?.bring(members.map((at) => this.drawing.drawn.entities[at]?.id ?? ""));
  }

  private async found(id: string, here: boolean): Promise<void> {
    const params = new URLSearchParams(choosing(this.shown, { select: id, with: null, path: null }));
    if (!here) params.append("pin", id);
    await this.go(`?${params}`);
    this.scene?.bring([id, ...this.drawing.neighbours(id).slice(0, 12)]);
    if (root.dataset["view"] !== "list") stage.focus({ preventScroll: true });
  }

  /** Links of the page lead on within it; the others are left to the browser. */
  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    const zoom = target.closest<HTMLElement>("[data-zoom]");
    if (zoom) return this.scene?.zoom(Number(zoom.dataset["zoom"]));
    if (target.closest("#picture")) return void this.save();
    const link = target.closest<HTMLAnchorElement>("a[data-map], a[data-view]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { search } = new URL(link.href);
    if (link.dataset["view"]) return this.turn(link.dataset["view"]);
    const cluster = new URLSearchParams(search).get("cluster");
    if (cluster !== null && cluster !== String(this.drawing.drawn.cluster)) return void this.open(Number(cluster));
    void this.go(search).then(() => this.follow());
  }

  /** What was chosen in the panel or the list comes into sight, unless it is. */
  private follow(): void {
    const { select } = choiceOf(this.shown);
    if (!this.scene || select === null || !this.drawing.index.has(select)) return;
    const { x, y } = this.scene.spot(select);
    const inside = x > 20 && y > 20 && x < stage.clientWidth - 20 && y < stage.clientHeight - 20;
    if (!inside) this.scene.bring([select, ...this.drawing.neighbours(select).slice(0, 12)]);
  }

  private turn(view: string): void {
    this.shown = changed(this.shown, { view });
    history.replaceState(null, "", `/map${changed(location.search, { view })}`);
    this.dress();
  }

  /** What of the page follows from the address and is not written by the service. */
  private dress(): void {
    const view = new URLSearchParams(this.shown).get("view");
    if (view) root.dataset["view"] = view;
    else delete root.dataset["view"];
    const isList = view === "list" || (view !== "map" && matchMedia("(max-width: 60rem)").matches);
    for (const link of root.querySelectorAll<HTMLElement>("#views [data-view]")) {
      if ((link.dataset["view"] === "list") === isList) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  private filtered({ target }: Event): void {
    if (target instanceof Element && target.closest("#filters")) void this.go(this.fields(need("#filters")));
  }

  private sent(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (form.id === "filters") void this.go(this.fields(form));
    else if (form.id === "path") void this.go(submitted("", entriesOf(form), []));
    else return;
    event.preventDefault();
  }

  /** The query of the filters, without what is so anyway. */
  private fields(form: HTMLFormElement): string {
    const boxes = [...form.querySelectorAll<HTMLInputElement>("[name=type]")];
    const told = [...form.querySelectorAll<HTMLElement>("[data-usual]")];
    const usual = new Set(told.map(({ id, dataset }) => `${id}=${dataset["usual"]}`));
    const fields = entriesOf(form)
      .filter(([name]) => !KEPT.includes(name) && !(name === "type" && boxes.every(({ checked }) => checked)))
      .filter((field) => !usual.has(field.join("=")));
    return submitted(this.shown, fields, KEPT);
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const typing = target.matches("input, select, textarea");
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const deed = deedOf(event.key, { onMap: stage.contains(target), typing, modified });
    if (!deed) return;
    event.preventDefault();
    if (deed.kind === "find") find.focus();
    else if (deed.kind === "clear") void this.clear();
    else if (deed.kind === "open") document.getElementById("panel-heading")?.focus();
    else if (deed.kind === "expand") document.getElementById("expand")?.click();
    else if (deed.kind === "zoom") this.scene?.zoom(deed.factor);
    else if (deed.kind === "step") void this.step(deed);
  }

  /** To the neighbour that lies there; from nothing, to the focus or what is in most papers. */
  private async step(arrow: { x: number; y: number }): Promise<void> {
    const { scene, drawing } = this;
    const { select } = choiceOf(this.shown);
    const first = drawing.drawn.focus ?? drawing.drawn.entities[0]?.id;
    if (!scene || !first) return;
    if (select === null || !drawing.index.has(select)) return this.choose(first);
    const others = drawing.neighbours(select).map((id) => ({ id, ...scene.spot(id) }));
    const next = towards(scene.spot(select), others, arrow);
    if (!next) return;
    await this.choose(next.id);
    this.follow();
  }

  private moved(): void {
    clearTimeout(this.resting);
    this.resting = window.setTimeout(() => {
      if (!this.scene) return;
      const at = viewText(this.scene.view);
      history.replaceState(null, "", `/map${changed(location.search, { at: at === "0,0,1" ? null : at })}`);
    }, REST);
  }

  private async save(): Promise<void> {
    const picture = await this.scene?.picture();
    if (!picture) return this.say("There is no picture to save: turn to the map first.");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(picture);
    link.download = "map.png";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  private say(text: string): void {
    note.textContent = text;
    note.hidden = !text;
  }

  private speak(): void {
    const entity = this.drawing.entity(choiceOf(this.shown).select);
    const facts = (each: Entity) => [
      each.name,
      each.type,
      count(each.papers, "paper"),
      count(this.drawing.neighbours(each.id).length, "link"),
    ];
    need("#spoken").textContent = entity ? facts(entity).join(", ") : "";
  }
}

function entriesOf(form: HTMLFormElement): [string, string][] {
  return [...new FormData(form)].map(([name, value]) => [name, String(value)]);
}

new MapPage();
