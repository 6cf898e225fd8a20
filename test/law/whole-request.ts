import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import fc from "fast-check";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { addDays } from "../../src/core/base/civil-date.ts";
import type { Dimension } from "../../src/core/law/condition.ts";
import { atomsOf, holds } from "../../src/core/law/condition.ts";
import { docketEvents } from "../../src/core/law/docket.ts";
import type { Law, Rule } from "../../src/core/law/law.ts";
import { ACTIONS, leavesOf } from "../../src/core/law/vocabulary.ts";
import { entityTypes } from "../../src/core/law/words.ts";
import type { Cell } from "../../src/core/verdict/cell.ts";
import { truthIn } from "../../src/core/verdict/cell.ts";
import type { DayView } from "../../src/core/verdict/day-view.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import { readingsOf } from "../../src/core/verdict/decide.ts";
import { asPermit, CELL, cedarRequest, entity } from "./cedar-side.ts";

/** Cells of the whole space, most of them near the words of some rule: elsewhere hardly any rule holds. */
export const anyCell = (law: Law): fc.Arbitrary<Cell> => fc.constantFrom(...law.rules).chain((rule) => cellNear(law, rule));

/** Moments of the whole space, most of them near the words of some rule and on a day on which it stands. */
export const anyMoment = (law: Law): fc.Arbitrary<{ readonly on: CivilDate; readonly cell: Cell }> =>
  fc.constantFrom(...law.rules).chain((rule) => fc.record({ on: dayNear(law, rule), cell: cellNear(law, rule) }));

const dayNear = (law: Law, rule: Rule): fc.Arbitrary<CivilDate> => {
  const days = turningDays(law);
  return mostly(
    days.filter((on) => activeRules(viewOn(law, on)).includes(rule)),
    days,
  );
};

/** Six of seven times one of `near`, where there is any. */
const mostly = <T>(near: readonly T[], all: readonly T[]): fc.Arbitrary<T> => {
  const whole = fc.constantFrom(...all);
  return near.length === 0 ? whole : fc.oneof({ arbitrary: whole, weight: 1 }, { arbitrary: fc.constantFrom(...near), weight: 6 });
};

function cellNear(law: Law, rule: Rule): fc.Arbitrary<Cell> {
  const { vocabulary } = law;
  const leaves = (id: string): readonly string[] => vocabulary.facets.find((facet) => facet.id === id)?.leaves ?? [];
  const ids = (words: readonly { readonly id: string }[]): readonly string[] => words.map(({ id }) => id);
  const near = (dimension: Dimension, all: readonly string[]): fc.Arbitrary<string> =>
    mostly(
      wordsNear(law, rule, dimension).filter((word) => all.includes(word)),
      all,
    );
  return fc.record({
    recipient: near("recipient", ids(vocabulary.parties)),
    discloser: near("discloser", ids(vocabulary.parties)),
    action: near("action", ACTIONS),
    purpose: near("purpose", ids(vocabulary.purposes)),
    field: near("field", ids(vocabulary.fields)),
    origin: near("origin", ids(vocabulary.jurisdictions)),
    population: near("population", leavesOf(vocabulary.populations)),
    funding: near("funding", leaves("funding")),
    special: near("special", leaves("special")),
    applicant: near("applicant", leaves("applicant")),
    system: near("system", ids(vocabulary.systems)),
    evidence: fc.array(near("evidence", ids(vocabulary.evidence)), { maxLength: 4 }).map((kinds) => new Set(kinds)),
    memberOf: fc.constant(new Set<string>()),
  });
}

/** Words for which some comparison of the rule holds. */
function wordsNear(law: Law, rule: Rule, dimension: Dimension): readonly string[] {
  return atomsOf(rule.condition).flatMap((index) => {
    const atom = law.atoms[index];
    if (atom?.kind === "evidence") return dimension === "evidence" ? [atom.evidence] : [];
    if (atom?.kind === "protected") {
      const order = law.instruments.find(({ id }) => id === atom.order);
      return dimension === "origin" ? (order?.protects ?? []).map(({ jurisdiction }) => jurisdiction) : [];
    }
    if (atom?.dimension !== dimension) return [];
    const words = Object.entries(law.settled[dimension] ?? {});
    return words.filter(([, atoms]) => atoms.includes(index)).map(([word]) => word);
  });
}

/** Days on both sides of every turn of the docket, at whatever grades. */
export const turningDays = (law: Law): readonly CivilDate[] => [
  ...new Set(docketEvents(law).flatMap((event) => [addDays(event, -1), event])),
];

const views = new WeakMap<Law, Map<string, DayView>>();

/** The law on a day at every grade, made once. */
export function viewOn(law: Law, on: CivilDate): DayView {
  const known = views.get(law) ?? new Map<string, DayView>();
  views.set(law, known);
  const view = known.get(on) ?? dayView(law, on, ["read", "secondary", "recalled"]);
  known.set(on, view);
  return view;
}

/** Names of the active rules that hold in a cell, as the algebra has it. */
export function heldByAlgebra(view: DayView, cell: Cell): readonly string[] {
  const truth = truthIn(view, cell);
  return activeRules(view)
    .filter((rule) => holds(rule.condition, truth))
    .map((rule) => rule.name)
    .sort();
}

/** The same, by Cedar alone: one whole request against the rules' own text. */
export function heldByCedar(view: DayView, cell: Cell): readonly string[] {
  const answer = cedar.statefulIsAuthorized({
    ...cedarRequest(cell),
    preparsedPolicySetId: policySet(view),
    entities: entitiesOf(view, cell),
  });
  if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("; "));
  const { errors, reason } = answer.response.diagnostics;
  if (errors.length > 0) throw new Error(errors.map(({ policyId }) => policyId).join(", "));
  const binds = new Map(view.law.instruments.map(({ id, binds }) => [id, binds]));
  // WHY: whom a policy binds stands in its front matter, not in its rules.
  const reaches = (rule: Rule): boolean => (binds.get(rule.instrument) ?? cell.discloser) === cell.discloser;
  return activeRules(view)
    .filter((rule) => reason.includes(rule.name) && reaches(rule))
    .map((rule) => rule.name)
    .sort();
}

/** Every reading of a cell whose origin an order leaves open. */
export const readings = (view: DayView, cell: Cell): readonly Cell[] =>
  readingsOf(view, cell.origin).map((memberOf) => ({ ...cell, memberOf }));

const activeRules = (view: DayView): readonly Rule[] => [...view.bars, ...view.permits, ...view.defeats, ...view.protections];

const sets = new WeakMap<DayView, string>();
let made = 0;

/** The active rules as permits, so that Cedar names every one that holds; parsed once a day. */
function policySet(view: DayView): string {
  const known = sets.get(view);
  if (known !== undefined) return known;
  const id = `oracle-${(made += 1)}`;
  const staticPolicies = Object.fromEntries(activeRules(view).map((rule) => [rule.name, asPermit(rule)]));
  const parsed = cedar.preparsePolicySet(id, { staticPolicies });
  if (parsed.type === "failure") throw new Error(parsed.errors.map(({ message }) => message).join("; "));
  sets.set(view, id);
  return id;
}

/** All words with their parents, the lists of the day in this reading, and the cell. */
function entitiesOf(view: DayView, cell: Cell): cedar.Entities {
  const orders = view.law.instruments.filter(({ protects }) => protects.length > 0).map(({ id }) => id);
  const isMember = (order: string): boolean => {
    const membership = view.membership(order, cell.origin);
    return membership === "member" || (membership === "unresolved" && cell.memberOf.has(order));
  };
  const words = [...entityTypes(view.law.vocabulary, orders)].flatMap(([type, list]) =>
    list
      .filter(({ id }) => type !== "Action" && !(type === "Jurisdiction" && id === cell.origin))
      .map(({ id, parents }) => ({ uid: { type, id }, attrs: {}, parents: parents.map((parent) => ({ type, id: parent })) })),
  );
  const origin = {
    uid: { type: "Jurisdiction", id: cell.origin },
    attrs: {},
    parents: orders.filter(isMember).map((id) => ({ type: "Protected", id })),
  };
  const attrs = {
    field: entity("Field", cell.field),
    origin: entity("Jurisdiction", cell.origin),
    population: entity("Population", cell.population),
    system: entity("RecordSystem", cell.system),
    funding: entity("Funding", cell.funding),
    special: entity("Special", cell.special),
    applicant: entity("Applicant", cell.applicant),
  };
  return [...words, origin, { uid: CELL, attrs, parents: [] }];
}
