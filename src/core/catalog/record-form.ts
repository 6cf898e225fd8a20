import { utf8 } from "../base/bytes.ts";
import type { Segment } from "./catalogue.ts";

/** Fixed-length records, or fields in layout order with pipes between. */
export type Encoding = "FLF" | "PSV";

/** How one segment's records are written. Positions and sizes come from the catalogue alone. */
export type RecordForm = {
  readonly segment: Segment;
  /** The place of an element in `cells`; throws for a name the segment does not have. */
  position(name: string): number;
  /** Cells of a record, all blank but for the record id. */
  blank(): string[];
  /**
   * Writes one record and its line end at `at`; answers the offset after it. Values must be printable ASCII; numbers with decimals are
   * given in their smallest unit, and get a point between pipes only.
   */
  write(cells: readonly string[], out: Uint8Array, at: number): number;
};

export type LineEnd = "LF" | "CRLF";

type Field = {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
  readonly zeroFilled: boolean;
  readonly decimals: number;
};

const [SPACE, ZERO, PIPE] = [32, 48, 124];
const SIGNS: ReadonlySet<number> = new Set([43, 45]);
const LINE_ENDS: Readonly<Record<LineEnd, readonly number[]>> = { LF: [10], CRLF: [13, 10] };

export function recordForm(segment: Segment, encoding: Encoding, lineEnd: LineEnd = "LF"): RecordForm {
  const fields: readonly Field[] = segment.elements.map((element) => ({
    name: element.name,
    offset: element.start - 1,
    sizeBytes: element.stop - element.start + 1,
    zeroFilled: /^S?9/.test(element.picture),
    decimals: /V(9+)$/.exec(element.picture)?.[1]?.length ?? 0,
  }));
  const positions = new Map(fields.map((field, at) => [field.name, at]));
  const position = (name: string): number => {
    const found = positions.get(name);
    if (found === undefined) throw new RangeError(`${segment.id} has no element ${name}`);
    return found;
  };
  return {
    segment,
    position,
    blank: () => fields.map((field) => (field.name === "RECORD-ID" ? segment.id : "")),
    write: encoding === "FLF" ? fixedWriter(segment, fields, LINE_ENDS[lineEnd]) : pipedWriter(fields, LINE_ENDS[lineEnd]),
  };
}

/** Text stands left, numbers right after zeros; a blank value is spaces. */
function fixedWriter(segment: Segment, fields: readonly Field[], lineEnd: readonly number[]): RecordForm["write"] {
  const lengthBytes = segment.elements.at(-1)?.stop ?? 0;
  const template = new Uint8Array(lengthBytes + lineEnd.length).fill(SPACE);
  template.set(lineEnd, lengthBytes);
  return (cells, out, at) => {
    out.set(template, at);
    for (let index = 0; index < fields.length; index += 1) {
      const value = cells[index];
      const field = fields[index];
      if (value === undefined || field === undefined || value.length === 0) continue;
      const spare = spareBytes(field, value);
      let to = at + field.offset;
      if (field.zeroFilled && !SIGNS.has(value.charCodeAt(0))) for (const end = to + spare; to < end; to += 1) out[to] = ZERO;
      for (let character = 0; character < value.length; character += 1) out[to + character] = value.charCodeAt(character);
    }
    return at + template.length;
  };
}

/** FILLER is never reported between pipes, and nothing is padded. */
function pipedWriter(fields: readonly Field[], lineEnd: readonly number[]): RecordForm["write"] {
  const count = fields.at(-1)?.name === "FILLER" ? fields.length - 1 : fields.length;
  return (cells, out, at) => {
    let to = at;
    for (let index = 0; index < count; index += 1) {
      if (index > 0) out[to++] = PIPE;
      const value = cells[index];
      const field = fields[index];
      if (value === undefined || field === undefined || value.length === 0) continue;
      spareBytes(field, value);
      const written = field.decimals === 0 ? value : withPoint(value, field.decimals);
      for (let character = 0; character < written.length; character += 1) out[to++] = written.charCodeAt(character);
    }
    for (const byte of lineEnd) out[to++] = byte;
    return to;
  };
}

function withPoint(value: string, decimals: number): string {
  if (value.includes(".")) return value;
  const digits = value.padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** INVARIANT: a value never spills into the next field. */
function spareBytes(field: Field, value: string): number {
  const spare = field.sizeBytes - value.length;
  if (spare < 0) throw new RangeError(`${field.name} takes ${field.sizeBytes} bytes, not ${utf8(value).length}`);
  return spare;
}
