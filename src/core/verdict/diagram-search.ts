import type { Dimension } from "../law/condition.ts";
import type { Outcome } from "./cell.ts";
import type { Axis, Diagram, Point, PointVerdict, Ref } from "./diagram.ts";
import { EVIDENCE_WORDS, FIRST_REF, verdictAt } from "./diagram.ts";
import { BARRED, NO_AUTHORITY } from "./node-table.ts";

/** A part of the space. A dimension that is absent may have any word; kinds of evidence not named may or may not be at hand. */
export type Region = Readonly<Partial<Record<Exclude<Dimension, "evidence">, readonly string[]>>> & {
  readonly evidence?: { readonly present?: readonly string[]; readonly absent?: readonly string[] };
};

export type Example = { readonly point: Point; readonly verdict: PointVerdict };

/**
 * A point of the region with one of the outcomes; undefined when there is none, which is proof over the whole region.
 * INVARIANT: a word the diagram does not know is in no point, so callers check words before they trust a proof.
 */
export function counterExample(diagram: Diagram, region: Region, outcomes: readonly Outcome[]): Example | undefined {
  const choices = diagram.axes.map((axis) => allowedClasses(axis, region));
  if (choices.some((found) => found.length === 0)) return undefined;
  const wanted = new Set(outcomes);
  const barren = new Set<Ref>();
  const path = new Map<number, number>();
  const reaches = (ref: Ref): boolean => {
    if (ref < FIRST_REF) return wanted.has(outcomeOf(ref));
    if (barren.has(ref)) return false;
    const node = diagram.nodes[ref - FIRST_REF];
    for (const choice of choices[node?.axis ?? -1] ?? []) {
      if (!reaches(node?.children[choice.at] ?? BARRED)) continue;
      path.set(node?.axis ?? -1, choice.at);
      return true;
    }
    barren.add(ref);
    return false;
  };
  if (!reaches(diagram.root)) return undefined;
  const words = choices.map((found, axis) => (found.find(({ at }) => at === path.get(axis)) ?? found[0])?.word ?? "");
  const point = pointOf(diagram, words);
  return { point, verdict: verdictAt(diagram, point) };
}

const outcomeOf = (rank: number): Outcome =>
  rank === BARRED ? "barred" : rank === NO_AUTHORITY ? "no-authority" : rank === 0 ? "permitted" : "masked";

/** Classes of an axis with a word in the region, and that word. */
function allowedClasses(axis: Axis, region: Region): readonly { readonly at: number; readonly word: string }[] {
  const allowed = wordsIn(axis, region);
  return axis.classes.flatMap((words, at) => {
    const word = words.find((found) => allowed === undefined || allowed.includes(found));
    return word === undefined ? [] : [{ at, word }];
  });
}

function wordsIn(axis: Axis, region: Region): readonly string[] | undefined {
  if (axis.evidence === undefined) return region[axis.dimension as Exclude<Dimension, "evidence">];
  const [absent, present] = EVIDENCE_WORDS;
  const must = region.evidence?.present?.includes(axis.evidence) === true;
  const mustNot = region.evidence?.absent?.includes(axis.evidence) === true;
  return must || mustNot ? [...(must && !mustNot ? [present] : []), ...(mustNot && !must ? [absent] : [])] : undefined;
}

function pointOf(diagram: Diagram, words: readonly string[]): Point {
  const named = diagram.axes.flatMap((axis, at) => (axis.evidence === undefined ? [[axis.dimension, words[at] ?? ""] as const] : []));
  const evidence = diagram.axes.flatMap((axis, at) =>
    axis.evidence !== undefined && words[at] === EVIDENCE_WORDS[1] ? [axis.evidence] : [],
  );
  return { ...(Object.fromEntries(named) as Omit<Point, "evidence">), evidence: new Set(evidence) };
}
