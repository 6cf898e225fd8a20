import type { Condition, Dimension } from "../law/condition.ts";
import { specialise } from "../law/condition.ts";
import type { Rule } from "../law/law.ts";
import type { DayView } from "./day-view.ts";

/** Dimensions whose word is settled for every cell that will be judged. */
export type Fixed = Readonly<Partial<Record<Exclude<Dimension, "evidence">, string>>>;

/** The view with everything fixed worked out, so that few rules are left to look at. Judges every cell that has those words alike. */
export function narrow(view: DayView, fixed: Fixed): DayView {
  const truth = (index: number): boolean | undefined => {
    const atom = view.law.atoms[index];
    const word = atom?.kind === "words" ? fixed[atom.dimension] : undefined;
    return atom?.kind === "words" && word !== undefined ? (view.holdsFor.get(atom.dimension)?.get(word)?.has(index) ?? false) : undefined;
  };
  const narrowRules = (rules: readonly Rule[]): readonly Rule[] =>
    rules.map((rule) => ({ ...rule, condition: specialise(rule.condition, truth) })).filter((rule) => !isNever(rule.condition));
  const regimes = view.law.regimes.map((regime) => ({ ...regime, applies: specialise(regime.applies, truth) }));
  return {
    ...view,
    law: { ...view.law, regimes: regimes.filter((regime) => !isNever(regime.applies)) },
    bars: narrowRules(view.bars),
    permits: narrowRules(view.permits),
    defeats: narrowRules(view.defeats),
    stayed: [],
    pending: [],
    protections: [],
  };
}

const isNever = (condition: Condition): boolean => condition.kind === "never";
