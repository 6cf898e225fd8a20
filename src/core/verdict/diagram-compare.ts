import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Box, Change } from "./diagram-box.ts";
import { barPoints, boxesOf, CHANGES, changedPoints } from "./diagram-box.ts";
import type { JointAxis } from "./diagram-joint.ts";
import { jointAxes } from "./diagram-joint.ts";
import type { Axis, Diagram, Ref } from "./diagram.ts";
import { FIRST_REF } from "./diagram.ts";
import { BARRED, FALSE, NO_AUTHORITY, NodeTable, TRUE } from "./node-table.ts";

export type Comparison = {
  /** Disjoint boxes that cover the changed points: few, rather than fewest. */
  readonly boxes: Readonly<Record<Change, readonly Box[]>>;
  /** How many points of the space each change reaches; exact even where boxes were left off. */
  readonly combinations: Readonly<Record<Change, bigint>>;
  /**
   * Points whose verdict did not change, but of which bars leave more, or less, than before. It counts for a person in the service
   * of several bodies, and as soon as somebody permits.
   */
  readonly latent: { readonly unbarred: bigint; readonly barred: bigint };
  /** False when a change had more than `mostBoxes` boxes and the rest was left off. */
  readonly complete: boolean;
};

export type CompareOptions = { readonly mostBoxes?: number; readonly mostNodes?: number };

/**
 * Compares two laws point by point, over the words of both. What one of them does not know, it permits to nobody;
 * a kind of evidence it does not know changes nothing for it.
 * Fails when the budget is spent: then nothing is known, not even that nothing opened.
 */
export function compareDiagrams(before: Diagram, after: Diagram, options: CompareOptions = {}): Checked<Comparison> {
  const { mostBoxes = 100, mostNodes = 2_000_000 } = options;
  const axes = jointAxes(before, after);
  const table = new NodeTable(
    axes.map(({ groups }) => groups.length),
    mostNodes,
  );
  const changed = (of: "root" | "bars"): number =>
    table.change(restated(before, before[of], "before", axes, table), restated(after, after[of], "after", axes, table));
  const change = changed("root");
  const known = table.smaller(knownWords("before", axes, table), knownWords("after", axes, table));
  const latent = table.smaller(table.smaller(known, table.not(change)), changed("bars"));
  if (table.spent) return fail(problem("E_DIAGRAM", `the two laws have no comparison of at most ${mostNodes} nodes`));
  const points = changedPoints(table, change, axes);
  const { boxes, complete } = boxesOf(table, change, points.keys(), axes, { before: before.masks, after: after.masks }, mostBoxes);
  const [looser, tighter] = barPoints(table, latent, axes);
  const byChange = <T>(of: (change: Change) => T): Readonly<Record<Change, T>> =>
    Object.fromEntries(CHANGES.map((name) => [name, of(name)])) as Record<Change, T>;
  return pass({
    boxes: byChange((name) => boxes.filter((box) => box.change === name)),
    combinations: byChange((name) => points.get(name) ?? 0n),
    latent: { unbarred: looser, barred: tighter },
    complete,
  });
}

type Side = "before" | "after";

/** A diagram over the joint axes, its mask levels those of the later chain. */
function restated(diagram: Diagram, root: Ref, side: Side, axes: readonly JointAxis[], table: NodeTable): number {
  const level = axes.findIndex(({ dimension }) => dimension === "field");
  const keys = (axes[level]?.groups ?? []).map((group) => (side === "after" ? "" : group.scale.join(" ")));
  const parts = [...new Set(keys)].map((key) => {
    const reached = table.node(
      level,
      keys.map((own) => (own === key ? TRUE : FALSE)),
    );
    return table.smaller(reached, copied(diagram, root, side, axes, table, key === "" ? [] : key.split(" ").map(Number)));
  });
  const whole = parts.reduce((a, b) => table.larger(a, b), FALSE);
  const known = knownWords(side, axes, table);
  return table.larger(table.smaller(known, whole), table.smaller(table.not(known), NO_AUTHORITY));
}

/** Where every word is one the side knows. */
const knownWords = (side: Side, axes: readonly JointAxis[], table: NodeTable): number =>
  axes.reduceRight((below, axis, level) => {
    const children = axis.groups.map((group) => (group[side] === undefined ? FALSE : below));
    return table.node(level, children);
  }, TRUE);

/** `scale`: what each mask level is on the other chain; a level it does not name stays as it is. */
function copied(diagram: Diagram, root: Ref, side: Side, axes: readonly JointAxis[], table: NodeTable, scale: readonly number[]): number {
  const levels = diagram.axes.map((axis) => axes.findIndex((joint) => sameAxis(joint, axis)));
  const known = new Map<Ref, number>();
  const copy = (ref: Ref): number => {
    if (ref < FIRST_REF) return scale[ref] ?? ref;
    const seen = known.get(ref);
    if (seen !== undefined) return seen;
    const node = diagram.nodes[ref - FIRST_REF];
    const level = levels[node?.axis ?? -1] ?? -1;
    const children = (axes[level]?.groups ?? []).map((group) => copy(node?.children[group[side] ?? 0] ?? BARRED));
    const made = table.node(level, children);
    known.set(ref, made);
    return made;
  };
  return copy(root);
}

const sameAxis = (a: Omit<Axis, "classes">, b: Omit<Axis, "classes">): boolean => a.dimension === b.dimension && a.evidence === b.evidence;
