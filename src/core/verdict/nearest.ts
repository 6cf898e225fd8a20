import type { Word } from "../law/vocabulary.ts";
import { judgeServing } from "./cell.ts";
import type { DayView } from "./day-view.ts";
import type { Verdict } from "./decide.ts";
import { cellsOf, decide, opens } from "./decide.ts";
import type { Fixed } from "./narrow.ts";
import { narrow } from "./narrow.ts";
import type { DecisionRequest } from "./request.ts";
import { fieldLeaves } from "./request.ts";

/** The dimensions a request may be changed in, in the order in which ties are broken. */
export const NEAREST_DIMENSIONS = ["purpose", "field", "evidence", "population", "recipient"] as const;

/** The smallest change of one dimension under which something would pass. For evidence, `to` is what would have to be added. */
export type Nearest = {
  readonly dimension: (typeof NEAREST_DIMENSIONS)[number];
  readonly to: readonly string[];
  readonly outcome: Verdict["outcome"];
  readonly mask: string;
};

type Change = { readonly dimension: Nearest["dimension"]; readonly to: readonly string[]; readonly steps: number };

/** Cells judged before the search gives up. WHY a count and no clock: the same question gets the same answer everywhere. */
const MOST_CELLS = 20_000;
/** Steps between words that no common parent joins: further than any that one does. */
const UNRELATED = 9;

/**
 * Searches the vocabulary for the nearest request that passes; undefined where the request itself passes, or none does.
 * It says what the law would allow, not that the changed request would be true.
 */
export function nearestPermitted(view: DayView, request: DecisionRequest, denied: Verdict): Nearest | undefined {
  if (opens(denied)) return undefined;
  const order = (change: Change): number => change.steps * NEAREST_DIMENSIONS.length + NEAREST_DIMENSIONS.indexOf(change.dimension);
  const views = new Map(NEAREST_DIMENSIONS.map((dimension) => [dimension, narrow(view, fixedBut(dimension, request))]));
  let left = MOST_CELLS;
  // WHY piece by piece: most changes fail at their first cell, and a whole dataset has thousands.
  const passes = (changed: DecisionRequest, narrowed: DayView): boolean =>
    piecesOf(changed).every((piece) =>
      cellsOf(narrowed, piece).every((cell) => (left -= 1) >= 0 && opens(judgeServing(narrowed, cell, changed.employers ?? []))),
    );
  for (const change of changesOf(view, request, denied).sort((a, b) => order(a) - order(b))) {
    const changed = changedBy(request, change, view);
    if (!passes(changed, views.get(change.dimension) ?? view)) continue;
    const { outcome, mask } = decide(view, changed);
    return { dimension: change.dimension, to: change.to, outcome, mask };
  }
  return undefined;
}

const piecesOf = (request: DecisionRequest): readonly DecisionRequest[] =>
  request.fields.flatMap((field) => request.population.map((leaf) => ({ ...request, fields: [field], population: [leaf] })));

/** What every request changed in that dimension has in common. */
function fixedBut(dimension: Nearest["dimension"], request: DecisionRequest): Fixed {
  const { discloser, recipient, purpose, action, origin, fields, population, employers = [] } = request;
  const only = (words: readonly string[], key: "field" | "population"): Fixed => {
    const [word, ...more] = words;
    return word === undefined || more.length > 0 || dimension === key ? {} : { [key]: word };
  };
  return {
    discloser,
    action,
    origin,
    ...(dimension === "recipient" || employers.length > 0 ? {} : { recipient }),
    ...(dimension === "purpose" ? {} : { purpose }),
    ...only(fields, "field"),
    ...only(population, "population"),
  };
}

function changedBy(request: DecisionRequest, { dimension, to }: Change, view: DayView): DecisionRequest {
  const [word = ""] = to;
  switch (dimension) {
    case "purpose":
    case "recipient":
      return { ...request, [dimension]: word };
    case "evidence":
      return { ...request, evidence: [...request.evidence, ...to] };
    case "population":
      return { ...request, population: to };
    case "field": {
      const field = view.law.vocabulary.fields.find(({ id }) => id === word);
      return field === undefined ? request : { ...request, fields: fieldLeaves(view.law, field) };
    }
  }
}

function changesOf(view: DayView, request: DecisionRequest, denied: Verdict): Change[] {
  const { purposes, parties, populations, fields, evidence } = view.law.vocabulary;
  const others = (dimension: Change["dimension"], words: readonly Word[], asked: readonly string[]): readonly Change[] =>
    words
      .filter(({ id }) => !(asked.length === 1 && asked[0] === id))
      .map(({ id }) => ({ dimension, to: [id], steps: Math.min(...asked.map((one) => stepsBetween(words, one, id))) }));
  const leaves = populations.filter(({ id }) => !populations.some((word) => word.parents.includes(id)));
  // WHY not every field: a word for a whole extract, or of another body of records, asks something else.
  const kinds = fields.filter((word) => !word.extract && word.means === undefined && word.system === undefined);
  const lacking = evidence.filter(({ id }) => !request.evidence.includes(id)).map(({ id }) => [id]);
  const together = denied.reasons.flatMap(({ missing }) => missing.map((one) => one.evidence)).filter((one) => one.length > 1);
  return [
    ...others("purpose", purposes, [request.purpose]),
    ...others("field", kinds, request.fields),
    ...[...lacking, ...together].map((to): Change => ({ dimension: "evidence", to, steps: to.length })),
    ...others("population", leaves, request.population),
    ...others("recipient", parties, [request.recipient]),
  ];
}

/** Steps up to the nearest common ancestor and down again; one for a word that was among those asked. */
function stepsBetween(words: readonly Word[], from: string, to: string): number {
  if (from === to) return 1;
  const [up, down] = [heights(words, from), heights(words, to)];
  const ways = [...up].flatMap(([id, steps]) => (down.has(id) ? [steps + (down.get(id) ?? 0)] : []));
  return Math.min(UNRELATED, ...ways);
}

/** Each ancestor of a word, itself included, with the steps up to it. */
function heights(words: readonly Word[], id: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>([[id, 0]]);
  for (const [word, steps] of found) {
    for (const parent of words.find((one) => one.id === word)?.parents ?? []) {
      if (!found.has(parent)) found.set(parent, steps + 1);
    }
  }
  return found;
}

/** As one line says it. */
export function nearestText({ dimension, to, outcome, mask }: Nearest): string {
  const changed = dimension === "evidence" ? `with ${to.join(" + ")}` : `if the ${dimension} were ${to.join(", ")}`;
  return `${changed}: ${outcome}${outcome === "masked" ? `, ${mask} only` : ""}`;
}
