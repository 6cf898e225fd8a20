import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { DayView } from "./day-view.ts";
import type { Region } from "./diagram-search.ts";
import { counterExample } from "./diagram-search.ts";
import type { Diagram, Point } from "./diagram.ts";
import type { Invariant } from "./invariant.ts";

/** Whether an invariant speaks of a day. */
export const speaksOf = ({ from, to }: Invariant, on: string): boolean =>
  (from === undefined || from <= on) && (to === undefined || on <= to);

/** The invariants that a day's law breaks, each with a point that breaks it. Those silent on the day hold. */
export function brokenOn(view: DayView, diagram: Diagram, invariants: readonly Invariant[]): readonly Problem[] {
  return invariants.filter((one) => speaksOf(one, view.on)).flatMap((one) => brokenBy(one, view, diagram));
}

function brokenBy(invariant: Invariant, view: DayView, diagram: Diagram): readonly Problem[] {
  const region = regionOf(invariant, view);
  if (region === undefined) return [];
  const outcomes = invariant.expect === "never-released" ? (["permitted", "masked"] as const) : (["barred", "no-authority"] as const);
  const found = counterExample(diagram, region, outcomes);
  if (found === undefined) return [];
  const { outcome, mask } = found.verdict;
  const said = `on ${view.on} ${outcome}${outcome === "masked" ? ` (${mask})` : ""}: ${pointText(found.point)}`;
  return [problem("E_INVARIANT", `"${invariant.id}" does not hold: ${said}`, { at: invariant.at, hint: invariant.says })];
}

/** Undefined where the list the invariant is about has nobody on it that day. */
function regionOf({ words, protectedBy, evidence }: Invariant, view: DayView): Region | undefined {
  if (protectedBy === undefined) return { ...words, evidence };
  const listed = view.law.vocabulary.jurisdictions.map(({ id }) => id).filter((id) => view.membership(protectedBy, id) === "member");
  const origin = listed.filter((id) => words.origin === undefined || words.origin.includes(id));
  return origin.length === 0 ? undefined : { ...words, origin, evidence };
}

/** A point as one would ask about it. */
export function pointText(point: Point): string {
  const { discloser, recipient, action, purpose, field, origin, population, funding, special, applicant, system } = point;
  const shown = point.evidence.size === 0 ? "no evidence" : [...point.evidence].sort().join(" + ");
  const facets = `population ${population}, funding ${funding}, special ${special}, applicant ${applicant}, system ${system}`;
  return `${discloser} → ${recipient}, ${action} ${field} of ${origin} for ${purpose}, ${facets}; ${shown}`;
}
