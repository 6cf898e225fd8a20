import type { Duty } from "../law/duties.ts";
import { unionOfDuties } from "../law/duties.ts";
import type { Rule } from "../law/law.ts";
import type { Grade } from "../law/source.ts";
import { GRADES } from "../law/source.ts";
import type { Cell, CellVerdict, Outcome } from "./cell.ts";
import { holdsWithEvidence, judgeServing, OUTCOMES, truthIn } from "./cell.ts";
import type { DayView } from "./day-view.ts";
import type { Reason } from "./reason.ts";
import { reasonsFor } from "./reason.ts";
import type { DecisionRequest } from "./request.ts";
import { systemOf } from "./request.ts";
import { holds } from "../law/condition.ts";

/** The law's answer to a request: the meet over everything the request leaves open. */
export type Verdict = {
  readonly outcome: Outcome;
  /** The clearest form in which the field may go: a word of its mask chain. */
  readonly mask: string;
  /** The weakest grade the answer rests on, or `default` where no rule speaks. */
  readonly basis: Grade | "default";
  readonly reasons: readonly Reason[];
  /** What the recipient owes: all duties of all permits the verdict rests on, the stricter of each. None where nothing passes. */
  readonly duties: readonly Duty[];
  readonly assumed: Readonly<Record<string, string>>;
  readonly on: string;
};

/** Answers a request on the view's day. Pure; the same view and request give the same verdict. */
export function decide(view: DayView, request: DecisionRequest): Verdict {
  const { employers = [] } = request;
  // WHY every employer: a person detailed to a body is reached by the bars on any of them.
  const barsAmong = (rules: readonly Rule[], cell: Cell): readonly Rule[] =>
    [cell.recipient, ...employers].flatMap((recipient) =>
      rules.filter((rule) => holds(rule.condition, truthIn(view, { ...cell, recipient }))),
    );
  const judged = cellsOf(view, request).map((cell) => ({ cell, verdict: judgeServing(view, cell, employers) }));
  const worst = judged.reduce((a, b) => (isWorse(b.verdict, a.verdict) ? b : a));
  const chain = view.law.vocabulary.fields.find((word) => word.id === worst.cell.field)?.masks ?? ["clear", "omitted"];
  return {
    outcome: worst.verdict.outcome,
    mask: chain[worst.verdict.mask] ?? "omitted",
    basis: basisOf(
      worst.verdict.outcome,
      judged.map(({ verdict }) => verdict),
    ),
    reasons: reasonsFor(view, judged, {
      stayed: (cell) => barsAmong(view.stayed, cell),
      pending: (cell) => barsAmong(view.pending, cell),
      protections: (cell) => view.protections.filter((rule) => holds(rule.condition, truthIn(view, cell))),
      nearly: (cell, rule) => holdsWithEvidence(view, cell, rule.condition),
    }),
    duties: opens(worst.verdict) ? unionOfDuties(judged.map(({ verdict }) => dutiesOf(verdict))) : [],
    assumed: request.assumed,
    on: view.on,
  };
}

/** Whether anything passes. */
export const opens = ({ outcome }: Pick<CellVerdict, "outcome">): boolean => outcome === "permitted" || outcome === "masked";

/**
 * The duties of every permit that satisfies a regime. WHY all, where one without duties would do: which of them the
 * custodian meant is not known, and a duty too many costs a recipient something, a duty too few a person.
 */
export const dutiesOf = ({ needs }: CellVerdict): readonly Duty[] =>
  unionOfDuties(needs.flatMap(({ satisfiedBy }) => satisfiedBy.map((rule) => rule.duties ?? [])));

/** Whether `a` releases less than `b`; the meet of several verdicts is the worst of them. */
export function isWorse(a: CellVerdict, b: CellVerdict): boolean {
  const rank = (verdict: CellVerdict): number => OUTCOMES.indexOf(verdict.outcome);
  return rank(a) > rank(b) || (rank(a) === rank(b) && a.mask > b.mask);
}

/** Every completion of a request: each open facet, each field, each reading of an unresolved party list. */
export function cellsOf(view: DayView, request: DecisionRequest): readonly Cell[] {
  const evidence = new Set(request.evidence);
  const readings = readingsOf(view, request.origin);
  return request.fields.flatMap((field) => {
    const system = systemOf(view.law, request, field);
    return request.population.flatMap((population) =>
      request.funding.flatMap((funding) =>
        request.special.flatMap((special) =>
          request.applicant.flatMap((applicant) =>
            readings.map((memberOf) => ({
              recipient: request.recipient,
              discloser: request.discloser,
              action: request.action,
              purpose: request.purpose,
              origin: request.origin,
              evidence,
              field,
              system,
              population,
              funding,
              special,
              applicant,
              memberOf,
            })),
          ),
        ),
      ),
    );
  });
}

/** Both readings of each order whose list is unresolved for the origin. */
export function readingsOf(view: DayView, origin: string): readonly ReadonlySet<string>[] {
  const open = view.law.instruments.filter((order) => view.membership(order.id, origin) === "unresolved").map((order) => order.id);
  return open.reduce<readonly ReadonlySet<string>[]>((sets, order) => sets.flatMap((set) => [set, new Set([...set, order])]), [new Set()]);
}

/** How well the rules that decide are known: a bar needs only its best-known rule, a permit all its regimes and every exception it needs. */
function basisOf(outcome: Outcome, verdicts: readonly CellVerdict[]): Grade | "default" {
  const index = (rule: Rule): number => GRADES.indexOf(rule.grade);
  if (outcome === "barred") return GRADES[Math.min(...verdicts.flatMap((verdict) => verdict.bars.map(index)))] ?? "default";
  if (outcome === "no-authority") return "default";
  const best = (rules: readonly Rule[]): number => Math.min(...rules.map(index));
  const weakest = verdicts.flatMap(({ needs, openings }) => [
    ...needs.map((need) => best(need.satisfiedBy)),
    ...openings.map(({ defeats }) => best(openings.filter((other) => other.defeats === defeats))),
  ]);
  return GRADES[Math.max(...weakest)] ?? "default";
}
