import type { Checked } from "../base/checked.ts";
import { pass } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { addDays } from "../base/civil-date.ts";
import { turningDaysFrom } from "../law/docket.ts";
import type { Law } from "../law/law.ts";
import type { Grade } from "../law/source.ts";
import { dayView } from "./day-view.ts";
import { buildDiagram } from "./diagram-build.ts";
import type { Box } from "./diagram-box.ts";
import { CHANGES } from "./diagram-box.ts";
import type { Comparison } from "./diagram-compare.ts";
import { compareDiagrams } from "./diagram-compare.ts";

/** Days on which two laws differ in the same way. `to` is absent while nothing ends it. */
export type LawChange = { readonly from: CivilDate; readonly to?: CivilDate; readonly comparison: Comparison };

/** What one law does that the other does not, on every day from `from` on; empty is proof that they decide alike. */
export function compareLaw(before: Law, after: Law, from: CivilDate, admitted: readonly Grade[]): Checked<readonly LawChange[]> {
  const changes: (LawChange & { readonly key: string })[] = [];
  const starts = turningDaysFrom(from, [before, after]);
  for (const [at, day] of starts.entries()) {
    const was = buildDiagram(dayView(before, day, admitted));
    const is = buildDiagram(dayView(after, day, admitted));
    if (!was.ok) return was;
    if (!is.ok) return is;
    const compared = compareDiagrams(was.value, is.value);
    if (!compared.ok) return compared;
    const key = keyOf(compared.value);
    const next = starts[at + 1];
    const to = next === undefined ? {} : { to: addDays(next, -1) };
    const last = changes.at(-1);
    const goesOn = last?.key === key && last.to === addDays(day, -1);
    if (goesOn) changes.splice(-1, 1, { from: last.from, ...to, comparison: last.comparison, key });
    else changes.push({ from: day, ...to, comparison: compared.value, key });
  }
  return pass(changes.filter(({ comparison }) => differs(comparison)).map(({ key: _key, ...change }) => change));
}

/** WHY latent too: a bar where nothing passed anyway still holds back a person in the service of several bodies. */
const differs = ({ combinations, latent }: Comparison): boolean =>
  CHANGES.some((name) => combinations[name] > 0n) || latent.unbarred > 0n || latent.barred > 0n;

/** The same for comparisons that say the same; counts are in it, since boxes may have been left off. */
const keyOf = (comparison: Comparison): string =>
  JSON.stringify(comparison, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value));

/** All boxes of a comparison, those that open first. */
export const boxesIn = (comparison: Comparison): readonly Box[] => CHANGES.flatMap((name) => comparison.boxes[name]);
