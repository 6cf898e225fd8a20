import { dayNumber, daysInMonth } from "../base/civil-date.ts";
import { utf8Text } from "../base/bytes.ts";
import type { RowBuffer } from "./row-buffer.ts";
import { writeBytes } from "./row-buffer.ts";

// Each writer below checks the bytes of one trimmed, non-empty value and writes its stored form,
// or writes nothing final and answers why not. The reasons never repeat the value.

const ZERO = 0x30;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const PIPE = 0x7c;

/** The digit at a place, or -1. */
export const digitAt = (bytes: Uint8Array, at: number): number => {
  const digit = (bytes[at] ?? 0) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
};

/** Printable UTF-8 without pipes, of at most `length` characters (0: any number). */
export function writeText(bytes: Uint8Array, from: number, to: number, length: number, pipes: boolean, out: RowBuffer): string | undefined {
  let plain = true;
  const target = out.bytes;
  let written = out.length;
  // WHY checked and copied in one pass: most of a file is text.
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte === 0x7f) return "holds a control character";
    if (byte === PIPE && !pipes) return "holds a pipe, which no value may";
    if (byte > 0x7f) plain = false;
    target[written] = byte;
    written += 1;
  }
  const characters = plain ? to - from : characterCount(bytes.subarray(from, to));
  if (characters === undefined) return "is not UTF-8 text";
  if (length > 0 && characters > length) return `is longer than ${length} characters`;
  out.length = written;
  return undefined;
}

function characterCount(bytes: Uint8Array): number | undefined {
  try {
    return [...utf8Text(bytes)].length;
  } catch {
    return undefined;
  }
}

/** Digits only, kept as text: leading zeros of an SSN matter. */
export function writeDigits(bytes: Uint8Array, from: number, to: number, length: number, out: RowBuffer): string | undefined {
  if (to - from > length) return `is longer than ${length} digits`;
  for (let at = from; at < to; at += 1) if (digitAt(bytes, at) < 0) return "holds something other than digits";
  writeBytes(out, bytes, from, to);
  return undefined;
}

/** A day written CCYYMMDD, of the centuries 18 to 20, or 99991231 where `openEnd` allows it; stored as its number. */
export function writeDate(bytes: Uint8Array, from: number, to: number, openEnd: boolean, out: RowBuffer): string | undefined {
  if (to - from !== 8) return "is not a date of the form CCYYMMDD";
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = digitAt(bytes, at);
    if (digit < 0) return "is not a date of the form CCYYMMDD";
    number = number * 10 + digit;
  }
  const year = Math.floor(number / 10_000);
  const month = Math.floor(number / 100) % 100;
  const day = number % 100;
  if (number === 99_991_231) {
    if (!openEnd) return "is the open end, which only an end date may be";
  } else if (year < 1800 || year > 2099) return "is a date outside the centuries 18 to 20";
  else if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return "is a day that does not exist";
  writeDay(out, year, month, day);
  return undefined;
}

/** Appends a day as the number of days since 1970-01-01, four bytes. */
export function writeDay(out: RowBuffer, year: number, month: number, day: number): void {
  writeInteger(out, dayNumber(year, month, day), 4);
}

/** Appends a whole number of fewer than 53 bits, low byte first. */
function writeInteger(out: RowBuffer, value: number, sizeBytes: 4 | 8): void {
  let half = value | 0;
  for (let at = 0; at < sizeBytes; at += 1) {
    // WHY in halves: bit operations know thirty-two bits.
    if (at === 4) half = Math.floor(value / 2 ** 32);
    out.bytes[out.length + at] = half & 255;
    half >>= 8;
  }
  out.length += sizeBytes;
}

export type DecimalForm = {
  readonly digits: number;
  readonly decimals: number;
  readonly signed: boolean;
  /** Whether a number without a point has one before its last `decimals` digits, as T-MSIS writes; else it is whole. */
  readonly implied: boolean;
};

/** A number stored as an integer of its smallest unit, eight bytes: where the point is implied, `12345` and `123.45` are both 12345 cents. */
export function writeDecimal(bytes: Uint8Array, from: number, to: number, form: DecimalForm, out: RowBuffer): string | undefined {
  // WHY: a sign stands before or after the digits.
  const before = signAt(bytes[from]);
  const sign = before === 0 ? signAt(bytes[to - 1]) : before;
  if (sign !== 0 && !form.signed) return "carries a sign, which this element has none of";
  const first = before === 0 ? from : from + 1;
  const last = before === 0 && sign !== 0 ? to - 1 : to;
  const point = pointWithin(bytes, first, last);
  const written = point >= 0;
  const decimals = written ? last - first - point - 1 : form.implied ? form.decimals : 0;
  const whole = written ? point : Math.max(0, last - first - (form.implied ? form.decimals : 0));
  if (written && (decimals < 1 || decimals > form.decimals)) return `may have ${form.decimals} decimals at most`;
  if (whole > form.digits) return `is longer than ${form.digits} digits`;
  return writeNumber(bytes, first, last, sign < 0, form.decimals - decimals, out);
}

const signAt = (byte: number | undefined): number => (byte === MINUS ? -1 : byte === PLUS ? 1 : 0);

function pointWithin(bytes: Uint8Array, first: number, last: number): number {
  for (let at = first; at < last; at += 1) if (bytes[at] === POINT) return at - first;
  return -1;
}

/** Digits that a number surely holds exactly. */
const EXACT_DIGITS = 15;

function writeNumber(bytes: Uint8Array, first: number, last: number, negative: boolean, zeros: number, out: RowBuffer): string | undefined {
  let [digits, value] = [0, 0];
  for (let at = first; at < last; at += 1) {
    if (bytes[at] === POINT) continue;
    const digit = digitAt(bytes, at);
    if (digit < 0) return "is not a number";
    value = value * 10 + digit;
    digits += 1;
  }
  if (digits + zeros > EXACT_DIGITS) writeLong(bytes, first, last, negative, zeros, out);
  else writeInteger(out, (negative ? -value : value) * 10 ** zeros, 8);
  return digits === 0 ? "is not a number" : undefined;
}

/** The same for as many digits as 64 bits hold. */
function writeLong(bytes: Uint8Array, first: number, last: number, negative: boolean, zeros: number, out: RowBuffer): void {
  let value = 0n;
  for (let at = first; at < last; at += 1) if (bytes[at] !== POINT) value = value * 10n + BigInt(digitAt(bytes, at));
  value *= 10n ** BigInt(zeros) * (negative ? -1n : 1n);
  for (let at = 0; at < 8; at += 1) out.bytes[out.length + at] = Number((value >> BigInt(8 * at)) & 255n);
  out.length += 8;
}
