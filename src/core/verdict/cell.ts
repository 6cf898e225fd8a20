import type { Condition } from "../law/condition.ts";
import { holds } from "../law/condition.ts";
import type { Law, Regime, Rule } from "../law/law.ts";
import type { DayView } from "./day-view.ts";

/** One point of the whole space: every dimension has one word. */
export type Cell = {
  readonly recipient: string;
  readonly discloser: string;
  readonly action: string;
  readonly purpose: string;
  readonly field: string;
  readonly origin: string;
  readonly population: string;
  readonly funding: string;
  readonly special: string;
  readonly applicant: string;
  readonly system: string;
  readonly evidence: ReadonlySet<string>;
  /** Orders on whose list an unresolved origin is taken to be, in this reading. */
  readonly memberOf: ReadonlySet<string>;
};

/** What the law says of one cell: every rule that holds, and every regime left unsatisfied. */
export type CellVerdict = {
  readonly bars: readonly Rule[];
  readonly permits: readonly Rule[];
  /** Exceptions that hold, each of which takes effect from a bar. */
  readonly openings: readonly Rule[];
  /** Regimes that apply and need a permit, with those of `permits` that satisfy each. */
  readonly needs: readonly { readonly regime: Regime; readonly satisfiedBy: readonly Rule[] }[];
  /** How masked the field comes out, as an index of its chain; the last index is omission. */
  readonly mask: number;
  readonly outcome: "permitted" | "masked" | "no-authority" | "barred";
};

export const OUTCOMES = ["permitted", "masked", "no-authority", "barred"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Truth of each atom in a cell. */
export function truthIn(view: DayView, cell: Cell): (atom: number) => boolean {
  return (index) => {
    const atom = view.law.atoms[index];
    if (atom === undefined) throw new Error(`no atom ${index}`);
    if (atom.kind === "evidence") return cell.evidence.has(atom.evidence);
    if (atom.kind === "protected") {
      const membership = view.membership(atom.order, cell.origin);
      return membership === "unresolved" ? cell.memberOf.has(atom.order) : membership === "member";
    }
    const words = view.holdsFor.get(atom.dimension)?.get(cell[atom.dimension]);
    // INVARIANT: a word Cedar never judged has no verdict; guessing would open.
    if (words === undefined) throw new Error(`"${cell[atom.dimension]}" was never judged as ${atom.dimension}`);
    return words.has(index);
  };
}

/** Judges one cell: default deny; a bar overrides; every regime that applies and needs a permit must have one. */
export function judgeCell(view: DayView, cell: Cell): CellVerdict {
  const truth = truthIn(view, cell);
  const holding = (rules: readonly Rule[]): readonly Rule[] => rules.filter((rule) => holds(rule.condition, truth));
  const held = holding(view.bars);
  const openings = holding(view.defeats).filter((rule) => held.some((bar) => bar.name === rule.defeats));
  const defeated = new Set(openings.map((rule) => rule.defeats));
  const bars = held.filter((rule) => !defeated.has(rule.name));
  const permits = holding(view.permits);
  const needs = view.law.regimes
    .filter((regime) => regime.needs === "permit" && holds(regime.applies, truth))
    .map((regime) => ({ regime, satisfiedBy: permits.filter((permit) => permit.satisfies.includes(regime.id)) }));
  return conclude(view.law, cell.field, { bars, permits, openings, needs });
}

/**
 * Judges a cell whose recipient is also in the service of other bodies: whatever bars any of them bars that person.
 * INVARIANT: only bars are taken from an employer; a permit counts for the recipient named and nobody else.
 */
export function judgeServing(view: DayView, cell: Cell, employers: readonly string[]): CellVerdict {
  const own = judgeCell(view, cell);
  if (employers.length === 0) return own;
  const all = [own, ...employers.map((recipient) => judgeCell(view, { ...cell, recipient }))];
  const distinct = (of: (verdict: CellVerdict) => readonly Rule[]): readonly Rule[] => [...new Set(all.flatMap(of))];
  const [bars, openings] = [distinct((verdict) => verdict.bars), distinct((verdict) => verdict.openings)];
  return conclude(view.law, cell.field, { ...own, bars, openings });
}

function conclude(law: Law, field: string, found: Pick<CellVerdict, "bars" | "permits" | "openings" | "needs">): CellVerdict {
  const chain = law.vocabulary.fields.find((word) => word.id === field)?.masks ?? ["clear", "omitted"];
  const last = chain.length - 1;
  const level = (rule: Rule, otherwise: number): number => {
    if (rule.mask === undefined) return otherwise;
    const at = chain.indexOf(rule.mask);
    return at < 0 ? last : at;
  };
  const floor = Math.max(0, ...found.bars.map((rule) => level(rule, last)));
  const unmet = found.needs.length === 0 || found.needs.some((need) => need.satisfiedBy.length === 0);
  const opened = Math.max(0, ...found.needs.map((need) => Math.min(last, ...need.satisfiedBy.map((rule) => level(rule, 0)))));
  const mask = unmet ? last : Math.max(floor, opened);
  const outcome = floor === last ? "barred" : unmet || mask === last ? "no-authority" : mask === 0 ? "permitted" : "masked";
  return { ...found, mask: outcome === "barred" ? last : mask, outcome };
}

/** Whether a condition would hold if every kind of evidence were at hand. */
export function holdsWithEvidence(view: DayView, cell: Cell, condition: Condition): boolean {
  const truth = truthIn(view, cell);
  return holds(condition, (index) => view.law.atoms[index]?.kind === "evidence" || truth(index));
}
