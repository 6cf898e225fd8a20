import type { Regime, Rule } from "../law/law.ts";
import { atomsOf } from "../law/condition.ts";
import type { Cell, CellVerdict } from "./cell.ts";
import type { DayView } from "./day-view.ts";

/** A rule as a reason names it. */
export type RuleReason = {
  readonly id: string;
  readonly cite: string;
  readonly pinpoint?: string;
  /** Extensions that keep the rule in force, or the stays that suspend it. */
  readonly via?: readonly string[];
  readonly interpretation?: string;
  readonly grade: string;
};

/** A permit that would hold with more evidence. */
export type Missing = { readonly id: string; readonly cite: string; readonly evidence: readonly string[] };

/**
 * What one regime says. `bar`: its bars that hold. `permit`: its permits that hold. `no-permit`: it applies, needs a
 * permit and has none; `cites` name it. `opening`: exceptions that set a bar aside.
 * `stayed`: bars that only a stay suspends; `pending`: bars entered, not yet in effect; neither decides anything today.
 * `protection`: where it holds, nobody may be punished for refusing; it decides nothing either.
 */
export type Reason = {
  readonly regime: string;
  readonly effect: "bar" | "no-permit" | "permit" | "opening" | "stayed" | "pending" | "protection";
  readonly rules: readonly RuleReason[];
  readonly cites: readonly string[];
  readonly missing: readonly Missing[];
};

type Judged = { readonly cell: Cell; readonly verdict: CellVerdict };
type Probe = {
  stayed(cell: Cell): readonly Rule[];
  pending(cell: Cell): readonly Rule[];
  protections(cell: Cell): readonly Rule[];
  nearly(cell: Cell, rule: Rule): boolean;
};

const EFFECT_ORDER: readonly Reason["effect"][] = ["bar", "no-permit", "permit", "opening", "stayed", "pending", "protection"];

/** Every rule and regime that bears on a request, over all its cells; bars first. */
export function reasonsFor(view: DayView, judged: readonly Judged[], probe: Probe): readonly Reason[] {
  const bars = byRegime(view, "bar", distinct(judged.flatMap(({ verdict }) => verdict.bars)));
  const permits = byRegime(view, "permit", distinct(judged.flatMap(({ verdict }) => verdict.permits)));
  const openings = byRegime(view, "opening", distinct(judged.flatMap(({ verdict }) => verdict.openings)));
  const stayed = byRegime(view, "stayed", distinct(judged.flatMap(({ cell }) => probe.stayed(cell))));
  const pending = byRegime(view, "pending", distinct(judged.flatMap(({ cell }) => probe.pending(cell))));
  const protections = byRegime(view, "protection", distinct(judged.flatMap(({ cell }) => probe.protections(cell))));
  const unmet = view.law.regimes.flatMap((regime) => {
    const cells = judged.filter(({ verdict }) =>
      verdict.needs.some((need) => need.regime.id === regime.id && need.satisfiedBy.length === 0),
    );
    return cells.length === 0 ? [] : [unmetReason(view, regime, cells, probe)];
  });
  return [...bars, ...unmet, ...permits, ...openings, ...stayed, ...pending, ...protections].sort(
    (a, b) => EFFECT_ORDER.indexOf(a.effect) - EFFECT_ORDER.indexOf(b.effect),
  );
}

const distinct = (rules: readonly Rule[]): readonly Rule[] => [...new Map(rules.map((rule) => [rule.name, rule])).values()];

function byRegime(view: DayView, effect: Reason["effect"], rules: readonly Rule[]): readonly Reason[] {
  const regimes = [...new Set(rules.map((rule) => rule.regime))];
  return regimes.map((regime) => {
    const found = rules.filter((rule) => rule.regime === regime).map((rule) => ruleReason(view, rule));
    return { regime, effect, rules: found, cites: [...new Set(found.flatMap((rule) => [rule.cite, ...(rule.via ?? [])]))], missing: [] };
  });
}

function ruleReason(view: DayView, rule: Rule): RuleReason {
  const stays = view.stays.get(rule.name) ?? [];
  const via = stays.length > 0 ? stays : (view.via.get(rule.instrument) ?? []);
  return {
    id: rule.name,
    cite: rule.cite,
    ...(rule.pinpoint === undefined ? {} : { pinpoint: rule.pinpoint }),
    ...(via.length === 0 ? {} : { via }),
    ...(rule.interpretation === undefined ? {} : { interpretation: rule.interpretation }),
    grade: rule.grade,
  };
}

function unmetReason(view: DayView, regime: Regime, cells: readonly Judged[], probe: Probe): Reason {
  const candidates = view.permits.filter((rule) => rule.satisfies.includes(regime.id));
  const missing = candidates
    .filter((rule) => cells.some(({ cell }) => probe.nearly(cell, rule)))
    .map((rule) => ({ id: rule.name, cite: rule.cite, evidence: evidenceLacking(view, rule, cells) }));
  return { regime: regime.id, effect: "no-permit", rules: [], cites: regime.cites, missing };
}

function evidenceLacking(view: DayView, rule: Rule, cells: readonly Judged[]): readonly string[] {
  const asked = atomsOf(rule.condition).flatMap((index) => {
    const atom = view.law.atoms[index];
    return atom?.kind === "evidence" ? [atom.evidence] : [];
  });
  return [...new Set(asked)].filter((kind) => cells.some(({ cell }) => !cell.evidence.has(kind)));
}
