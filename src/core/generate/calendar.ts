import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { daysInMonth } from "../base/civil-date.ts";
import { problem } from "../base/problem.ts";

/** Days since 1970-01-01; spans without an end have `OPEN`. */
export type DayNumber = number;
export const OPEN: DayNumber = Number.POSITIVE_INFINITY;
const OPEN_TEXT = "99991231";
const DAY_MS = 86_400_000;

const dayNumber = (date: CivilDate): DayNumber => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
export const civilDay = (number: DayNumber): CivilDate => new Date(number * DAY_MS).toISOString().slice(0, 10) as CivilDate;

const written: (string | undefined)[] = [];
/** Days before 1970 have places in the list too: nobody enrolled was born before 1860. */
const EARLIEST = -40_200;

/** CCYYMMDD, kept per day: a submission holds millions of dates and few different ones. */
export function compactDay(number: DayNumber): string {
  if (number === OPEN) return OPEN_TEXT;
  const place = number - EARLIEST;
  const known = written[place];
  if (known !== undefined) return known;
  const text = civilDay(number).replaceAll("-", "");
  written[place] = text;
  return text;
}

/**
 * One calendar month, the time a submission is about. Lives up to `anchor`, the first day of its quarter, are the same in the files of
 * all its months.
 */
export type Period = { readonly text: string; readonly first: DayNumber; readonly last: DayNumber; readonly anchor: DayNumber };

export function period(text: string): Checked<Period> {
  const match = /^((?:19|20)\d\d)-(0[1-9]|1[0-2])$/.exec(text);
  if (match === null) return fail(problem("E_DATE", `"${text}" is not a month`, { hint: "write a month as YYYY-MM" }));
  const first = dayNumber(`${text}-01` as CivilDate);
  const [year, month] = [Number(match[1]), Number(match[2])];
  const quarter = String(month - ((month - 1) % 3)).padStart(2, "0");
  return pass({ text, first, last: first + daysInMonth(year, month) - 1, anchor: dayNumber(`${year}-${quarter}-01` as CivilDate) });
}
