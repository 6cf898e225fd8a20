import type { Catalogue, DateForm, Element, ElementType, Segment } from "../catalog/catalogue.ts";
import { utf8 } from "../base/bytes.ts";
import type { NumberPicture } from "./picture.ts";
import { parsePicture } from "./picture.ts";
import type { DecimalForm } from "./value.ts";

/** What one field of a record must be, compiled once from its element. */
export type FieldRule = {
  readonly name: string;
  readonly type: ElementType;
  readonly form: "text" | "digits" | "date" | "integer" | "cents";
  /** 0-based bytes of a fixed-length record, end excluded. */
  readonly from: number;
  readonly to: number;
  /** Most characters, or digits before the point; 0: any number. */
  readonly length: number;
  readonly decimal: DecimalForm;
  readonly required: boolean;
  /** Whether 99991231 is a value. */
  readonly openEnd: boolean;
  /** How tables write the day. */
  readonly written: DateForm;
  readonly values?: ValueSet;
};

/** The fields of one segment in the order of the file. */
export type RecordRule = {
  readonly segment: Segment;
  readonly fields: readonly FieldRule[];
  /** Position in `fields` of the person's id; -1 when the segment is not about people. */
  readonly personAt: number;
  /** Position of the submitter's code; -1 for tables. */
  readonly submitterAt: number;
  /** Positions of the first and last day of the row; -1 without a span. */
  readonly fromAt: number;
  readonly toAt: number;
  /** Whether tables' conventions hold: dates YYYY-MM-DD, pipes allowed. */
  readonly table: boolean;
};

export function recordRule(segment: Segment, catalogue: Catalogue): RecordRule {
  const table = catalogue.form === "table";
  // WHY: dictionaries number elements in another order than files hold them.
  const elements = table ? segment.elements : [...segment.elements].sort((a, b) => a.start - b.start);
  const fields = elements.map((element) => fieldRule(element, segment, catalogue));
  const position = (name: string | undefined): number => fields.findIndex((field) => field.name === name);
  return {
    segment,
    fields,
    personAt: position(catalogue.personElement),
    submitterAt: table ? -1 : position("SUBMITTING-STATE"),
    fromAt: position(segment.span?.from),
    toAt: position(segment.span?.to),
    table,
  };
}

/** The fields of a table that is made here, its values checked before. The person's id stands behind them and is not stored. */
export function madeRule(
  segment: Segment,
  columns: readonly { readonly name: string; readonly type: "text" | "date" | "integer" }[],
): RecordRule {
  const fields = columns.map(({ name, type }): FieldRule => ({
    name,
    type,
    form: type,
    from: 0,
    to: 0,
    length: 0,
    decimal: { digits: 18, decimals: 0, signed: true, implied: false },
    required: false,
    openEnd: true,
    written: "YYYY-MM-DD",
  }));
  return { segment, fields, personAt: fields.length, submitterAt: -1, fromAt: -1, toAt: -1, table: true };
}

function fieldRule(element: Element, segment: Segment, catalogue: Catalogue): FieldRule {
  const picture = parsePicture(element.picture);
  const number = picture?.kind === "number" ? picture : undefined;
  return {
    name: element.name,
    type: element.type,
    form: element.type === "text" && number !== undefined && isPlain(number) ? "digits" : element.type,
    from: element.start - 1,
    to: element.stop,
    length: picture === undefined ? 0 : picture.kind === "text" ? picture.length : picture.digits,
    decimal: decimalForm(element, number, catalogue.form === "table"),
    required: isRequired(element, segment, catalogue),
    written: element.written ?? "YYYY-MM-DD",
    openEnd: element.name === segment.span?.to || element.name.endsWith("END-DATE"),
    ...(isListed(element, catalogue) ? { values: valueSet(element.values ?? []) } : {}),
  };
}

/** WHY not the record id: it chose the segment, so it is right. */
const isListed = ({ name, values }: Element, { form }: Catalogue): boolean =>
  values !== undefined && values.length > 0 && (form === "table" || name !== "RECORD-ID");

/** A number of tables has any length that an integer of 64 bits surely holds. */
function decimalForm(element: Element, number: NumberPicture | undefined, table: boolean): DecimalForm {
  const decimals = element.type === "cents" ? (number?.decimals ?? 2) : 0;
  return { digits: number?.digits ?? 18 - decimals, decimals, signed: number?.signed ?? true, implied: !table };
}

const isPlain = (number: NumberPicture): boolean => !number.signed && number.decimals === 0;

/**
 * Only what a row cannot be understood without: who, when, and the key of the row.
 * WHY: other mandatory elements are missing in genuine files at published rates; rejecting those rows would lose people.
 */
function isRequired(element: Element, segment: Segment, catalogue: Catalogue): boolean {
  const span = segment.span;
  return [catalogue.personElement, "RECORD-ID", "RECORD-NUMBER", "SUBMITTING-STATE", span?.from, span?.to].includes(element.name);
}

/** Listed values, found by their bytes without making text of them. */
export type ValueSet = { readonly codes: ReadonlySet<number>; readonly texts: ReadonlySet<string> };

const CODE_BYTES = 6;

export function valueSet(values: readonly string[]): ValueSet {
  const spelt = values.map((value) => ({ value, bytes: utf8(value) }));
  return {
    codes: new Set(spelt.filter(({ bytes }) => bytes.length <= CODE_BYTES).map(({ bytes }) => codeOf(bytes, 0, bytes.length))),
    texts: new Set(spelt.filter(({ bytes }) => bytes.length > CODE_BYTES).map(({ value }) => value)),
  };
}

export function hasValue(set: ValueSet, bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from <= CODE_BYTES) return set.codes.has(codeOf(bytes, from, to));
  return set.texts.size > 0 && set.texts.has(new TextDecoder().decode(bytes.subarray(from, to)));
}

/** Up to six bytes as one exact number; a leading 1 keeps the length. */
function codeOf(bytes: Uint8Array, from: number, to: number): number {
  let code = 1;
  for (let at = from; at < to; at += 1) code = code * 256 + (bytes[at] ?? 0);
  return code;
}
