import { daysInMonth } from "../base/civil-date.ts";
import type { DateForm } from "../catalog/catalogue.ts";
import type { RowBuffer } from "./row-buffer.ts";
import { digitAt, writeDay } from "./value.ts";

/** Where year, month and day stand in a form, and the two signs between them. */
type Layout = {
  readonly lengthBytes: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 0 where nothing stands between. */
  readonly mark: number;
  readonly firstMark: number;
  readonly secondMark: number;
  /** Whether the month is three letters. */
  readonly named: boolean;
};

const [HYPHEN, SLASH] = [0x2d, 0x2f];
const LAYOUTS: Readonly<Record<DateForm, Layout>> = {
  "YYYY-MM-DD": { lengthBytes: 10, year: 0, month: 5, day: 8, mark: HYPHEN, firstMark: 4, secondMark: 7, named: false },
  YYYYMMDD: { lengthBytes: 8, year: 0, month: 4, day: 6, mark: 0, firstMark: 0, secondMark: 0, named: false },
  "MM/DD/YYYY": { lengthBytes: 10, year: 6, month: 0, day: 3, mark: SLASH, firstMark: 2, secondMark: 5, named: false },
  "DD-MON-YYYY": { lengthBytes: 11, year: 7, month: 3, day: 0, mark: HYPHEN, firstMark: 2, secondMark: 6, named: true },
};

/** A day as a table writes it, or why it is none; stored as its number. */
export function writeTableDate(form: DateForm, bytes: Uint8Array, from: number, to: number, out: RowBuffer): string | undefined {
  const layout = LAYOUTS[form];
  if (to - from !== layout.lengthBytes || !isMarked(layout, bytes, from)) return `is not a date of the form ${form}`;
  const year = twoDigits(bytes, from + layout.year) * 100 + twoDigits(bytes, from + layout.year + 2);
  const month = layout.named ? monthNamed(bytes, from + layout.month) : twoDigits(bytes, from + layout.month);
  const day = twoDigits(bytes, from + layout.day);
  if (!isStorable(year, month, day)) return `is not an existing day of the form ${form}`;
  writeDay(out, year, month, day);
  return undefined;
}

const isMarked = ({ mark, firstMark, secondMark }: Layout, bytes: Uint8Array, from: number): boolean =>
  mark === 0 || (bytes[from + firstMark] === mark && bytes[from + secondMark] === mark);

/** An existing day of the centuries 18 to 20, or 9999-12-31, the open end. */
const isStorable = (year: number, month: number, day: number): boolean =>
  (year === 9999 && month === 12 && day === 31) ||
  (year >= 1800 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month));

/** NaN where something other than digits stands. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = digitAt(bytes, at);
  const ones = digitAt(bytes, at + 1);
  return tens < 0 || ones < 0 ? Number.NaN : 10 * tens + ones;
}

const threeLetters = (first: number, second: number, third: number): number =>
  ((first | 0x20) << 16) | ((second | 0x20) << 8) | (third | 0x20);
const MONTHS: ReadonlyMap<number, number> = new Map(
  ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].map((name, at) => [
    threeLetters(name.charCodeAt(0), name.charCodeAt(1), name.charCodeAt(2)),
    at + 1,
  ]),
);

const monthNamed = (bytes: Uint8Array, at: number): number =>
  MONTHS.get(threeLetters(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)) ?? Number.NaN;
