import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { nearestHint } from "../base/nearest.ts";
import { problem } from "../base/problem.ts";
import type { Law } from "../law/law.ts";
import { OUTCOMES } from "./cell.ts";
import type { DayView } from "./day-view.ts";
import { decide, opens } from "./decide.ts";
import type { DecisionRequest } from "./request.ts";
import { parseRequest } from "./request.ts";
import type { Outcome } from "./cell.ts";

/** One kind of row of a set that exists already, and the form in which its category is held there. */
export type SetPart = { readonly request: DecisionRequest; readonly on: CivilDate | undefined; readonly held: string };

/** A kind of row that may not be in the set. */
export type UnlawfulPart = { readonly at: number; readonly outcome: Outcome; readonly mask: string; readonly cites: readonly string[] };

/** What the law says of a set as a whole. */
export type SetVerdict = {
  readonly lawful: boolean;
  /** The worst of all parts. */
  readonly outcome: Outcome;
  readonly parts: number;
  readonly unlawful: readonly UnlawfulPart[];
};

/** Reads a part: a question, and `held`, a mask of its category (left out: clear). */
export function parseSetPart(row: Readonly<Record<string, unknown>>, law: Law): Checked<SetPart> {
  const { held = "clear", ...asked } = row;
  const parsed = parseRequest(asked, law);
  if (!parsed.ok) return parsed;
  const { request, on } = parsed.value;
  const chains = request.fields.map((field) => chainOf(law, field));
  const known = [...new Set(chains.flat())];
  const isKnown = typeof held === "string" && chains.every((chain) => chain.includes(held));
  const hint = nearestHint(String(held), known, "law/vocabulary/fields.yaml");
  return passIf(isKnown ? [] : [problem("E_WORD", `unknown word "${String(held)}" for "held"`, { hint })], () => ({
    request,
    on,
    held: String(held),
  }));
}

/** INVARIANT: one row that may not be there taints the set; no count and no share of lawful rows mends it. */
export function judgeSet(viewOn: (on: CivilDate | undefined) => DayView, parts: readonly SetPart[]): SetVerdict {
  const judged = parts.map(({ request, on, held }, at) => {
    const view = viewOn(on);
    const { outcome, mask, reasons } = decide(view, request);
    const isHeldLawfully = request.fields.every((field) => {
      const chain = chainOf(view.law, field);
      // WHY each field alone: a set of several categories has one mask a category.
      const verdict = request.fields.length === 1 ? { outcome, mask } : decide(view, { ...request, fields: [field] });
      return opens(verdict) && chain.indexOf(held) >= chain.indexOf(verdict.mask);
    });
    const deciding = reasons.filter(({ effect }) => effect === (outcome === "no-authority" ? "no-permit" : "bar"));
    return { at, outcome, mask, isHeldLawfully, cites: [...new Set(deciding.flatMap((reason) => reason.cites))] };
  });
  const unlawful = judged.filter((one) => !one.isHeldLawfully);
  return {
    // WHY not of none: that nothing was looked at makes nothing lawful.
    lawful: parts.length > 0 && unlawful.length === 0,
    outcome: judged.reduce<Outcome>(
      (worst, { outcome }) => (OUTCOMES.indexOf(outcome) > OUTCOMES.indexOf(worst) ? outcome : worst),
      parts.length === 0 ? "no-authority" : "permitted",
    ),
    parts: parts.length,
    unlawful: unlawful.map(({ at, outcome, mask, cites }) => ({ at, outcome, mask, cites })),
  };
}

const chainOf = (law: Law, field: string): readonly string[] =>
  law.vocabulary.fields.find((word) => word.id === field)?.masks ?? ["clear", "omitted"];
