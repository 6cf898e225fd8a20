import type { Dimension } from "../law/condition.ts";
import type { Law } from "../law/law.ts";
import type { Vocabulary } from "../law/vocabulary.ts";
import { ACTIONS, leavesOf } from "../law/vocabulary.ts";
import type { Cell, Outcome } from "./cell.ts";
import { BARRED, NO_AUTHORITY } from "./node-table.ts";
import type { DecisionRequest } from "./request.ts";
import { systemOf } from "./request.ts";

/** One question of a diagram: the word of a dimension, or whether one kind of evidence is at hand. */
export type Axis = {
  readonly dimension: Dimension;
  /** The kind, where the dimension is evidence; the words are then `absent` and `present`. */
  readonly evidence?: string;
  /** All words of the axis in classes that no verdict tells apart, sorted. */
  readonly classes: readonly (readonly string[])[];
};

/** A verdict, or a later question: 0–61 a mask level, 62 no authority, 63 barred, 64 and above `nodes[ref - 64]`. */
export type Ref = number;
export const FIRST_REF = 64;

export type DiagramNode = { readonly axis: number; /** By class of the axis. */ readonly children: readonly Ref[] };

/**
 * The verdict on every point of the whole space on one day, both readings of unresolved party lists met.
 * Reduced and in a fixed order, so that two laws with the same verdicts everywhere have the same diagram. docs/formats/diagram.md
 */
export type Diagram = {
  readonly axes: readonly Axis[];
  /** Each field's mask chain. */
  readonly masks: Readonly<Record<string, readonly string[]>>;
  readonly nodes: readonly DiagramNode[];
  /** The verdict. */
  readonly root: Ref;
  /** What bars alone leave, whatever is permitted: a person in the service of several bodies has the bars of each. */
  readonly bars: Ref;
};

/** One point of the whole space. */
export type Point = Omit<Cell, "memberOf">;

/** An outcome with the mask under which the field goes; `omitted` where it does not. */
export type PointVerdict = { readonly outcome: Outcome; readonly mask: string };

/**
 * The order of questions. Any order gives the same verdicts.
 * WHY this one: measured smallest on the shipped and on generated law. INVARIANT: changing it changes every law hash.
 */
export const AXIS_ORDER: readonly Dimension[] = [
  "discloser", "recipient", "purpose", "funding", "system", "applicant", "special", "evidence", "action", "population", "field", "origin",
]; // prettier-ignore

export const EVIDENCE_WORDS = ["absent", "present"] as const;

/** The words of the space: those a cell can have, which leaves out groups of people and names that stand for other fields. */
export function wordsOf(vocabulary: Vocabulary, dimension: Exclude<Dimension, "evidence">): readonly string[] {
  const ids = (words: readonly { readonly id: string }[]): readonly string[] => words.map(({ id }) => id);
  switch (dimension) {
    case "discloser":
    case "recipient":
      return ids(vocabulary.parties);
    case "action":
      return ACTIONS;
    case "purpose":
      return ids(vocabulary.purposes);
    case "field":
      return ids(vocabulary.fields.filter((field) => field.means === undefined && field.id !== "full-dataset"));
    case "origin":
      return ids(vocabulary.jurisdictions);
    case "population":
      return leavesOf(vocabulary.populations);
    case "system":
      return ids(vocabulary.systems);
    default:
      return vocabulary.facets.find((facet) => facet.id === dimension)?.leaves ?? [];
  }
}

/** The verdict on one point. A word the law does not know has no authority. */
export function verdictAt(diagram: Diagram, point: Point): PointVerdict {
  const rank = meet(diagram, diagram.root, (axis) =>
    axis.evidence === undefined ? [wordIn(point, axis)] : [evidenceWord(point.evidence, axis)],
  );
  return verdictOf(diagram, point.field, rank);
}

/** A request's outcome and mask, the meet over all it leaves open, as `decide` gives them; no reasons. */
export function project(diagram: Diagram, law: Law, request: DecisionRequest): PointVerdict {
  const ranked = request.fields.map((field) => {
    const system = systemOf(law, request, field);
    const rankFor = (root: Ref, recipient: string): number => meet(diagram, root, openWords({ ...request, recipient, system }, field));
    const served = (request.employers ?? []).map((employer) => rankFor(diagram.bars, employer));
    return { field, rank: Math.max(rankFor(diagram.root, request.recipient), ...served) };
  });
  const worst = ranked.reduce((a, b) => (b.rank > a.rank ? b : a), { field: "", rank: -1 });
  return verdictOf(diagram, worst.field, worst.rank < 0 ? NO_AUTHORITY : worst.rank);
}

/** The words a request leaves open on each axis, asked about one field. */
function openWords(request: DecisionRequest & { readonly system: string }, field: string): (axis: Axis) => readonly string[] {
  const evidence = new Set(request.evidence);
  const { population, funding, special, applicant } = request;
  const { recipient, discloser, action, purpose, origin, system } = request;
  const open = { population, funding, special, applicant };
  const fixed = { recipient, discloser, action, purpose, origin, system, field };
  return (axis) => {
    if (axis.evidence !== undefined) return [evidenceWord(evidence, axis)];
    return axis.dimension in open ? open[axis.dimension as keyof typeof open] : [fixed[axis.dimension as keyof typeof fixed]];
  };
}

/** What a rank means for a field. */
export function verdictOf(diagram: Pick<Diagram, "masks">, field: string, rank: number): PointVerdict {
  if (rank === BARRED) return { outcome: "barred", mask: "omitted" };
  const mask = diagram.masks[field]?.[rank];
  if (rank >= NO_AUTHORITY || mask === undefined) return { outcome: "no-authority", mask: "omitted" };
  return { outcome: rank === 0 ? "permitted" : "masked", mask };
}

/** The worst rank over every combination of the words each axis leaves open. */
function meet(diagram: Diagram, root: Ref, open: (axis: Axis) => readonly string[]): number {
  const lookups = lookupsOf(diagram);
  // INVARIANT: a word the diagram does not know opens nothing, whether or not the verdict asks for it.
  const classes = diagram.axes.map((axis, at) => [...new Set(open(axis).map((word) => lookups[at]?.get(word) ?? -1))]);
  if (classes.some((found) => found.length === 0 || found.includes(-1))) return NO_AUTHORITY;
  const known = new Map<Ref, number>();
  const rankOf = (ref: Ref): number => {
    if (ref < FIRST_REF) return ref;
    const seen = known.get(ref);
    if (seen !== undefined) return seen;
    const node = diagram.nodes[ref - FIRST_REF];
    const rank = Math.max(...(classes[node?.axis ?? -1] ?? []).map((at) => rankOf(node?.children[at] ?? BARRED)));
    known.set(ref, rank);
    return rank;
  };
  return rankOf(root);
}

const evidenceWord = (evidence: ReadonlySet<string>, axis: Axis): string => EVIDENCE_WORDS[evidence.has(axis.evidence ?? "") ? 1 : 0];
export const wordIn = (point: Point, axis: Axis): string => point[axis.dimension as Exclude<Dimension, "evidence">];

const lookups = new WeakMap<Diagram, readonly ReadonlyMap<string, number>[]>();

/** By axis, the class of each word. */
export function lookupsOf(diagram: Diagram): readonly ReadonlyMap<string, number>[] {
  const known = lookups.get(diagram);
  if (known !== undefined) return known;
  const made = diagram.axes.map(({ classes }) => new Map(classes.flatMap((words, at) => words.map((word) => [word, at] as const))));
  lookups.set(diagram, made);
  return made;
}
