import type { CivilDate } from "../base/civil-date.ts";
import { addDays } from "../base/civil-date.ts";
import { docketEvents } from "../law/docket.ts";
import type { Law } from "../law/law.ts";
import type { Grade } from "../law/source.ts";
import { dayView } from "./day-view.ts";
import type { Verdict } from "./decide.ts";
import { decide } from "./decide.ts";
import type { Reason } from "./reason.ts";
import type { DecisionRequest } from "./request.ts";

/** Consecutive days on which a request has one answer for one set of reasons. Both days included. */
export type Interval = { readonly from: CivilDate; readonly to: CivilDate; readonly verdict: Verdict };

/** How a request fares over a span of days: one interval per change. Between docket events nothing can change. */
export function timeline(
  law: Law,
  request: DecisionRequest,
  span: { from: CivilDate; to: CivilDate },
  admitted: readonly Grade[],
): readonly Interval[] {
  const starts = [span.from, ...docketEvents(law).filter((day) => span.from < day && day <= span.to)];
  const pieces = starts.map((from, at) => {
    const next = starts[at + 1];
    return { from, to: next === undefined ? span.to : addDays(next, -1), verdict: decide(dayView(law, from, admitted), request) };
  });
  const merged: Interval[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (last !== undefined && sameAnswer(last.verdict, piece.verdict)) merged.splice(-1, 1, { ...last, to: piece.to });
    else merged.push(piece);
  }
  return merged;
}

const sameAnswer = (a: Verdict, b: Verdict): boolean => answerText(a) === answerText(b);

const DECIDES_NOTHING: ReadonlySet<Reason["effect"]> = new Set(["stayed", "pending", "protection"]);

/** What makes two answers the same to a reader: outcome, mask, what is owed, and the rules that decide today. */
const answerText = ({ outcome, mask, reasons, duties }: Verdict): string =>
  JSON.stringify([
    outcome,
    mask,
    duties,
    reasons.filter((reason) => !DECIDES_NOTHING.has(reason.effect)).map(({ regime, effect, cites }) => [regime, effect, cites]),
  ]);
