import type { CivilDate } from "../base/civil-date.ts";
import { addDays } from "../base/civil-date.ts";
import type { DayRange, Instrument } from "./instrument.ts";
import type { Law, Rule } from "./law.ts";
import type { Grade } from "./source.ts";
import { GRADES } from "./source.ts";

/** Which way uncertainty is read: what closes starts early and ends late, what opens starts late and ends early. */
export type Polarity = "closing" | "opening";

const start = (range: DayRange, polarity: Polarity): CivilDate => (polarity === "closing" ? range.earliest : range.latest);
const end = (range: DayRange, polarity: Polarity): CivilDate => (polarity === "closing" ? range.latest : range.earliest);

/** Whether a day is on or after the instrument's first day, however its rules end later. */
const begun = (instrument: Instrument, day: CivilDate, polarity: Polarity): boolean => start(instrument.effective, polarity) <= day;

/** Extensions that have begun and name the instrument itself, oldest first. */
const directExtensions = (
  law: Law,
  instrument: Instrument,
  day: CivilDate,
  polarity: Polarity,
  admitted: readonly Grade[],
): readonly Instrument[] =>
  law.instruments
    .filter((other) => other.extends.includes(instrument.id) && begun(other, day, polarity) && !vacated(other, day, polarity, admitted))
    .sort((a, b) => (a.effective.earliest < b.effective.earliest ? -1 : 1));

/** Extensions that have begun, of the instrument or of an extension of it, oldest first. */
export const extensionsOf = (law: Law, instrument: Instrument, day: CivilDate): readonly Instrument[] =>
  directExtensions(law, instrument, day, "closing", GRADES).flatMap((extension) => [extension, ...extensionsOf(law, extension, day)]);

const earlier = (a: CivilDate | undefined, b: CivilDate | undefined): CivilDate | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/**
 * The last day the norm runs as seen on `day`, or undefined while nothing ends it.
 * An end opens when a bar ends, so it counts at an admitted grade only; so does an extension of what opens.
 */
function lastDay(law: Law, instrument: Instrument, day: CivilDate, polarity: Polarity, admitted: readonly Grade[]): CivilDate | undefined {
  const counts = polarity === "opening" || admitted.includes(instrument.grade);
  const written = instrument.ends === undefined || !counts ? undefined : end(instrument.ends, polarity);
  const found = eventEnd(law, instrument, polarity, admitted);
  return directExtensions(law, instrument, day, polarity, admitted).reduce(
    (last, extension) => {
      const isAdmitted = admitted.includes(extension.grade);
      if (polarity === "opening") return isAdmitted ? earlier(lastDay(law, extension, day, polarity, admitted), found) : last;
      const until = lastDay(law, extension, day, polarity, GRADES);
      if (isAdmitted || last === undefined || until === undefined) return isAdmitted ? until : undefined;
      return until > last ? until : last;
    },
    earlier(written, found),
  );
}

/** INVARIANT: only an order's recorded finding ends a norm by event; an agency's claim that it happened does not. */
function eventEnd(law: Law, instrument: Instrument, polarity: Polarity, admitted: readonly Grade[]): CivilDate | undefined {
  const awaited = instrument.endsOnEvent;
  if (awaited === undefined) return undefined;
  const findings = law.instruments
    .filter((order) => polarity === "opening" || admitted.includes(order.grade))
    .flatMap((order) => order.finds.filter((found) => found.event === awaited.event).map((found) => addDays(found.on, awaited.days)));
  return findings.sort()[0];
}

/** Whether a later instrument has taken the place of this one. Ending a bar opens, so it needs an admitted grade. */
function superseded(law: Law, instrument: Instrument, day: CivilDate, polarity: Polarity, admitted: readonly Grade[]): boolean {
  const successors = law.instruments.filter((other) => other.supersedes.includes(instrument.id));
  return successors.some((other) => hasReplaced(other, other.grade, day, polarity, admitted));
}

/** Whether a later instrument has taken effect against what it replaces. */
function hasReplaced(other: Instrument, grade: Grade, day: CivilDate, polarity: Polarity, admitted: readonly Grade[]): boolean {
  if (polarity === "opening") return begun(other, day, "closing");
  // INVARIANT: a bar is back as soon as what replaced it is vacated or stayed, at whatever grade that is known.
  const isGone = vacated(other, day, "opening", admitted) || other.stayed.some((stay) => stay.rules === undefined && covers(stay, day));
  return begun(other, day, "opening") && admitted.includes(grade) && !isGone;
}

/** Whether a later instrument has ended this rule and left the rest of its instrument standing. */
function modified(law: Law, rule: Rule, day: CivilDate, polarity: Polarity, admitted: readonly Grade[]): boolean {
  return law.instruments.some((other) =>
    other.modifies.some(
      ({ instrument, rules, grade }) =>
        instrument === rule.instrument && rules.includes(ruleId(rule)) && hasReplaced(other, grade, day, polarity, admitted),
    ),
  );
}

const ruleId = (rule: Rule): string => rule.name.slice(rule.instrument.length + 1);

const covers = (span: { readonly from: CivilDate; readonly to?: CivilDate }, day: CivilDate): boolean =>
  span.from <= day && (span.to === undefined || day <= span.to);

const vacated = (instrument: Instrument, day: CivilDate, polarity: Polarity, admitted: readonly Grade[]): boolean =>
  instrument.vacated !== undefined && instrument.vacated.on <= day && (polarity === "opening" || admitted.includes(instrument.grade));

/** The stays that suspend a rule as a whole on a day. */
const staysOf = (
  rule: Rule,
  instrument: Instrument,
  day: CivilDate,
  polarity: Polarity,
  admitted: readonly Grade[],
): Instrument["stayed"] =>
  instrument.stayed.filter(
    (stay) =>
      stay.scope === undefined &&
      (stay.rules === undefined || stay.rules.includes(ruleId(rule))) &&
      covers(stay, day) &&
      (polarity === "opening" || admitted.includes(stay.grade)),
  );

const suspended = (rule: Rule, instrument: Instrument, day: CivilDate, polarity: Polarity, admitted: readonly Grade[]): boolean =>
  staysOf(rule, instrument, day, polarity, admitted).length > 0 || vacated(instrument, day, polarity, admitted);

/** Whether a rule's effect only closes (a bar) or opens (a permit, a defeat). */
export const polarityOf = (rule: Rule): Polarity => (rule.effect === "forbid" ? "closing" : "opening");

/** Whether a rule is in force on a civil day, at the grades admitted. */
export function inForce(law: Law, rule: Rule, instrument: Instrument, day: CivilDate, admitted: readonly Grade[]): boolean {
  const polarity = polarityOf(rule);
  if (polarity === "opening" && !admitted.includes(rule.grade)) return false;
  if (!begun(instrument, day, polarity)) return false;
  const last = lastDay(law, instrument, day, polarity, admitted);
  if (last !== undefined && day > last) return false;
  if (rule.during !== undefined && !covers(rule.during, day)) return false;
  return (
    !superseded(law, instrument, day, polarity, admitted) &&
    !modified(law, rule, day, polarity, admitted) &&
    !suspended(rule, instrument, day, polarity, admitted)
  );
}

/** Citations of the stays but for which a bar would be in force on the day; none if it is, or would not be anyway. */
export function staysThatLift(law: Law, rule: Rule, instrument: Instrument, day: CivilDate, admitted: readonly Grade[]): readonly string[] {
  if (rule.effect !== "forbid" || rule.protects !== undefined) return [];
  const stays = staysOf(rule, instrument, day, "closing", admitted);
  if (stays.length === 0 || !inForce(law, rule, { ...instrument, stayed: [] }, day, admitted)) return [];
  return stays.map((stay) => stay.cite);
}

/** A bar that is entered but not yet in effect: no reason to deny today, but what comes next. */
export const isPending = (rule: Rule, instrument: Instrument, day: CivilDate): boolean =>
  rule.effect === "forbid" && rule.protects === undefined && instrument.issued.earliest <= day && day < instrument.effective.earliest;

/** Every day on which the law in force may differ from the day before, in order. */
export function docketEvents(law: Law): readonly CivilDate[] {
  const days = law.instruments.flatMap((instrument) => [
    instrument.issued.earliest,
    instrument.effective.earliest,
    instrument.effective.latest,
    ...(instrument.ends === undefined ? [] : [addDays(instrument.ends.earliest, 1), addDays(instrument.ends.latest, 1)]),
    ...instrument.stayed.flatMap((stay) => [stay.from, ...(stay.to === undefined ? [] : [addDays(stay.to, 1)])]),
    ...(instrument.vacated === undefined ? [] : [instrument.vacated.on]),
    ...instrument.protects.flatMap((one) => [
      ...(one.from === undefined ? [] : [one.from]),
      ...(one.to === undefined ? [] : [addDays(one.to, 1)]),
    ]),
    ...instrument.finds.flatMap((found) => eventDays(law, found.event, found.on)),
  ]);
  return [...new Set(days)].sort();
}

/** A day, and every later one on which any of the laws may differ from the day before, in order. */
export const turningDaysFrom = (from: CivilDate, laws: readonly Law[]): readonly CivilDate[] =>
  [...new Set([from, ...laws.flatMap(docketEvents).filter((day) => day > from)])].sort();

/** The day of the last event up to a day, which names the interval of the docket it lies in; empty before all of them. */
export const intervalStart = (law: Law, day: CivilDate): CivilDate | "" => docketEvents(law).findLast((event) => event <= day) ?? "";

const eventDays = (law: Law, event: string, on: CivilDate): readonly CivilDate[] =>
  law.instruments.flatMap((other) => (other.endsOnEvent?.event === event ? [addDays(on, other.endsOnEvent.days + 1)] : []));
