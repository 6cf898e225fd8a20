import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Condition } from "./condition.ts";
import type { Instrument, Scope } from "./instrument.ts";
import { AS_EXCEPTION } from "./instrument.ts";
import type { CedarPolicy } from "./judge.ts";
import type { Rule } from "./law.ts";
import { overlyNested } from "./nesting.ts";
import { conditionOf } from "./profile.ts";
import type { RuleContext } from "./rule.ts";
import type { Grade } from "./source.ts";

type Part = {
  readonly id: string;
  readonly defeats: string;
  readonly scope: Scope;
  readonly cite: string;
  readonly grade: Grade;
  readonly interpretation: string;
  readonly during?: NonNullable<Rule["during"]>;
};

/**
 * The parts of bars that an instrument's front matter sets aside, as rules: bar AND NOT scope, the bar itself untouched.
 * Their ids hold a dot, which no written rule's id may.
 */
export function scopedExceptions(instrument: Instrument, context: RuleContext, problems: Problem[]): readonly Rule[] {
  const stays = instrument.stayed.flatMap(({ scope, rules = [], ...stay }, at): readonly Part[] =>
    scope === undefined
      ? []
      : rules.map((rule) => ({
          id: `stay.${at + 1}.${rule}`,
          defeats: `${instrument.id}#${rule}`,
          scope,
          cite: stay.cite,
          grade: stay.grade,
          interpretation: AS_EXCEPTION,
          during: { from: stay.from, ...(stay.to === undefined ? {} : { to: stay.to }) },
        })),
  );
  const defeats = instrument.defeats.map(({ rule, ...exception }, at) => ({ id: `defeats.${at + 1}`, defeats: rule, ...exception }));
  return [...stays, ...defeats].map((part) => exceptionRule(part, instrument, context, problems));
}

function exceptionRule(part: Part, instrument: Instrument, context: RuleContext, problems: Problem[]): Rule {
  const { id, scope, ...said } = part;
  const text = `@id("${id}") permit (principal, action, resource) when { ${scope.text} };`;
  return {
    name: `${instrument.id}#${id}`,
    instrument: instrument.id,
    regime: instrument.regime,
    satisfies: [],
    effect: "permit",
    ...said,
    condition: scopeCondition(text, scope, context, problems),
    text,
    at: scope.at,
  };
}

/** INVARIANT: the scope of an exception opens, so it is read like a permit: no trees of parties or purposes. */
function scopeCondition(text: string, scope: Scope, context: RuleContext, problems: Problem[]): Condition {
  const refuse = (message: string, hint: string): void => {
    problems.push(problem("E_LAW", message, { at: scope.at, hint }));
  };
  const nested = overlyNested(text);
  const split = nested === undefined ? context.judge.split(text) : { errors: [nested] };
  const [policy, ...more] = "errors" in split ? [] : split.policies.map((one) => context.judge.parse(one));
  const hint = 'write what may stand in `when { … }`, such as resource.origin == Jurisdiction::"TX"';
  if (policy === undefined || more.length > 0 || !isOneCondition(policy)) {
    const detail = "errors" in split ? `: ${split.errors[0]?.message ?? ""}` : "";
    refuse(`the scope is not one condition${detail}`, hint);
    return { kind: "never" };
  }
  return conditionOf(policy, false, { words: context.words, atoms: context.atoms, refuse });
}

/** WHY: a scope that closes its own bracket could add a clause of its own. */
const isOneCondition = ({ conditions }: CedarPolicy): boolean => conditions.length === 1 && conditions[0]?.kind === "when";
