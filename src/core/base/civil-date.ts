import type { Checked } from "./checked.ts";
import { fail, pass } from "./checked.ts";
import { problem } from "./problem.ts";

/** A civil day, `YYYY-MM-DD`, in the zone of whoever set it. Compares as text. */
export type CivilDate = string & { readonly civilDate: true };

export function civilDate(text: string): Checked<CivilDate> {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const hint = "write an existing day as YYYY-MM-DD";
  if (match === null) return fail(problem("E_DATE", `"${text}" is not a date`, { hint }));
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return exists ? pass(text as CivilDate) : fail(problem("E_DATE", `the date ${text} does not exist`, { hint }));
}

/** For literals in code; throws on a date that does not exist. */
export function day(text: string): CivilDate {
  const checked = civilDate(text);
  if (!checked.ok) throw new RangeError(`no such date: ${text}`);
  return checked.value;
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days from 1970-01-01 to a day that exists. */
export function dayNumber(year: number, month: number, dayOfMonth: number): number {
  // WHY years that begin in March: the leap day is then the last of its year.
  const [years, months] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((153 * months + 2) / 5) + dayOfMonth - 1 - 719_468;
}

const FIRST_DAY = "0000-01-01" as CivilDate;
const LAST_DAY = "9999-12-31" as CivilDate;

/** The day so many days later or earlier; the first or last day there is where it would lie beyond. */
export function addDays(date: CivilDate, days: number): CivilDate {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  if (!(moved.getUTCFullYear() <= 9999)) return LAST_DAY;
  if (moved.getUTCFullYear() < 0) return FIRST_DAY;
  return moved.toISOString().slice(0, 10) as CivilDate;
}

/** The civil day of an instant in UTC. */
export const dayOfInstant = (instant: string): CivilDate => day(instant.slice(0, 10));
