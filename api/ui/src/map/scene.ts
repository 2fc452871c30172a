/** The picture: sigma draws marks and lines, two canvases below and above it the islands and the names. */

import Graph from "graphology";
import Sigma from "sigma";
import { EdgeRectangleProgram } from "sigma/rendering";
import type { Choice, View } from "./address";
import { NOTHING } from "./address";
import { palette } from "./colours";
import { Drawing, type Link } from "./drawing";
import { distanceToSegment, type Point } from "./geometry";
import { lineLook, litBy, markColour, radiusOf, type Scenery } from "./looks";
import { MarkProgram, SHAPES } from "./marks";
import { Overlay } from "./overlay";

/** What the reader does to the picture. */
export interface Deeds {
  choose(id: string): void;
  expand(id: string): void;
  link(a: string, b: string): void;
  cluster(number: number): void;
  clear(): void;
  moved(): void;
}

/** The drawing in [-1, 1] takes this part of the frame; names need the rest. */
const MARGIN = 1.12;
const CLOSE = 7;
const MANY = 900;

export class Scene implements Scenery {
  drawing = new Drawing({ entities: [], links: [], clusters: {}, focus: null, pinned: [], cluster: null, ways: [] });
  choice: Choice = NOTHING;
  cluster: number | null = null;
  hovered: string | null = null;
  palette = palette();
  readonly sigma: Sigma;
  private readonly graph = new Graph({ type: "undirected" });
  private readonly overlay: Overlay;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private lit: Set<string> | null = null;
  private aspect = 1;
  private scale = 1;
  /** How large letters are on this page, where 1 is sixteen pixels for what is a rem. */
  rem = 1;
  private most = 1;

  constructor(
    readonly container: HTMLElement,
    private readonly deeds: Deeds,
  ) {
    this.overlay = new Overlay(this);
    this.frame();
    this.sigma = new Sigma(this.graph, container, {
      renderLabels: false,
      nodeProgramClasses: { circle: MarkProgram },
      edgeProgramClasses: { arrow: EdgeRectangleProgram }, // the default would be made ready for nothing
      defaultNodeColor: this.palette.ground,
      defaultDrawNodeHover: () => undefined,
      minEdgeThickness: 0.6,
      zIndex: true,
      allowInvalidContainer: true, // the list may stand in the place of the map
      stagePadding: 0,
      minCameraRatio: 0.04,
      maxCameraRatio: 1.8,
      zoomingRatio: 1.35,
      nodeReducer: (id) => this.markOf(id),
      edgeReducer: (_, { link }) => this.lineOf(link as Link),
    });
    this.listen();
  }

  /** Draw this; marks that were there keep their place on the screen as far as their coordinates are the same. */
  show(drawing: Drawing): void {
    this.drawing = drawing;
    this.cluster = drawing.drawn.cluster;
    this.hovered = null;
    this.lit = litBy(this);
    const { entities, links } = drawing.drawn;
    this.most = Math.max(1, ...entities.map(({ papers }) => papers));
    this.graph.clear();
    this.frame();
    for (const { id, x, y } of entities) this.graph.addNode(id, { x: x * this.aspect, y: -y });
    for (const link of links) {
      const [a, b] = [entities[link.source], entities[link.target]];
      if (a && b) this.graph.mergeEdge(a.id, b.id, { link });
    }
    this.sigma.setSetting("hideEdgesOnMove", entities.length > MANY);
    this.sigma.setCustomBBox({ x: [-MARGIN * this.aspect, MARGIN * this.aspect], y: [-MARGIN, MARGIN] });
    this.sigma.refresh();
  }

  /** Show what is chosen, in the colours that are on. */
  repaint(choice: Choice = this.choice): void {
    this.choice = choice;
    this.lit = litBy(this);
    this.sigma.refresh({ skipIndexation: true });
  }

  /** Fit the frame as it is now. */
  fill(): void {
    this.sigma.resize();
    this.sigma.refresh();
  }

  recolour(): void {
    this.palette = palette();
    this.sigma.setSetting("defaultNodeColor", this.palette.ground);
    this.repaint();
  }

  get view(): View {
    const { x, y, ratio } = this.sigma.getCamera().getState();
    const span = this.span;
    return { x: ((x - 0.5) * span) / this.aspect, y: -(y - 0.5) * span, ratio };
  }

  look(view: View | null, glide = true): void {
    const [x, y] = view ? [(view.x * this.aspect) / this.span + 0.5, -view.y / this.span + 0.5] : [0.5, 0.5];
    const state = { x, y, ratio: view?.ratio ?? 1, angle: 0 };
    if (glide && !this.still.matches) void this.sigma.getCamera().animate(state, { duration: 350 });
    else this.sigma.getCamera().setState(state);
  }

  /** Nearer by a factor; all of it where that is 0. */
  zoom(factor: number): void {
    if (factor) this.look({ ...this.view, ratio: Math.min(1.8, Math.max(0.04, this.view.ratio / factor)) });
    else this.look(null);
  }

  /** Bring all of these into sight at a size at which names can be read, or else the first with what is around it. */
  bring(ids: string[]): void {
    const found = ids.map((id) => this.drawing.entity(id)).filter((each) => each !== null);
    const [first] = found;
    if (!first) return;
    const [left, right] = [Math.min(...found.map(({ x }) => x)), Math.max(...found.map(({ x }) => x))];
    const [top, bottom] = [Math.min(...found.map(({ y }) => y)), Math.max(...found.map(({ y }) => y))];
    const ratio = Math.min(1, Math.max(0.22, Math.max(right - left, bottom - top) * 0.65 + 0.1));
    const fits = Math.max(right - left, bottom - top) < 1.5;
    this.look(fits ? { x: (left + right) / 2, y: (top + bottom) / 2, ratio } : { x: first.x, y: first.y, ratio: 0.6 });
  }

  /** Where a mark is on the screen, and its radius there, in pixels of the container. */
  spot(id: string): Point & { radius: number } {
    const { x, y } = this.sigma.graphToViewport(this.graph.getNodeAttributes(id) as Point);
    return { x, y, radius: this.sigma.scaleSize(this.radius(id)) };
  }

  isLit(id: string): boolean {
    return this.lit?.has(id) ?? true;
  }

  /** A picture of what is in sight, at the resolution of the screen. */
  async picture(): Promise<Blob | null> {
    const { width, height } = this.sigma.getDimensions();
    const ratio = devicePixelRatio || 1;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * ratio, height * ratio];
    const context = canvas.getContext("2d");
    if (!context) return null;
    context.fillStyle = this.palette.ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
    this.sigma.refresh({ schedule: false }); // what WebGL drew can be read until the browser shows it
    for (const layer of layers(this.container)) context.drawImage(layer, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  private get span(): number {
    return 2 * MARGIN * Math.max(1, this.aspect);
  }

  private radius(id: string): number {
    return radiusOf(this.drawing.entity(id)?.papers ?? 1, this.most, this.scale);
  }

  /** Stretch the drawing to the frame, within reason, and size the marks to the room that each has. */
  private frame(): void {
    const { clientWidth: width, clientHeight: height } = this.container;
    this.aspect = Math.min(1.9, Math.max(0.55, width / Math.max(height, 1)));
    const room = Math.sqrt((width * height) / Math.max(this.drawing.drawn.entities.length, 1));
    this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    this.scale = Math.min(1.3 * this.rem, Math.max(0.5, room / 50));
  }

  private markOf(id: string) {
    const entity = this.drawing.entity(id);
    const lit = this.isLit(id);
    const zIndex = id === this.choice.select || id === this.hovered ? 2 : lit ? 1 : 0;
    return {
      ...this.graph.getNodeAttributes(id),
      shape: SHAPES[entity?.type ?? "Method"],
      size: this.radius(id),
      color: markColour(this, id, lit),
      zIndex,
    };
  }

  private lineOf(link: Link) {
    return lineLook(this, link) ?? { hidden: true };
  }

  private listen(): void {
    const { sigma, deeds } = this;
    sigma.on("clickNode", ({ node }) => deeds.choose(node));
    sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      deeds.expand(node);
    });
    sigma.on("clickStage", ({ event }) => this.clicked(event));
    sigma.on("enterNode", ({ node }) => this.hover(node));
    sigma.on("leaveNode", () => this.hover(null));
    sigma.on("afterRender", () => this.overlay.draw());
    document.fonts.addEventListener("loadingdone", () => this.overlay.redraw());
    sigma.on("resize", () => this.resized());
    sigma.getCamera().on("updated", () => deeds.moved());
  }

  private resized(): void {
    this.frame();
    for (const { id, x } of this.drawing.drawn.entities) this.graph.setNodeAttribute(id, "x", x * this.aspect);
    this.sigma.setCustomBBox({ x: [-MARGIN * this.aspect, MARGIN * this.aspect], y: [-MARGIN, MARGIN] });
  }

  private hover(id: string | null): void {
    this.hovered = id;
    this.container.classList.toggle("pointing", id !== null);
    this.repaint();
  }

  /** Beside all marks: the name of a cluster, a line that is drawn there, or nothing. */
  private clicked(point: Point): void {
    const cluster = this.overlay.clusterAt(point);
    if (cluster !== null) return this.deeds.cluster(cluster);
    const nearest = this.lineAt(point);
    if (nearest) this.deeds.link(nearest[0], nearest[1]);
    else this.deeds.clear();
  }

  private lineAt(point: Point): [string, string] | null {
    let found: [string, string] | null = null;
    let least = CLOSE;
    for (const link of this.drawing.drawn.links) {
      const [a, b] = [this.drawing.drawn.entities[link.source], this.drawing.drawn.entities[link.target]];
      if (!a || !b || !lineLook(this, link)) continue;
      const distance = distanceToSegment(point, this.spot(a.id), this.spot(b.id));
      if (distance < least) [found, least] = [[a.id, b.id], distance];
    }
    return found;
  }
}

/** The canvases of a container, those in front last. */
function layers(container: HTMLElement): HTMLCanvasElement[] {
  const found = [...container.querySelectorAll("canvas")];
  const depth = (canvas: HTMLElement): number => Number(getComputedStyle(canvas).zIndex) || 0;
  return found.sort((a, b) => depth(a) - depth(b));
}
