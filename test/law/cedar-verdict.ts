import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Dimension } from "../../src/core/law/condition.ts";
import { holds } from "../../src/core/law/condition.ts";
import type { Law, Rule } from "../../src/core/law/law.ts";
import type { Cell, Outcome } from "../../src/core/verdict/cell.ts";
import { OUTCOMES, truthIn } from "../../src/core/verdict/cell.ts";
import type { DayView } from "../../src/core/verdict/day-view.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import { decide } from "../../src/core/verdict/decide.ts";
import { reachOf } from "../../src/core/verdict/diagram-build.ts";
import { counterExample } from "../../src/core/verdict/diagram-search.ts";
import type { Point } from "../../src/core/verdict/diagram.ts";
import { verdictAt, wordsOf } from "../../src/core/verdict/diagram.ts";
import { cedarSide } from "./cedar-side.ts";
import { askedAt } from "./asked-at.ts";
import { diagramOf, valueOf } from "./diagram-laws.ts";
import { heldByCedar, readings } from "./whole-request.ts";

type Said = { readonly outcome: Outcome; readonly mask: string; readonly rules: readonly string[] };

/** The verdict on a cell by nothing but the names of the rules that Cedar holds; written anew from the semantics, not from the engine. */
function saidByCedar(view: DayView, cell: Cell): Said {
  const said = readings(view, cell).map((reading) => oneReading(view, reading, new Set(heldByCedar(view, reading))));
  const [worst] = said.toSorted((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome) || b.level - a.level);
  if (worst === undefined) throw new Error("no reading");
  return { outcome: worst.outcome, mask: worst.mask, rules: [...new Set(said.flatMap(({ rules }) => rules))].sort() };
}

/** Throws where the diagram, or `decide` with its reasons, says anything but that. */
export function sameAsCedar(view: DayView, point: Point): void {
  const said = saidByCedar(view, { ...point, memberOf: new Set() });
  const { outcome, mask, reasons } = decide(view, askedAt(point));
  const named = reasons.filter(({ effect }) => effect === "bar" || effect === "permit" || effect === "opening");
  const rules = [...new Set(named.flatMap((reason) => reason.rules.map(({ id }) => id)))].sort();
  const diagram = verdictAt(diagramOf(view), point);
  const [wanted, decided] = [said, { outcome, mask, rules }].map((one) => JSON.stringify([one.outcome, one.mask, one.rules]));
  if (wanted !== decided) throw new Error(`decide says ${decided}, Cedar's rules ${wanted}`);
  if (diagram.outcome !== said.outcome || diagram.mask !== said.mask)
    throw new Error(`the diagram says ${diagram.outcome} ${diagram.mask}, Cedar's rules ${wanted}`);
}

function oneReading(view: DayView, cell: Cell, held: ReadonlySet<string>): Said & { readonly level: number } {
  const chain = view.law.vocabulary.fields.find(({ id }) => id === cell.field)?.masks ?? [];
  const nothing = chain.length - 1;
  const level = (rule: Rule, unmasked: number): number =>
    rule.mask === undefined ? unmasked : chain.includes(rule.mask) ? chain.indexOf(rule.mask) : nothing;
  const heldBars = view.bars.filter(({ name }) => held.has(name));
  const openings = view.defeats.filter(({ name, defeats }) => held.has(name) && heldBars.some((bar) => bar.name === defeats));
  const bars = heldBars.filter(({ name }) => !openings.some(({ defeats }) => defeats === name));
  const permits = view.permits.filter(({ name }) => held.has(name));
  const truth = truthIn(view, cell);
  const levels = view.law.regimes
    .filter(({ needs, applies }) => needs === "permit" && holds(applies, truth))
    .map(({ id }) => Math.min(nothing, ...permits.filter(({ satisfies }) => satisfies.includes(id)).map((rule) => level(rule, 0))));
  const barred = Math.max(0, ...bars.map((rule) => level(rule, nothing)));
  const opened = levels.length === 0 ? nothing : Math.max(...levels);
  const left = Math.max(barred, opened);
  const outcome = barred === nothing ? "barred" : left === nothing ? "no-authority" : left === 0 ? "permitted" : "masked";
  return { outcome, mask: chain[left] ?? "omitted", level: left, rules: [...bars, ...permits, ...openings].map(({ name }) => name) };
}

/**
 * Where Cedar, asked the rule's own text, and the algebra differ: around a point on which the rule holds, one word of one dimension
 * changed at a time, every word of every dimension. The test of an upgrade of Cedar.
 */
export function truthTable(law: Law, rule: Rule): readonly string[] {
  const alone = onlyRule(law, rule);
  const found = counterExample(valueOf(reachOf(alone, [rule])), {}, ["barred"]);
  if (found === undefined) return ["the rule holds nowhere"];
  const cell: Cell = { ...found.point, memberOf: new Set() };
  const judge = cedarSide(alone, `alone ${rule.name}`);
  const binds = law.instruments.find(({ id }) => id === rule.instrument)?.binds;
  // WHY: whom a policy binds stands in its front matter, not in its rules.
  const byCedar = (one: Cell): boolean => judge(one).has(rule.name) && (binds ?? one.discloser) === one.discloser;
  const differing = (one: Cell): boolean => byCedar(one) !== holds(rule.condition, truthIn(alone, one));
  const dimensions = Object.keys(found.point).filter((key): key is Exclude<Dimension, "evidence"> => key !== "evidence");
  const changed = dimensions.flatMap((dimension) =>
    wordsOf(law.vocabulary, dimension)
      .filter((word) => differing({ ...cell, [dimension]: word }))
      .map((word) => `${dimension} ${word}`),
  );
  const kinds = law.vocabulary.evidence.filter(({ id }) => differing({ ...cell, evidence: toggled(cell.evidence, id) }));
  return [...(byCedar(cell) ? [] : ["the point itself"]), ...changed, ...kinds.map(({ id }) => `evidence ${id}`)];
}

function toggled(evidence: ReadonlySet<string>, kind: string): ReadonlySet<string> {
  return evidence.has(kind) ? new Set([...evidence].filter((one) => one !== kind)) : new Set([...evidence, kind]);
}

/** Any day on which the rule's own list, if it has one, is as it was when issued; no list leaves a state open. */
function onlyRule(law: Law, rule: Rule): DayView {
  const issued = law.instruments.find(({ id }) => id === rule.instrument)?.effective.latest ?? ("2026-01-15" as CivilDate);
  const view = dayView(law, issued, ["read", "secondary", "recalled"]);
  const membership: DayView["membership"] = (order, jurisdiction) => {
    const found = view.membership(order, jurisdiction);
    return found === "unresolved" ? "member" : found;
  };
  return { ...view, membership, bars: [rule], permits: [], defeats: [] };
}
