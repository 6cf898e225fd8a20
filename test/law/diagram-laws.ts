import fc from "fast-check";
import type { Checked } from "../../src/core/base/checked.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Condition } from "../../src/core/law/condition.ts";
import type { Law, Regime, Rule } from "../../src/core/law/law.ts";
import { leavesOf } from "../../src/core/law/vocabulary.ts";
import type { DayView } from "../../src/core/verdict/day-view.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import { decide } from "../../src/core/verdict/decide.ts";
import { buildDiagram } from "../../src/core/verdict/diagram-build.ts";
import type { Diagram, Point } from "../../src/core/verdict/diagram.ts";
import { project, verdictAt, wordsOf } from "../../src/core/verdict/diagram.ts";
import type { DecisionRequest } from "../../src/core/verdict/request.ts";
import { askedAt } from "./asked-at.ts";
import { instrument, permit, smallLaw } from "./small-law.ts";
import { anyCell, turningDays, viewOn } from "./whole-request.ts";

export function valueOf<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new ProblemError(...checked.problems);
  return checked.value;
}

const diagrams = new WeakMap<DayView, Diagram>();

/** The diagram of a view, made once. */
export function diagramOf(view: DayView): Diagram {
  const known = diagrams.get(view) ?? valueOf(buildDiagram(view));
  diagrams.set(view, known);
  return known;
}

export const diagramOn = (law: Law, on: Parameters<typeof dayView>[1]): Diagram => diagramOf(viewOn(law, on));

/** So many turning days of the docket, spread over all of it. WHY not all: a day costs its view, its diagram and Cedar's parse. */
export function someDays(law: Law, count: number): readonly CivilDate[] {
  const days = turningDays(law);
  return days.filter((_, at) => at % Math.ceil(days.length / count) === 0);
}

/** A point of the space, most of them near the words of some rule. */
export function anyPoint(law: Law): fc.Arbitrary<Point> {
  const fields = wordsOf(law.vocabulary, "field");
  return anyCell(law)
    .filter((cell) => fields.includes(cell.field))
    .map(({ memberOf: _memberOf, ...point }) => point);
}

/** A request that leaves any of its facets, its fields and its record system open. */
export function anyOpenRequest(law: Law): fc.Arbitrary<DecisionRequest> {
  const leaves = (id: string): readonly string[] => law.vocabulary.facets.find((facet) => facet.id === id)?.leaves ?? [];
  const some = (own: string, all: readonly string[]): fc.Arbitrary<readonly string[]> =>
    fc.oneof(fc.constant([own]), fc.shuffledSubarray([...all], { minLength: 1, maxLength: Math.min(all.length, 6) }));
  return anyPoint(law).chain((point) =>
    fc
      .record({
        fields: some(point.field, wordsOf(law.vocabulary, "field")),
        population: some(point.population, leavesOf(law.vocabulary.populations)),
        funding: some(point.funding, leaves("funding")),
        special: some(point.special, leaves("special")),
        applicant: some(point.applicant, leaves("applicant")),
        ofSystem: fc.boolean(),
        employers: fc.oneof(fc.constant([]), fc.subarray(wordsOf(law.vocabulary, "recipient") as string[], { minLength: 1, maxLength: 2 })),
      })
      .map(({ ofSystem, ...open }) => {
        const { system, ...asked } = { ...askedAt(point), ...open };
        return ofSystem && system !== undefined ? { ...asked, system } : asked;
      }),
  );
}

/** Throws where the diagram and `decide` differ. */
export function sameAnswer(view: DayView, request: DecisionRequest): void {
  const { outcome, mask } = decide(view, request);
  const said = project(diagramOf(view), view.law, request);
  if (said.outcome !== outcome || said.mask !== mask)
    throw new Error(`the diagram says ${said.outcome} ${said.mask}, decide says ${outcome} ${mask}`);
}

export function sameAtPoint(view: DayView, point: Point): void {
  const { outcome, mask } = decide(view, askedAt(point));
  const said = verdictAt(diagramOf(view), point);
  if (said.outcome !== outcome || said.mask !== mask)
    throw new Error(`the diagram says ${said.outcome} ${said.mask}, decide says ${outcome} ${mask}`);
}

/** A law with a comparison of every kind, two lists that leave a state open, and no rule that matters. */
export function lawOfComparisons(): Law {
  const whens = [
    'principal == Party::"dhs-ice"',
    'principal == Party::"researcher"',
    'context.discloser == Party::"hhs-cms"',
    'action == Action::"use"',
    'context.purpose == Purpose::"removal"',
    'context.purpose == Purpose::"research"',
    '[Field::"address", Field::"name"].contains(resource.field)',
    'resource.field == Field::"date-of-birth"',
    'resource.origin == Jurisdiction::"CA"',
    'resource.origin in Protected::"first"',
    'resource.origin in Protected::"second"',
    'resource.population in Population::"lawfully-present"',
    'resource.population == Population::"citizen"',
    'resource.funding == Funding::"federal"',
    'resource.special == Special::"part2"',
    'resource.applicant == Applicant::"no"',
    'resource.system == RecordSystem::"voter"',
    'context.evidence.contains(Evidence::"letter")',
    'context.evidence.contains(Evidence::"warrant")',
  ];
  const lists = { protects: "[{ jurisdiction: CA, cite: c }, { jurisdiction: DC, unresolved: true, cite: c }]" };
  return smallLaw(
    instrument("first", lists),
    instrument("second", { protects: "[{ jurisdiction: DC, unresolved: true, cite: c }]" }),
    instrument("rules", {}, ...whens.map((when, at) => permit({ id: String(at + 1), when }))),
  );
}

/** Any algebra over the law's own comparisons, to a small depth. */
export function anyCondition(law: Law): fc.Arbitrary<Condition> {
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
    const args = fc.array(tie("condition"), { minLength: 1, maxLength: 3 });
    return {
      condition: fc.oneof(
        { maxDepth: 3 },
        fc.nat({ max: law.atoms.length - 1 }).map((atom): Condition => ({ kind: "atom", atom })),
        tie("condition").map((arg): Condition => ({ kind: "not", arg })),
        args.map((found): Condition => ({ kind: "and", args: found })),
        args.map((found): Condition => ({ kind: "or", args: found })),
      ),
    };
  });
  return condition;
}

/** Any rules at all over the law's comparisons: bars, permits under masks, exceptions, regimes that need a permit or only bar. */
export function anyRules(law: Law): fc.Arbitrary<DayView> {
  const sample = law.rules[0];
  if (sample === undefined) throw new Error("the law has no rule");
  const mask = fc.constantFrom(undefined, undefined, "clear", "county", "state", "year", "omitted");
  const satisfies = fc.subarray(
    law.regimes.map(({ id }) => id),
    { minLength: 1 },
  );
  const drawn = fc.record({ condition: anyCondition(law), mask, satisfies });
  const named = (prefix: string, effect: Rule["effect"], most: number): fc.Arbitrary<readonly Rule[]> =>
    fc.array(drawn, { maxLength: most }).map((found) =>
      found.map(({ mask: word, ...rest }, at): Rule => {
        const rule = { ...sample, ...rest, effect, name: `${prefix}#${at}` };
        return word === undefined ? rule : { ...rule, mask: word };
      }),
    );
  const regimes = fc.tuple(...law.regimes.map((regime) => anyCondition(law).map((applies): Regime => ({ ...regime, applies }))));
  const view = dayView(law, "2025-01-01" as Parameters<typeof dayView>[1], ["read"]);
  const defeats = fc
    .tuple(named("exception", "permit", 2), fc.nat({ max: 2 }))
    .map(([rules, bar]) => rules.map((rule): Rule => ({ ...rule, defeats: `bar#${bar}` })));
  return fc
    .record({ bars: named("bar", "forbid", 3), permits: named("permit", "permit", 5), defeats, regimes })
    .map(({ regimes: all, ...rules }) => ({ ...view, ...rules, law: { ...view.law, regimes: all } }));
}
