import type { Dimension } from "../law/condition.ts";
import type { Axis, Diagram, Ref } from "./diagram.ts";
import { EVIDENCE_WORDS, FIRST_REF, lookupsOf } from "./diagram.ts";
import { BARRED, FALSE, NO_AUTHORITY, NodeTable, TRUE } from "./node-table.ts";

/** Who gives what to whom and why: the part of a question that is not about the record or the evidence. */
export type Act = { readonly discloser: string; readonly recipient: string; readonly action: string; readonly purpose: string };

/** A record as the law sees it, by dimension. */
export type RecordWords = Readonly<Partial<Record<Exclude<Dimension, "evidence">, string>>>;

const ACT_DIMENSIONS = ["discloser", "recipient", "action", "purpose"] as const;

/** Sets of records, as truths over the axes of a diagram that are about the record; its algebra is the node table's. */
export class RecordMap {
  readonly table: NodeTable;
  private readonly diagram: Diagram;
  private readonly lookups: readonly ReadonlyMap<string, number>[];
  private readonly without: ReadonlySet<string>;
  private readonly early: ReadonlySet<Dimension>;
  /** What is permitted and what is barred below a node, by the words of the act that are asked only below it. */
  private readonly permittedBelow = new Map<string, Map<Ref, number>>();
  private readonly barredBelow = new Map<string, Map<Ref, number>>();

  /** `without`: kinds of evidence that are never at hand. */
  constructor(diagram: Diagram, mostNodes: number, without: readonly string[]) {
    this.diagram = diagram;
    this.without = new Set(without);
    this.lookups = lookupsOf(diagram);
    this.early = earlyActs(diagram.axes);
    this.table = new NodeTable(
      diagram.axes.map(({ classes }) => classes.length),
      mostNodes,
    );
  }

  /** Records for which the act is permitted or masked on some evidence. */
  permitted(act: Act): number {
    return this.project(act, this.permittedBelow, {
      rank: (rank) => (rank < NO_AUTHORITY ? TRUE : FALSE),
      evidence: (a, b) => this.table.larger(a, b),
    });
  }

  /** Records for which the act is barred whatever the evidence. */
  barred(act: Act): number {
    return this.project(act, this.barredBelow, {
      rank: (rank) => (rank === BARRED ? TRUE : FALSE),
      evidence: (a, b) => this.table.smaller(a, b),
    });
  }

  /** All records that have one of the words. */
  having(dimension: Dimension, words: readonly string[]): number {
    const level = this.diagram.axes.findIndex((axis) => axis.dimension === dimension);
    const classes = this.diagram.axes[level]?.classes ?? [];
    return this.table.node(
      level,
      classes.map((found) => (found.some((word) => words.includes(word)) ? TRUE : FALSE)),
    );
  }

  /** The same for two pairs of bodies that no verdict tells apart. */
  pairKey(discloser: string, recipient: string): string {
    const at = (dimension: Dimension, word: string): number | undefined =>
      this.lookups[this.diagram.axes.findIndex((axis) => axis.dimension === dimension)]?.get(word);
    return `${at("discloser", discloser)} ${at("recipient", recipient)}`;
  }

  holds(records: number, record: RecordWords): boolean {
    let id = records;
    while (!this.table.isValue(id)) {
      const axis = this.diagram.axes[this.table.level(id)];
      const at = this.lookups[this.table.level(id)]?.get(record[axis?.dimension as keyof RecordWords] ?? "");
      if (at === undefined) return false;
      id = this.table.child(id, at);
    }
    return id === TRUE;
  }

  /** One record of a set that is not empty; words the set leaves open are the first of the vocabulary. */
  example(records: number): RecordWords {
    const words = new Map<Dimension, string>();
    for (const axis of this.diagram.axes)
      if (axis.evidence === undefined && !(ACT_DIMENSIONS as readonly Dimension[]).includes(axis.dimension))
        words.set(axis.dimension, axis.classes[0]?.[0] ?? "");
    let id = records;
    while (!this.table.isValue(id)) {
      const axis = this.diagram.axes[this.table.level(id)];
      const at = (axis?.classes ?? []).findIndex((_, child) => this.table.child(id, child) !== FALSE);
      if (axis !== undefined) words.set(axis.dimension, axis.classes[at]?.[0] ?? "");
      id = this.table.child(id, at);
    }
    return Object.fromEntries(words);
  }

  /** The least evidence found on which the act is permitted for the record; undefined where none suffices. */
  evidenceFor(act: Act, record: RecordWords): readonly string[] | undefined {
    // WHY first: whether any suffices is known for all records at once; a search would go through the whole diagram to find none.
    if (!this.holds(this.permitted(act), record)) return undefined;
    const barren = new Set<Ref>();
    const words = { ...record, ...act };
    const search = (ref: Ref): readonly string[] | undefined => {
      if (ref < FIRST_REF) return ref < NO_AUTHORITY ? [] : undefined;
      if (barren.has(ref)) return undefined;
      const kind = this.axisOf(ref)?.evidence;
      const absent = search(this.childFor(ref, kind === undefined ? words[this.axisOf(ref)?.dimension as keyof Act] : EVIDENCE_WORDS[0]));
      const skip = absent !== undefined || kind === undefined || this.without.has(kind);
      const found = skip ? absent : withKind(search(this.childFor(ref, EVIDENCE_WORDS[1])), kind);
      if (found === undefined) barren.add(ref);
      return found;
    };
    return search(this.diagram.root);
  }

  private axisOf(ref: Ref): Axis | undefined {
    return this.diagram.axes[this.diagram.nodes[ref - FIRST_REF]?.axis ?? -1];
  }

  /** INVARIANT: a word the diagram does not know opens nothing. */
  private childFor(ref: Ref, word: string): Ref {
    const node = this.diagram.nodes[ref - FIRST_REF];
    const at = this.lookups[node?.axis ?? -1]?.get(word);
    return at === undefined ? NO_AUTHORITY : (node?.children[at] ?? BARRED);
  }

  private project(
    act: Act,
    memory: Map<string, Map<Ref, number>>,
    by: { rank(rank: number): number; evidence(a: number, b: number): number },
  ): number {
    const { table } = this;
    const wordOf = (ref: Ref): string | undefined => act[this.axisOf(ref)?.dimension as keyof Act];
    let start = this.diagram.root;
    for (let word = wordOf(start); start >= FIRST_REF && word !== undefined; word = wordOf(start)) start = this.childFor(start, word);
    const late = ACT_DIMENSIONS.map((dimension) => (this.early.has(dimension) ? "" : act[dimension])).join(" ");
    const known = memory.get(late) ?? new Map<Ref, number>();
    memory.set(late, known);
    const below = (ref: Ref): number => {
      if (ref < FIRST_REF) return by.rank(ref);
      const seen = known.get(ref);
      if (seen !== undefined) return seen;
      const word = wordOf(ref);
      const children = word === undefined ? this.childrenOf(ref).map(below) : [below(this.childFor(ref, word))];
      const isRecord = word === undefined && this.axisOf(ref)?.evidence === undefined;
      const made = isRecord
        ? table.node(this.diagram.nodes[ref - FIRST_REF]?.axis ?? 0, children)
        : children.reduce((a, b) => by.evidence(a, b));
      known.set(ref, made);
      return made;
    };
    return below(start);
  }

  /** Children of a node about a record, or about evidence that somebody may have. */
  private childrenOf(ref: Ref): readonly Ref[] {
    const kind = this.axisOf(ref)?.evidence;
    if (kind !== undefined && this.without.has(kind)) return [this.childFor(ref, EVIDENCE_WORDS[0])];
    return this.diagram.nodes[ref - FIRST_REF]?.children ?? [];
  }
}

const withKind = (found: readonly string[] | undefined, kind: string): readonly string[] | undefined =>
  found === undefined ? undefined : [...found, kind].sort();

/** Act dimensions that the diagram asks about before anything else. */
function earlyActs(axes: readonly Axis[]): ReadonlySet<Dimension> {
  const first = axes.findIndex(({ dimension }) => !(ACT_DIMENSIONS as readonly Dimension[]).includes(dimension));
  return new Set(axes.slice(0, first).map(({ dimension }) => dimension));
}
