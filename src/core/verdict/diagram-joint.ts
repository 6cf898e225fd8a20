import type { Dimension } from "../law/condition.ts";
import type { Axis, Diagram } from "./diagram.ts";
import { AXIS_ORDER, EVIDENCE_WORDS, lookupsOf } from "./diagram.ts";
import { NO_AUTHORITY } from "./node-table.ts";

/** Words that neither of two diagrams tells apart, with their class in each; undefined where one does not know them. */
export type JointGroup = {
  readonly words: readonly string[];
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Of fields: each earlier mask level on the later chain; empty where both chains agree. */
  readonly scale: readonly number[];
};
export type JointAxis = { readonly dimension: Dimension; readonly evidence?: string; readonly groups: readonly JointGroup[] };

/** The axes of two diagrams together, in the order of both. */
export function jointAxes(before: Diagram, after: Diagram): readonly JointAxis[] {
  const [earlier, later] = [lookupsOf(before), lookupsOf(after)];
  const at = (diagram: Diagram, dimension: Dimension, evidence?: string): number =>
    diagram.axes.findIndex((axis) => axis.dimension === dimension && axis.evidence === evidence);
  const joint = (dimension: Dimension, evidence?: string): JointAxis => {
    const [was, is] = [earlier[at(before, dimension, evidence)], later[at(after, dimension, evidence)]];
    const words = evidence === undefined ? [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])] : EVIDENCE_WORDS;
    // WHY class 0: a kind of evidence that a diagram does not know is asked about by none of its nodes.
    const classIn = (found: ReadonlyMap<string, number> | undefined, word: string): number | undefined =>
      found === undefined && evidence !== undefined ? 0 : found?.get(word);
    const placed = words.map((word) => ({
      word,
      before: classIn(was, word),
      after: classIn(is, word),
      scale: dimension === "field" ? scaleOf(before.masks[word], after.masks[word]) : [],
    }));
    return {
      dimension,
      ...(evidence === undefined ? {} : { evidence }),
      groups: grouped(placed, dimension === "field" ? [before, after] : []),
    };
  };
  const kinds = [...new Set([...before.axes, ...after.axes].flatMap((axis: Axis) => axis.evidence ?? []))].sort();
  return AXIS_ORDER.flatMap((dimension) => (dimension === "evidence" ? kinds.map((kind) => joint(dimension, kind)) : [joint(dimension)]));
}

/** INVARIANT: a mask the later chain does not know counts as nothing released, so that what replaces it counts as opened. */
function scaleOf(before: readonly string[] | undefined, after: readonly string[] | undefined): readonly number[] {
  if (before === undefined || after === undefined) return [];
  const scale = before.slice(0, -1).map((mask) => {
    const at = after.indexOf(mask);
    return at < 0 || at === after.length - 1 ? NO_AUTHORITY : at;
  });
  return scale.every((level, at) => level === at) ? [] : scale;
}

type Placed = Omit<JointGroup, "words"> & { readonly word: string };

function grouped(placed: readonly Placed[], chains: readonly Diagram[]): readonly JointGroup[] {
  const groups = new Map<string, JointGroup & { readonly words: string[] }>();
  for (const { word, ...place } of placed) {
    const key = JSON.stringify([place.before ?? null, place.after ?? null, ...chains.map(({ masks }) => masks[word] ?? null)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { words: [word], ...place });
    else group.words.push(word);
  }
  return [...groups.values()];
}
