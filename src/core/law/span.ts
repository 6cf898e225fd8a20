import type { CivilDate } from "../base/civil-date.ts";
import { addDays } from "../base/civil-date.ts";
import { docketEvents, inForce } from "./docket.ts";
import type { Law, Rule } from "./law.ts";
import { GRADES } from "./source.ts";

/** Days on end, the last one included; without one while nothing ends it. */
export type Span = { readonly from: CivilDate; readonly to?: CivilDate };

/** The days on which a rule is in force, as all loaded law has it, counting every grade. */
export function spansInForce(rule: Rule, law: Law): readonly Span[] {
  const instrument = law.instruments.find((one) => one.id === rule.instrument);
  const spans: { from: CivilDate; to?: CivilDate }[] = [];
  for (const day of docketEvents(law)) {
    const last = spans.at(-1);
    const open = last !== undefined && last.to === undefined;
    const on = instrument !== undefined && inForce(law, rule, instrument, day, GRADES);
    if (on && !open) spans.push({ from: day });
    if (!on && open) last.to = addDays(day, -1);
  }
  return spans;
}

export const spansText = (spans: readonly Span[]): string =>
  spans.length === 0
    ? "never in force"
    : spans.map(({ from, to }) => (to === undefined ? `from ${from}` : `${from} to ${to}`)).join(" and ");
