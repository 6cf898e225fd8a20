import type { Dimension } from "../law/condition.ts";
import type { JointAxis } from "./diagram-joint.ts";
import type { PointVerdict } from "./diagram.ts";
import { EVIDENCE_WORDS, verdictOf } from "./diagram.ts";
import type { NodeTable } from "./node-table.ts";
import { BARRED, NO_AUTHORITY, ranksOf } from "./node-table.ts";

/**
 * What became of a point. `opened`, `closed`: released now, or no longer. `clearer`, `stricter`: under another mask.
 * `unbarred`, `barred`: not released before or after, but by no bar any more, or by one now.
 */
export const CHANGES = ["opened", "clearer", "unbarred", "closed", "stricter", "barred"] as const;
export type Change = (typeof CHANGES)[number];

/** Changes that let out more, now or as soon as somebody permits it. */
export const OPENING_CHANGES: readonly Change[] = ["opened", "clearer", "unbarred"];

/** Points that changed alike: every combination of one word from each dimension. */
export type Box = {
  readonly change: Change;
  /** Sorted words by dimension; a dimension that is absent has any word. */
  readonly words: Readonly<Partial<Record<Exclude<Dimension, "evidence">, readonly string[]>>>;
  /** Kinds of evidence that are at hand, or are not; any other kind may or may not be. */
  readonly evidence: { readonly present: readonly string[]; readonly absent: readonly string[] };
  readonly before: PointVerdict;
  readonly after: PointVerdict;
  readonly combinations: bigint;
};

type Masks = Readonly<Record<string, readonly string[]>>;

/** What a changed value is called. */
function changeName(value: number): Change {
  const { before, after } = ranksOf(value);
  const [was, is] = [before < NO_AUTHORITY, after < NO_AUTHORITY];
  if (was !== is) return is ? "opened" : "closed";
  if (was) return after < before ? "clearer" : "stricter";
  return after === BARRED ? "barred" : "unbarred";
}

/** Groups of words at some levels, and the value there; a level that is not named is free. */
type Shape = { readonly value: number; readonly sides: ReadonlyMap<number, readonly number[]> };

/** `mostBoxes` at most of each change that occurs, and whether those are all. */
export function boxesOf(
  table: NodeTable,
  change: number,
  names: Iterable<Change>,
  axes: readonly JointAxis[],
  masks: { readonly before: Masks; readonly after: Masks },
  mostBoxes: number,
): { readonly boxes: readonly Box[]; readonly complete: boolean } {
  const found = [...names].map((name) => shapesOf(table, change, name, mostBoxes));
  const shapes = found.flatMap((one) => merged(one.shapes, table.widths));
  const verdicts = fieldVerdicts(axes, masks);
  return { boxes: shapes.flatMap((shape) => toBoxes(shape, axes, verdicts)), complete: found.every((one) => one.complete) };
}

/** A shape in the making: one level and the rest below it. Interned, so that equal ones are identical. */
type Link = {
  readonly id: number;
  readonly level: number;
  readonly groups: readonly number[];
  readonly rest: Link | undefined;
  readonly value: number;
};

type Shapes = { readonly shapes: readonly Shape[]; readonly complete: boolean };

/** Disjoint shapes of one change below a node: those of its children, joined over the groups that share them. */
function shapesOf(table: NodeTable, root: number, name: Change, mostBoxes: number): Shapes {
  let complete = true;
  const interned = new Map<string, Link>();
  const intern = (level: number, groups: readonly number[], rest: Link | undefined, value: number): Link => {
    const key = `${level}:${groups.join(",")}:${rest?.id ?? -value}`;
    const known = interned.get(key) ?? { id: interned.size, level, groups, rest, value };
    interned.set(key, known);
    return known;
  };
  const known = new Map<number, readonly Link[]>();
  const below = (id: number): readonly Link[] => {
    if (table.isValue(id)) return id !== 0 && changeName(id) === name ? [intern(-1, [], undefined, id)] : [];
    const seen = known.get(id);
    if (seen !== undefined) return seen;
    const groupsOf = new Map<Link, number[]>();
    const level = table.level(id);
    for (let at = 0; at < (table.widths[level] ?? 0); at += 1)
      for (const link of below(table.child(id, at))) {
        const groups = groupsOf.get(link);
        if (groups === undefined) groupsOf.set(link, [at]);
        else groups.push(at);
      }
    complete &&= groupsOf.size <= mostBoxes;
    const links = [...groupsOf]
      .slice(0, mostBoxes)
      .map(([link, groups]) => (groups.length === table.widths[level] ? link : intern(level, groups, link, link.value)));
    known.set(id, links);
    return links;
  };
  return { shapes: below(root).map((link) => ({ value: link.value, sides: new Map(sidesOf(link)) })), complete };
}

const sidesOf = ({ level, groups, rest }: Link): readonly (readonly [number, readonly number[]])[] =>
  rest === undefined ? [] : [[level, groups], ...sidesOf(rest)];

/** Joins shapes that differ at one level only, until none do. */
function merged(shapes: readonly Shape[], widths: readonly number[]): readonly Shape[] {
  let current = shapes;
  for (let before = current.length + 1; before > current.length;) {
    before = current.length;
    for (const [level, width] of widths.entries()) current = mergedAt(current, level, width);
  }
  return current;
}

const writings = new WeakMap<readonly number[], string>();

/** Numbers as text; WHY remembered: merging asks for the same lists over and over. */
function written(groups: readonly number[]): string {
  const known = writings.get(groups) ?? groups.join(",");
  writings.set(groups, known);
  return known;
}

function mergedAt(shapes: readonly Shape[], level: number, width: number): readonly Shape[] {
  if (shapes.filter(({ sides }) => sides.has(level)).length < 2) return shapes;
  const groups = new Map<string, { value: number; sides: Map<number, readonly number[]>; own: number[] }>();
  const free: Shape[] = [];
  for (const { value, sides } of shapes) {
    const own = sides.get(level);
    if (own === undefined) free.push({ value, sides });
    else {
      let key = String(value);
      for (const [at, words] of sides) if (at !== level) key += `;${at}:${written(words)}`;
      const group = groups.get(key) ?? { value, sides: new Map(sides), own: [] };
      group.own.push(...own);
      groups.set(key, group);
    }
  }
  const joined = [...groups.values()].map(({ value, sides, own }): Shape => {
    const sorted = own.sort((a, b) => a - b);
    if (own.length === width) sides.delete(level);
    else sides.set(level, sorted);
    return { value, sides };
  });
  return [...free, ...joined];
}

type FieldVerdict = { readonly before: PointVerdict; readonly after: PointVerdict; readonly key: string };

/** What a changed value means for each group of fields, which may have their masks by different names. */
function fieldVerdicts(axes: readonly JointAxis[], masks: { readonly before: Masks; readonly after: Masks }) {
  const fields = axes.find(({ dimension }) => dimension === "field")?.groups ?? [];
  const known = new Map<number, readonly FieldVerdict[]>();
  return (value: number): readonly FieldVerdict[] => {
    const seen = known.get(value);
    if (seen !== undefined) return seen;
    const ranks = ranksOf(value);
    const made = fields.map(({ words: [field = ""] }) => {
      // WHY the later chain on both sides: the comparison restates earlier levels on it.
      const before = verdictOf({ masks: { [field]: masks.after[field] ?? masks.before[field] ?? [] } }, field, ranks.before);
      const after = verdictOf({ masks: masks.after }, field, ranks.after);
      return { before, after, key: JSON.stringify([before, after]) };
    });
    known.set(value, made);
    return made;
  };
}

/** A shape in words; in parts where its fields have their masks by other names. */
function toBoxes(shape: Shape, axes: readonly JointAxis[], verdicts: (value: number) => readonly FieldVerdict[]): readonly Box[] {
  const level = axes.findIndex(({ dimension }) => dimension === "field");
  const fields = verdicts(shape.value);
  const parts = new Map<string, FieldVerdict & { readonly groups: number[] }>();
  for (const at of shape.sides.get(level) ?? fields.keys()) {
    const verdict = fields[at];
    if (verdict === undefined) continue;
    const part = parts.get(verdict.key) ?? { ...verdict, groups: [] };
    part.groups.push(at);
    parts.set(verdict.key, part);
  }
  return [...parts.values()].map(({ before, after, groups }) => {
    const sides = groups.length === fields.length ? shape.sides : new Map([...shape.sides, [level, groups] as const]);
    return { change: changeName(shape.value), ...wordsOf(sides, axes), before, after, combinations: sizeOf(sides, axes) };
  });
}

function wordsOf(sides: Shape["sides"], axes: readonly JointAxis[]): Pick<Box, "words" | "evidence"> {
  const words: Partial<Record<Dimension, readonly string[]>> = {};
  const [present, absent]: [string[], string[]] = [[], []];
  for (const [level, groups] of sides) {
    const axis = axes[level];
    const found = groups.flatMap((at) => axis?.groups[at]?.words ?? []).sort();
    if (axis?.evidence !== undefined) (found[0] === EVIDENCE_WORDS[1] ? present : absent).push(axis.evidence);
    else if (axis !== undefined) words[axis.dimension] = found;
  }
  return { words, evidence: { present: present.sort(), absent: absent.sort() } };
}

const wordCount = ({ groups }: JointAxis, which?: readonly number[]): bigint =>
  BigInt((which?.map((at) => groups[at]) ?? groups).reduce((sum, group) => sum + (group?.words.length ?? 0), 0));

const sizeOf = (sides: Shape["sides"], axes: readonly JointAxis[]): bigint =>
  axes.reduce((size, axis, level) => size * wordCount(axis, sides.get(level)), 1n);

/** How many points of the space have each change. */
export const changedPoints = (table: NodeTable, root: number, axes: readonly JointAxis[]): ReadonlyMap<Change, bigint> =>
  pointsBy(table, root, axes, changeName);

/** Of how many points bars leave more than before, and of how many less. */
export function barPoints(table: NodeTable, root: number, axes: readonly JointAxis[]): readonly [bigint, bigint] {
  const points = pointsBy(table, root, axes, (value) => (ranksOf(value).after < ranksOf(value).before ? "more" : "less"));
  return [points.get("more") ?? 0n, points.get("less") ?? 0n];
}

function pointsBy<K>(table: NodeTable, root: number, axes: readonly JointAxis[], nameOf: (value: number) => K): ReadonlyMap<K, bigint> {
  const sizes = axes.map((axis) => wordCount(axis));
  const between = (from: number, to: number): bigint => sizes.slice(from, to).reduce((product, size) => product * size, 1n);
  const known = new Map<number, ReadonlyMap<K, bigint>>();
  const below = (id: number): ReadonlyMap<K, bigint> => {
    if (table.isValue(id)) return new Map(id === 0 ? [] : [[nameOf(id), 1n]]);
    const seen = known.get(id);
    if (seen !== undefined) return seen;
    const level = table.level(id);
    const sums = new Map<K, bigint>();
    for (const [at, group] of (axes[level]?.groups ?? []).entries()) {
      const child = table.child(id, at);
      const copies = BigInt(group.words.length) * between(level + 1, table.level(child));
      for (const [name, points] of below(child)) sums.set(name, (sums.get(name) ?? 0n) + copies * points);
    }
    known.set(id, sums);
    return sums;
  };
  const above = between(0, table.level(root));
  return new Map([...below(root)].map(([name, points]) => [name, points * above]));
}
