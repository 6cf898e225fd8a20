import type { Catalogue, Element, ElementType, Segment } from "../catalog/catalogue.ts";
import { utf8 } from "../base/bytes.ts";
import { parsePicture } from "./picture.ts";

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
  readonly decimals: number;
  readonly signed: boolean;
  readonly required: boolean;
  /** Whether 99991231 is a value. */
  readonly openEnd: boolean;
  readonly values?: ValueSet;
};

/** The fields of one segment in the order of the file. */
export type RecordRule = {
  readonly segment: Segment;
  readonly fields: readonly FieldRule[];
  /** Position in `fields` of the person's id; -1 when the segment is not about people. */
  readonly personAt: number;
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
    fromAt: position(segment.span?.from),
    toAt: position(segment.span?.to),
    table,
  };
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
    decimals: element.type === "cents" ? (number?.decimals ?? 2) : 0,
    signed: number?.signed ?? true,
    required: isRequired(element, segment, catalogue),
    openEnd: element.name === segment.span?.to || element.name.endsWith("END-DATE"),
    ...(element.values === undefined || element.values.length === 0 ? {} : { values: valueSet(element.values) }),
  };
}

const isPlain = (number: { readonly signed: boolean; readonly decimals: number }): boolean => !number.signed && number.decimals === 0;

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

function valueSet(values: readonly string[]): ValueSet {
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
