/** What sigma does not draw: islands below the lines, names above the marks. */

import { hull, type Point } from "./geometry";
import { type Box, roomiest, placed, type Wish } from "./names";
import type { Scene } from "./scene";

const HALO = 3.5;
const SMALLEST = 3;
const PAD = 17;

type Spot = Point & { radius: number };

interface Name extends Wish {
  text: string;
  font: string;
}

interface ClusterName {
  number: number;
  lines: string[];
  box: Box;
}

const around = ({ x, y, radius: r }: Spot): Box => ({ left: x - r, top: y - r, right: x + r, bottom: y + r });

export class Overlay {
  private readonly below: CanvasRenderingContext2D;
  private readonly above: CanvasRenderingContext2D;
  private readonly widths = new Map<string, number>();
  private readonly family: string;
  private clusterNames: ClusterName[] = [];

  constructor(private readonly scene: Scene) {
    this.family = getComputedStyle(document.body).fontFamily;
    this.below = this.canvas("islands");
    this.above = this.canvas("names");
    scene.container.prepend(this.below.canvas);
  }

  /** Draw anew where letters have other widths, as when their font has come. */
  redraw(): void {
    this.widths.clear();
    this.draw();
  }

  draw(): void {
    const spots = new Map(this.scene.drawing.drawn.entities.map(({ id }) => [id, this.scene.spot(id)]));
    this.start(this.below);
    this.start(this.above);
    this.islands(spots);
    this.rings(spots);
    const names = this.wishes(spots);
    const { width, height } = this.scene.sigma.getDimensions();
    this.clusterNames = this.clusters(spots, names.filter(({ must }) => must));
    const taken = this.clusterNames.map(({ box }) => box);
    placed(names, taken, { width, height }, this.budget(width * height)).forEach((box, at) => {
      const name = names[at];
      if (box && name) this.write(name.text, name.font, box.left, (box.top + box.bottom) / 2, this.scene.palette.ink);
    });
    for (const each of this.clusterNames) this.writeCluster(each);
  }

  /** The cluster whose name is at a point. */
  clusterAt({ x, y }: Point): number | null {
    const hit = this.clusterNames.find(({ box }) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom);
    return hit?.number ?? null;
  }

  private canvas(name: string): CanvasRenderingContext2D {
    const canvas = document.createElement("canvas");
    canvas.className = `layer ${name}`;
    this.scene.container.append(canvas);
    const context = canvas.getContext("2d");
    if (!context) throw new Error("no canvas can be drawn on");
    return context;
  }

  /** Clear, at the size that the frame has now. */
  private start(context: CanvasRenderingContext2D): void {
    const { width, height } = this.scene.sigma.getDimensions();
    const ratio = devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (context.canvas.width !== wide) context.canvas.width = wide;
    if (context.canvas.height !== high) context.canvas.height = high;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.lineJoin = context.lineCap = "round";
  }

  /** A cluster is an island: the hull of its marks with round corners. */
  private islands(spots: Map<string, Spot>): void {
    const { drawing, palette, cluster, choice } = this.scene;
    for (const [number, members] of drawing.members) {
      const shown = this.spotsOf(members, spots);
      if (shown.length < SMALLEST || number < 0) continue;
      const dimmed = choice.select !== null || (cluster !== null && cluster !== number);
      const path = new Path2D(`M${hull(shown).map(({ x, y }) => `${x} ${y}`).join("L")}Z`);
      const layers: [number, string][] = [
        [2 * PAD + 2, dimmed ? palette.raised : palette.line],
        [2 * PAD, palette.raised],
      ];
      for (const [width, colour] of layers) {
        this.below.lineWidth = width;
        this.below.strokeStyle = this.below.fillStyle = colour;
        this.below.stroke(path);
        this.below.fill(path);
      }
    }
  }

  /** Rings around what is chosen or pointed at, and thinner ones around the focus and what is pinned. */
  private rings(spots: Map<string, Spot>): void {
    const { choice, hovered, palette, drawing } = this.scene;
    const strong = new Set([choice.select, choice.with, choice.path, hovered]);
    for (const id of new Set([...strong, drawing.drawn.focus, ...drawing.drawn.pinned])) {
      const spot = id === null ? undefined : spots.get(id);
      if (!spot) continue;
      this.above.beginPath();
      this.above.arc(spot.x, spot.y, spot.radius + 5, 0, 2 * Math.PI);
      this.above.lineWidth = strong.has(id) ? 2.5 : 1.2;
      this.above.strokeStyle = strong.has(id) ? palette.accent : palette.ink;
      this.above.stroke();
    }
  }

  /** The marks in sight, in the order in which their names take their places. */
  private wishes(spots: Map<string, Spot>): Name[] {
    const { drawing, choice, hovered, sigma } = this.scene;
    const { width, height } = sigma.getDimensions();
    const must = [choice.select, choice.with, choice.path, hovered].filter((id) => id !== null);
    const { focus, pinned, entities } = drawing.drawn;
    const first = [...must, ...(focus === null ? [] : [focus]), ...pinned];
    const linked = choice.select === null ? [] : drawing.neighbours(choice.select);
    const names: Name[] = [];
    for (const id of new Set([...first, ...linked, ...entities.map((each) => each.id)])) {
      const [entity, spot] = [drawing.entity(id), spots.get(id)];
      if (!entity || !spot) continue;
      const { x, y, radius } = spot;
      if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
      const told = must.includes(id);
      if (!told && !this.scene.isLit(id)) continue;
      names.push(this.wish(entity.name, { x, y, radius: radius + (told ? 5 : 1) }, told, first.includes(id)));
    }
    return names;
  }

  private wish(text: string, spot: Spot, must: boolean, bold: boolean): Name {
    const { rem } = this.scene;
    const size = Math.round(Math.min(15 * rem, 10.5 * rem + spot.radius * 0.3));
    const font = `${bold ? 650 : 500} ${size}px ${this.family}`;
    return { ...spot, must, text, font, width: this.widthOf(text, font), height: size * 1.25 };
  }

  /** Room for about fifty names on a laptop; more as one comes nearer, or where there is little to name. */
  private budget(area: number): number {
    const { choice, cluster, drawing, view } = this.scene;
    if (choice.select !== null || cluster !== null || drawing.drawn.entities.length < 100) return 120;
    return Math.max(12, (area / (11000 * this.scene.rem ** 2)) * Math.max(0.5, 1 / view.ratio) ** 2);
  }

  /** The names of the larger clusters, above, below or over them; fewer, and then none, as one comes nearer. */
  private clusters(spots: Map<string, Spot>, must: Name[]): ClusterName[] {
    const { drawing, choice, view, sigma } = this.scene;
    if (choice.select !== null || view.ratio < 0.3) return [];
    const { width, height } = sigma.getDimensions();
    const taken: Box[] = must.map(around);
    const marks = [...spots.values()].map(around);
    const found: ClusterName[] = [];
    const most = Math.max(4, Math.round((width * height) / (45000 * this.scene.rem ** 2)));
    const bySize = [...drawing.members].sort((a, b) => b[1].length - a[1].length);
    for (const [number, members] of bySize.slice(0, most)) {
      const name = drawing.drawn.clusters[number];
      const shown = this.spotsOf(members, spots);
      if (!name || shown.length < SMALLEST) continue;
      const lines = name.split(" · ");
      const wide = Math.max(...lines.map((line) => this.widthOf(line, this.clusterFont))) + 8;
      const size = { width: wide, height: this.clusterLine * lines.length + 4 };
      const box = roomiest(this.middles(shown, size.height), size, taken, marks, { width, height });
      if (!box) continue;
      taken.push(box);
      found.push({ number, lines, box });
    }
    return found;
  }

  private spotsOf(members: number[], spots: Map<string, Spot>): Spot[] {
    const { entities } = this.scene.drawing.drawn;
    return members.map((at) => spots.get(entities[at]?.id ?? "")).filter((each) => each !== undefined);
  }

  private middles(shown: Point[], height: number): Point[] {
    const x = shown.reduce((sum, each) => sum + each.x, 0) / shown.length;
    const [top, bottom] = [Math.min(...shown.map(({ y }) => y)), Math.max(...shown.map(({ y }) => y))];
    const [above, below] = [top - PAD - height / 2 - 1, bottom + PAD + height / 2 + 1];
    return [above, below, (top + bottom) / 2, above - 14, below + 14].map((y) => ({ x, y }));
  }

  private get clusterFont(): string {
    return `650 ${12.5 * this.scene.rem}px ${this.family}`;
  }

  private get clusterLine(): number {
    return 15 * this.scene.rem;
  }

  private writeCluster({ number, lines, box }: ClusterName): void {
    const { palette, cluster } = this.scene;
    const colour = cluster === number ? palette.accent : palette.quiet;
    lines.forEach((line, at) => {
      const left = (box.left + box.right - this.widthOf(line, this.clusterFont)) / 2;
      this.write(line, this.clusterFont, left, box.top + 2 + (at + 0.5) * this.clusterLine, colour);
    });
  }

  private write(text: string, font: string, left: number, middle: number, colour: string): void {
    this.above.font = font;
    this.above.textBaseline = "middle";
    this.above.lineWidth = HALO;
    this.above.strokeStyle = this.scene.palette.ground;
    this.above.strokeText(text, left, middle);
    this.above.fillStyle = colour;
    this.above.fillText(text, left, middle);
  }

  private widthOf(text: string, font: string): number {
    const key = `${font} ${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      this.above.font = font;
      width = this.above.measureText(text).width + 4;
      this.widths.set(key, width);
    }
    return width;
  }
}

