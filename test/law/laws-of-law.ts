import fc from "fast-check";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { addDays } from "../../src/core/base/civil-date.ts";
import type { Condition } from "../../src/core/law/condition.ts";
import { ALWAYS } from "../../src/core/law/condition.ts";
import { docketEvents } from "../../src/core/law/docket.ts";
import type { Law, Rule } from "../../src/core/law/law.ts";
import type { Grade } from "../../src/core/law/source.ts";
import { leavesOf } from "../../src/core/law/vocabulary.ts";
import { OUTCOMES } from "../../src/core/verdict/cell.ts";
import type { DayView } from "../../src/core/verdict/day-view.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import type { Verdict } from "../../src/core/verdict/decide.ts";
import { decide } from "../../src/core/verdict/decide.ts";
import type { DecisionRequest } from "../../src/core/verdict/request.ts";
import { anyCell, turningDays, viewOn } from "./whole-request.ts";

/** A request about one cell; properties open its facets themselves. */
const anyRequest = (law: Law): fc.Arbitrary<DecisionRequest> =>
  anyCell(law).map((cell) => ({
    discloser: cell.discloser,
    recipient: cell.recipient,
    purpose: cell.purpose,
    action: cell.action as DecisionRequest["action"],
    evidence: [...cell.evidence],
    fields: [cell.field],
    origin: cell.origin,
    population: [cell.population],
    funding: [cell.funding],
    special: [cell.special],
    applicant: [cell.applicant],
    system: cell.system,
    assumed: {},
  }));

/** Any algebra over the law's own comparisons. */
const anyCondition = (law: Law): fc.Arbitrary<Condition> => {
  const atom = fc.nat({ max: law.atoms.length - 1 }).map((index): Condition => ({ kind: "atom", atom: index }));
  const literal = fc.oneof(
    atom,
    atom.map((arg): Condition => ({ kind: "not", arg })),
    fc.constant<Condition>({ kind: "always" }),
  );
  const joined = fc.array(literal, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    literal,
    joined.map((args): Condition => ({ kind: "and", args })),
    joined.map((args): Condition => ({ kind: "or", args })),
  );
};

/** How much a verdict releases, more being smaller; within one field masks compare too. */
function closeness(view: DayView, { outcome, mask }: Verdict, field: string | undefined): number {
  const chain = view.law.vocabulary.fields.find(({ id }) => id === field)?.masks ?? [];
  return OUTCOMES.indexOf(outcome) * 100 + Math.max(0, chain.indexOf(mask));
}

const noLooser = (view: DayView, request: DecisionRequest, after: Verdict, before: Verdict): boolean =>
  closeness(view, after, request.fields[0]) >= closeness(view, before, request.fields[0]);

export type LawProperty = (law: Law) => fc.IProperty<unknown[]>;

const anyDay = (law: Law): fc.Arbitrary<CivilDate> => fc.constantFrom(...turningDays(law));

/** Kinds of evidence that some rule closes on: asked for by a bar, or by a permit in its absence. */
function closingEvidence(law: Law): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (condition: Condition, closes: boolean): void => {
    const atom = condition.kind === "atom" ? law.atoms[condition.atom] : undefined;
    if (atom?.kind === "evidence" && closes) found.add(atom.evidence);
    if (condition.kind === "not") walk(condition.arg, !closes);
    if (condition.kind === "and" || condition.kind === "or") for (const arg of condition.args) walk(arg, closes);
  };
  for (const rule of law.rules) walk(rule.condition, rule.effect === "forbid");
  return found;
}

/** What must hold of any law, by the name of the test. */
export const LAWS_OF_LAW: Readonly<Record<string, LawProperty>> = {
  "1: one more bar never opens anything": (law) =>
    fc.property(
      anyDay(law),
      anyRequest(law),
      anyCondition(law),
      fc.constantFrom(undefined, "year", "county", "state"),
      (day, request, condition, mask) => {
        const view = viewOn(law, day);
        const sample = law.rules.find(({ effect }) => effect === "forbid");
        if (sample === undefined) throw new Error("the law has no bar");
        const { mask: _mask, ...plain } = sample;
        const added = { ...plain, name: "added#1", condition, ...(mask === undefined ? {} : { mask }) };
        return noLooser(view, request, decide({ ...view, bars: [...view.bars, added] }, request), decide(view, request));
      },
    ),

  "1: one permit or exception less never opens anything": (law) =>
    fc.property(anyDay(law), anyRequest(law), (day, request) => {
      const view = viewOn(law, day);
      const before = decide(view, request);
      const without = (name: string): DayView => ({
        ...view,
        permits: view.permits.filter((rule) => rule.name !== name),
        defeats: view.defeats.filter((rule) => rule.name !== name),
      });
      const speaking = before.reasons.filter(({ effect }) => effect === "permit" || effect === "opening").flatMap(({ rules }) => rules);
      return speaking.every(({ id }) => noLooser(view, request, decide(without(id), request), before));
    }),

  "7: one more employer never opens anything": (law) =>
    fc.property(anyDay(law), anyRequest(law), fc.constantFrom(...law.vocabulary.parties.map(({ id }) => id)), (day, request, employer) => {
      const view = viewOn(law, day);
      return noLooser(view, request, decide(view, { ...request, employers: [employer] }), decide(view, request));
    }),

  "duties never shrink where a permit is added and something passes": (law) =>
    fc.property(
      anyDay(law),
      anyRequest(law),
      fc.constantFrom(...law.regimes),
      fc.integer({ min: 1, max: 400 }),
      (day, request, regime, days) => {
        const view = viewOn(law, day);
        const sample = law.rules.find(({ effect, defeats }) => effect === "permit" && defeats === undefined);
        if (sample === undefined) throw new Error("the law has no permit");
        const { mask: _mask, ...plain } = sample;
        const owing = { satisfies: [regime.id], condition: ALWAYS, duties: [{ id: "destroy-by", days }, { id: "notify-state" }] };
        const owed = (more: readonly Rule[]): Verdict => decide({ ...view, permits: [...view.permits, ...more] }, request);
        const first = { ...plain, ...owing, name: "added#1" };
        const second = { ...first, name: "added#2", duties: [{ id: "destroy-by", days: 200 }] };
        const [before, after] = [owed([first]).duties, owed([first, second]).duties];
        return before.every((duty) => after.some((one) => one.id === duty.id && (one.days ?? 0) <= (duty.days ?? 0)));
      },
    ),

  "10: what is unknown gets no more than any that it may be": (law) => {
    const leaves = {
      population: leavesOf(law.vocabulary.populations),
      ...Object.fromEntries(law.vocabulary.facets.map((facet) => [facet.id, facet.leaves])),
    } as Readonly<Record<"population" | "funding" | "special" | "applicant", readonly string[]>>;
    return fc.property(
      anyDay(law),
      anyRequest(law),
      fc.constantFrom(...(Object.keys(leaves) as (keyof typeof leaves)[])),
      (day, request, facet) => {
        const view = viewOn(law, day);
        const unknown = decide(view, { ...request, [facet]: leaves[facet] });
        return leaves[facet].every((leaf) => noLooser(view, request, unknown, decide(view, { ...request, [facet]: [leaf] })));
      },
    );
  },

  "13: between two turns of the docket the answer is one": (law) => {
    const events = docketEvents(law);
    return fc.property(fc.nat({ max: events.length - 2 }), fc.nat({ max: 5_000 }), anyRequest(law), (at, later, request) => {
      const [from, next] = [events[at], events[at + 1]];
      if (from === undefined || next === undefined) return;
      const day = addDays(from, later) < next ? addDays(from, later) : addDays(next, -1);
      const answer = (date: CivilDate): string => JSON.stringify({ ...decide(viewOn(law, date), request), on: "" });
      if (answer(from) !== answer(day)) throw new Error(`differs from ${from} on ${day}`);
    });
  },

  "8: one more document closes nothing, unless a rule names it for that": (law) => {
    const closing = closingEvidence(law);
    const kinds = law.vocabulary.evidence.map(({ id }) => id).filter((id) => !closing.has(id));
    return fc.property(anyDay(law), anyRequest(law), fc.constantFrom(...kinds), (day, request, kind) => {
      const view = viewOn(law, day);
      const more = { ...request, evidence: [...request.evidence, kind] };
      return noLooser(view, request, decide(view, request), decide(view, more));
    });
  },

  "14: fewer grades admitted never open anything": (law) =>
    fc.property(
      fc.constantFrom(...turningDays(law)),
      anyRequest(law),
      fc.constantFrom<Grade[]>([], ["read"], ["read", "secondary"]),
      (day, request, grades) => {
        const strict = strictView(law, day, grades);
        return noLooser(strict, request, decide(strict, request), decide(viewOn(law, day), request));
      },
    ),
};

const strictViews = new WeakMap<Law, Map<string, DayView>>();

function strictView(law: Law, day: Parameters<typeof dayView>[1], grades: readonly Grade[]): DayView {
  const known = strictViews.get(law) ?? new Map<string, DayView>();
  strictViews.set(law, known);
  const key = [day, ...grades].join(" ");
  const view = known.get(key) ?? dayView(law, day, grades);
  known.set(key, view);
  return view;
}
