import type { DateForm } from "../catalog/catalogue.ts";
import { DATE_FORMS } from "../catalog/catalogue.ts";
import { writeTableDate } from "../intake/table-date.ts";
import { rowBuffer } from "../intake/row-buffer.ts";

/** What a value is made of, told by one look at its bytes. Only shapes of the same make are tried. */
type Make = "digits" | "number-like" | "letters" | "mixed" | "at-sign";

type Shape = { readonly name: string; readonly among: readonly Make[]; readonly form: RegExp; readonly holds?: (text: string) => boolean };

/** Longer values are only told to be long. */
const LONGEST_SHAPED = 80;

/** Numbers that were never given out, by the public rules of the Social Security Administration. */
const SSN = /^(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}$/;
const SSN_DIGITS = /^(?!000|666|9)\d{3}(?!00)\d\d(?!0000)\d{4}$/;
/** 42 CFR 162.408: ten digits, of which the last checks the others behind the prefix 80840. */
const NPI = /^[12]\d{9}$/;
/** The published form of a Medicare beneficiary identifier, hyphens left out or in. */
const MBI = /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d\d$/i;

const SHAPES: readonly Shape[] = [
  { name: "ssn", among: ["number-like"], form: SSN },
  { name: "ssn-digits", among: ["digits"], form: SSN_DIGITS },
  { name: "zip", among: ["digits"], form: /^\d{5}$/ },
  { name: "zip-plus-4", among: ["number-like"], form: /^\d{5}-\d{4}$/ },
  { name: "phone", among: ["number-like"], form: /^(\+?1[-. ]?)?(\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}$/ },
  { name: "ten-digits", among: ["digits"], form: /^[2-9]\d{2}[2-9]\d{6}$/ },
  { name: "npi", among: ["digits"], form: NPI, holds: (text) => luhn(`80840${text}`) },
  { name: "email", among: ["at-sign"], form: /^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$/ },
  { name: "integer", among: ["digits", "number-like"], form: /^-?(0|[1-9]\d{0,17})$/ },
  { name: "leading-zero", among: ["digits"], form: /^0\d+$/ },
  { name: "amount", among: ["number-like"], form: /^-?\d{1,16}\.\d\d$/ },
  { name: "instant", among: ["mixed", "number-like"], form: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/ },
  { name: "mbi", among: ["mixed"], form: MBI },
  { name: "icd-10", among: ["mixed"], form: /^[A-TV-Z]\d[0-9AB](\.[0-9A-Z]{1,4}|[0-9A-Z]{0,4})$/i },
  { name: "street", among: ["mixed"], form: /^\d{1,6} +[A-Za-z]/ },
  { name: "two-letters", among: ["letters"], form: /^[A-Z]{2}$/ },
  { name: "sex", among: ["letters"], form: /^(m|f|u|male|female|other|unknown)$/i },
  { name: "text", among: ["letters", "mixed", "at-sign"], form: /\S+\s+\S+\s+\S+\s+\S+/ },
];

/** Every shape a value may have, in the order of the bits that stand for them. */
export const SHAPE_NAMES: readonly string[] = [...DATE_FORMS, ...SHAPES.map(({ name }) => name), "long"];
const LONG = 1 << (SHAPE_NAMES.length - 1);

const scratch = rowBuffer();

/** The shapes of one value as bits, and the year where it is a day. */
export function shapesOf(bytes: Uint8Array, from: number, to: number): { readonly shapes: number; readonly year: number } {
  if (to - from > LONGEST_SHAPED) return { shapes: LONG | (1 << SHAPE_NAMES.indexOf("text")), year: 0 };
  let shapes = 0;
  for (let at = 0; at < DATE_FORMS.length; at += 1) if (isDay(DATE_FORMS[at] ?? "YYYYMMDD", bytes, from, to)) shapes |= 1 << at;
  const year = shapes === 0 ? 0 : yearOf(scratch.bytes);
  const make = makeOf(bytes, from, to);
  const text = textOf(bytes, from, to);
  for (let at = 0; at < SHAPES.length; at += 1) {
    const shape = SHAPES[at];
    if (shape?.among.includes(make) !== true || !shape.form.test(text) || shape.holds?.(text) === false) continue;
    shapes |= 1 << (DATE_FORMS.length + at);
  }
  return { shapes, year };
}

/** The year of a day as intake's reader writes it: days since 1970-01-01, low byte first. */
function yearOf([a = 0, b = 0, c = 0, d = 0]: Uint8Array): number {
  return new Date((a | (b << 8) | (c << 16) | (d << 24)) * DAY_MS).getUTCFullYear();
}

const DAY_MS = 86_400_000;

/** WHY by intake's own reader: a draft must not call a date what intake then refuses. */
function isDay(form: DateForm, bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from !== form.length) return false;
  const length = scratch.length;
  scratch.length = 0;
  const day = writeTableDate(form, bytes, from, to, scratch) === undefined;
  if (!day) scratch.length = length;
  return day;
}

function makeOf(bytes: Uint8Array, from: number, to: number): Make {
  let [digits, letters] = [0, 0];
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x40) return "at-sign";
    if (byte >= 0x30 && byte <= 0x39) digits += 1;
    else if (byte > 0x7f || (byte | 0x20) >= 0x61) letters += 1;
  }
  if (digits === to - from) return "digits";
  if (letters === 0) return "number-like";
  return digits === 0 ? "letters" : "mixed";
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]) * (at % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
