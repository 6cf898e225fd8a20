import type { DateForm } from "../catalog/catalogue.ts";
import type { RowBuffer } from "./row-buffer.ts";
import { writeDate } from "./value.ts";

/** Where year, month and day stand in a form, and the signs between them. */
type Layout = {
  readonly lengthBytes: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly marks: readonly number[];
  readonly mark: number;
  /** Whether the month is three letters. */
  readonly named: boolean;
};

const [HYPHEN, SLASH] = [0x2d, 0x2f];
const LAYOUTS: Readonly<Record<DateForm, Layout>> = {
  "YYYY-MM-DD": { lengthBytes: 10, year: 0, month: 5, day: 8, marks: [4, 7], mark: HYPHEN, named: false },
  YYYYMMDD: { lengthBytes: 8, year: 0, month: 4, day: 6, marks: [], mark: HYPHEN, named: false },
  "MM/DD/YYYY": { lengthBytes: 10, year: 6, month: 0, day: 3, marks: [2, 5], mark: SLASH, named: false },
  "DD-MON-YYYY": { lengthBytes: 11, year: 7, month: 3, day: 0, marks: [2, 6], mark: HYPHEN, named: true },
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const compact = new Uint8Array(8);

/** A day as a table writes it, or why it is none; written as YYYY-MM-DD. */
export function writeTableDate(form: DateForm, bytes: Uint8Array, from: number, to: number, out: RowBuffer): string | undefined {
  const layout = LAYOUTS[form];
  if (to - from !== layout.lengthBytes || layout.marks.some((at) => bytes[from + at] !== layout.mark))
    return `is not a date of the form ${form}`;
  compact.set(bytes.subarray(from + layout.year, from + layout.year + 4));
  compact.set(bytes.subarray(from + layout.day, from + layout.day + 2), 6);
  if (layout.named) setMonth(bytes, from + layout.month);
  else compact.set(bytes.subarray(from + layout.month, from + layout.month + 2), 4);
  return writeDate(compact, 0, 8, true, out) === undefined ? undefined : `is not an existing day of the form ${form}`;
}

/** The number of a month by its three letters; 00 for no month. */
function setMonth(bytes: Uint8Array, at: number): void {
  const name = String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0).toLowerCase();
  const month = MONTHS.indexOf(name) + 1;
  compact[4] = 0x30 + Math.floor(month / 10);
  compact[5] = 0x30 + (month % 10);
}
