import type { DayView } from "./day-view.ts";
import type { RawAxis } from "./diagram-space.ts";
import type { Axis, Diagram, DiagramNode, Ref } from "./diagram.ts";
import { FIRST_REF } from "./diagram.ts";
import { FALSE, NodeTable } from "./node-table.ts";

/** The diagrams of one law within a table. */
export type Roots = { readonly verdict: number; readonly bars: number };

/** The words of an axis in groups, each with the raw groups its values lie in: more than one where an origin has several readings. */
type WordGroup = { readonly words: readonly string[]; readonly raw: readonly number[] };

/**
 * The one diagram of a verdict: readings met, words in classes by verdict alone, nodes numbered from the root.
 * Undefined when the table's budget is spent.
 */
export function canonicalDiagram(
  view: DayView,
  rawAxes: readonly RawAxis[],
  raw: NodeTable,
  roots: Roots,
  mostNodes: number,
): Diagram | undefined {
  const groups = rawAxes.map(wordGroups);
  const table = new NodeTable(
    groups.map((found) => found.length),
    mostNodes,
  );
  const restate = readingsMet(raw, groups, table);
  const met = { verdict: restate(roots.verdict), bars: restate(roots.bars) };
  if (table.spent || raw.spent) return undefined;
  const axes = rawAxes.map(({ dimension, evidence }) => ({ dimension, ...(evidence === undefined ? {} : { evidence }) }));
  const words = groups.map((found) => found.map((group) => group.words));
  const fields = view.law.vocabulary.fields.filter(({ id }) => words.some((found) => found.some((group) => group.includes(id))));
  return { ...numbered(table, met, axes, words), masks: Object.fromEntries(fields.map(({ id, masks }) => [id, masks])) };
}

function wordGroups(axis: RawAxis): readonly WordGroup[] {
  const rawOf = new Map<string, Set<number>>();
  for (const [at, group] of axis.groups.entries()) for (const { word } of group) rawOf.set(word, (rawOf.get(word) ?? new Set()).add(at));
  const groups = new Map<string, { words: string[]; raw: readonly number[] }>();
  for (const [word, raw] of rawOf) {
    const key = [...raw].sort((a, b) => a - b).join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { words: [word], raw: [...raw] });
    else group.words.push(word);
  }
  return [...groups.values()];
}

/** States a diagram over words instead of readings: a word gets the worst of its readings. */
function readingsMet(raw: NodeTable, groups: readonly (readonly WordGroup[])[], table: NodeTable): (root: number) => number {
  const known = new Map<number, number>();
  const restate = (id: number): number => {
    if (raw.isValue(id)) return id;
    const seen = known.get(id);
    if (seen !== undefined) return seen;
    const level = raw.level(id);
    const children = (groups[level] ?? []).map((group) =>
      group.raw.map((at) => restate(raw.child(id, at))).reduce((a, b) => table.larger(a, b), FALSE),
    );
    const made = table.node(level, children);
    known.set(id, made);
    return made;
  };
  return restate;
}

/** Plain data of a diagram: words that every node treats alike share a class, nodes stand in the order of a walk from the root. */
function numbered(
  table: NodeTable,
  roots: Roots,
  axes: readonly Omit<Axis, "classes">[],
  words: readonly (readonly (readonly string[])[])[],
): Omit<Diagram, "masks"> {
  const byLevel = nodesByLevel(table, [roots.verdict, roots.bars]);
  const classes = words.map((groups, level) => classesOf(table, byLevel.get(level) ?? [], groups));
  const refs = new Map<number, Ref>();
  const nodes: DiagramNode[] = [];
  const refOf = (id: number): Ref => {
    if (table.isValue(id)) return id;
    const known = refs.get(id);
    if (known !== undefined) return known;
    const axis = table.level(id);
    const ref = FIRST_REF + refs.size;
    refs.set(id, ref);
    const at = nodes.push({ axis, children: [] }) - 1;
    nodes[at] = { axis, children: (classes[axis] ?? []).map((found) => refOf(table.child(id, found.group))) };
    return ref;
  };
  const [root, bars] = [refOf(roots.verdict), refOf(roots.bars)];
  return { axes: axes.map((axis, at) => ({ ...axis, classes: (classes[at] ?? []).map((found) => found.words) })), nodes, root, bars };
}

function nodesByLevel(table: NodeTable, roots: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const byLevel = new Map<number, number[]>();
  const seen = new Set<number>();
  const queue = [...roots];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (table.isValue(id) || seen.has(id)) continue;
    seen.add(id);
    const level = table.level(id);
    const found = byLevel.get(level);
    if (found === undefined) byLevel.set(level, [id]);
    else found.push(id);
    for (let at = 0; at < (table.widths[level] ?? 0); at += 1) queue.push(table.child(id, at));
  }
  return byLevel;
}

type WordClass = { readonly words: readonly string[]; readonly group: number };

function classesOf(table: NodeTable, nodes: readonly number[], groups: readonly (readonly string[])[]): readonly WordClass[] {
  const classes = new Map<string, { words: string[]; group: number }>();
  for (const [group, words] of groups.entries()) {
    const key = nodes.map((id) => table.child(id, group)).join(" ");
    const found = classes.get(key);
    if (found === undefined) classes.set(key, { words: [...words], group });
    else found.words.push(...words);
  }
  const sorted = [...classes.values()].map(({ words, group }) => ({ words: words.sort(), group }));
  return sorted.sort((a, b) => ((a.words[0] ?? "") < (b.words[0] ?? "") ? -1 : 1));
}
