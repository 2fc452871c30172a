/** What the page says is drawn, and what follows from it. Pure. */

export type Type = "Method" | "Dataset" | "Task" | "Metric" | "Concept";

export interface Entity {
  id: string;
  name: string;
  type: Type;
  papers: number;
  degree: number;
  x: number;
  y: number;
  cluster: number;
}

/** Two entities, by their places in the list. */
export interface Link {
  source: number;
  target: number;
  papers: number;
  weight: number;
}

/** `ways` are entities in the order in which a way leads over them; the first of `focus` and `pinned` stand out. */
export interface Drawn {
  entities: Entity[];
  links: Link[];
  clusters: Record<string, string>;
  focus: string | null;
  pinned: string[];
  cluster: number | null;
  ways: string[][];
}

/** Links of each entity that are drawn before one is chosen; in a large drawing one less. */
const AT_REST = 3;
const LARGE = 300;

/** A drawing, with who is linked to whom. */
export class Drawing {
  readonly index: Map<string, number>;
  /** Of each entity, those that it is linked to, the strongest link first. */
  readonly near: { other: number; link: Link }[][];
  /** The links that are drawn at rest: the strongest of each entity. */
  readonly major: Set<Link>;
  /** Entities of each cluster, those in most papers first. */
  readonly members: Map<number, number[]>;
  private readonly onWay: Set<string>;

  constructor(readonly drawn: Drawn) {
    const { entities, links } = drawn;
    this.index = new Map(entities.map(({ id }, at) => [id, at]));
    this.near = entities.map(() => []);
    for (const link of [...links].sort((a, b) => b.weight - a.weight || b.papers - a.papers)) {
      this.near[link.source]?.push({ other: link.target, link });
      this.near[link.target]?.push({ other: link.source, link });
    }
    const most = entities.length > LARGE ? AT_REST - 1 : AT_REST;
    this.major = new Set(this.near.flatMap((own) => own.slice(0, most).map(({ link }) => link)));
    this.members = grouped(entities);
    this.onWay = new Set(drawn.ways.flatMap((way) => way.slice(1).map((step, at) => pairKey(way[at] ?? "", step))));
  }

  entity(id: string | null): Entity | null {
    const at = id === null ? undefined : this.index.get(id);
    return at === undefined ? null : (this.drawn.entities[at] ?? null);
  }

  /** Ids of what an entity is linked to, the strongest link first. */
  neighbours(id: string): string[] {
    const own = this.near[this.index.get(id) ?? -1] ?? [];
    return own.map(({ other }) => this.drawn.entities[other]?.id ?? "");
  }

  /** Whether a way leads from one straight to the other. */
  isStep(a: string, b: string): boolean {
    return this.onWay.has(pairKey(a, b));
  }
}

function pairKey(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function grouped(entities: Entity[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  entities.forEach(({ cluster }, at) => {
    const own = found.get(cluster);
    if (own) own.push(at);
    else found.set(cluster, [at]);
  });
  const papers = (at: number): number => entities[at]?.papers ?? 0;
  for (const own of found.values()) own.sort((a, b) => papers(b) - papers(a) || a - b);
  return found;
}
