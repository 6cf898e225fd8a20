import { concat } from "../base/bytes.ts";
import { deltaBytes, isExact } from "./delta.ts";
import { bitWidth, hybridBytes } from "./hybrid.ts";
import type { PackedValues } from "./packed-values.ts";

/** What a column holds: text, civil days, whole numbers of 64 bits or of 32, or ids of sixteen bytes. */
export type StoredType = "text" | "date" | "integer" | "small" | "uuid";

/** Encodings by the numbers of parquet.thrift. */
export const ENCODING = { plain: 0, rle: 3, delta: 5, deltaLength: 6, deltaText: 7, dictionary: 8 } as const;

export type Page = {
  readonly dictionary: boolean;
  readonly encoding: (typeof ENCODING)[keyof typeof ENCODING];
  /** Rows of a data page, blank ones included; values of a dictionary. */
  readonly count: number;
  readonly bytes: Uint8Array;
};

/** A column of one row group. */
export type ColumnChunk = { readonly pages: readonly Page[]; readonly rows: number; readonly blanks: number };

/** A column's rows as they were taken. */
export type ColumnRows = {
  readonly type: StoredType;
  /** 0 for a blank; else the place of its value in the dictionary, counted from 1, or anything where there is none. */
  readonly slots: Uint16Array;
  readonly rows: number;
} & ({ readonly dictionary: PackedValues } | { readonly listed: PackedValues });

/** WHY one data page: the engine reads no second one of an encrypted column. */
export function columnChunk(column: ColumnRows): ColumnChunk {
  const { rows } = column;
  const slots = column.slots.subarray(0, rows);
  const values = present(slots);
  const head = { rows, blanks: rows - values };
  const levels = levelBytes(slots, values);
  const page = ({ encoding, bytes }: Pick<Page, "encoding" | "bytes">): Page => ({ dictionary: false, encoding, count: rows, bytes: concat(levels, bytes) }); // prettier-ignore
  // WHY no dictionary where every row is blank: it holds no value, and its page would be one.
  if (values === 0) return { ...head, pages: [page({ encoding: ENCODING.plain, bytes: NONE })] };
  if ("listed" in column) return { ...head, pages: [page(listedBytes(column.type, column.listed))] };
  const { dictionary } = column;
  const first: Page = { dictionary: true, encoding: ENCODING.plain, count: dictionary.count, bytes: plainBytes(dictionary, column.type) };
  return { ...head, pages: [first, page(namedBytes(slots, values, dictionary.count))] };
}

function present(slots: Uint16Array): number {
  let count = 0;
  for (let row = 0; row < slots.length; row += 1) if (slots[row] !== 0) count += 1;
  return count;
}

type Encoded = Pick<Page, "encoding" | "bytes">;

/** The places of values in the dictionary. */
function namedBytes(slots: Uint16Array, values: number, most: number): Encoded {
  const places = new Uint16Array(values);
  let at = 0;
  for (let row = 0; row < slots.length; row += 1) {
    const slot = slots[row] ?? 0;
    if (slot === 0) continue;
    places[at] = slot - 1;
    at += 1;
  }
  const width = bitWidth(most - 1);
  return { encoding: ENCODING.dictionary, bytes: concat(Uint8Array.of(width), hybridBytes(places, width)) };
}

/** The values one after another: numbers as differences, text behind all its lengths. */
function listedBytes(type: StoredType, listed: PackedValues): Encoded {
  if (type === "text") return textBytes(listed);
  const numbers = type === "uuid" ? undefined : numbersOf(listed, type);
  return numbers === undefined || !isExact(numbers)
    ? { encoding: ENCODING.plain, bytes: listed.bytes.subarray(0, listed.length) }
    : { encoding: ENCODING.delta, bytes: deltaBytes(numbers) };
}

/** Of all bytes, what beginnings shared with the value before must save. */
const LEAST_SAVED_SHARE = 0.25;

function textBytes(listed: PackedValues): Encoded {
  const lengths = listed.lengths();
  const { shared, savedBytes } = listed.sharedLengths();
  if (savedBytes < LEAST_SAVED_SHARE * listed.length)
    return { encoding: ENCODING.deltaLength, bytes: concat(deltaBytes(lengths), listed.bytes.subarray(0, listed.length)) };
  for (let at = 0; at < lengths.length; at += 1) lengths[at] = (lengths[at] ?? 0) - (shared[at] ?? 0);
  return { encoding: ENCODING.deltaText, bytes: concat(deltaBytes(shared), deltaBytes(lengths), listed.withoutShared(shared, savedBytes)) };
}

const NONE = new Uint8Array(0);

/** Which rows hold a value, behind the length of what says so. */
function levelBytes(slots: Uint16Array, values: number): Uint8Array {
  const levels = new Uint8Array(slots.length);
  if (values === slots.length) levels.fill(1);
  else if (values > 0) for (let at = 0; at < slots.length; at += 1) levels[at] = slots[at] === 0 ? 0 : 1;
  const bytes = hybridBytes(levels, 1);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length, true);
  return concat(length, bytes);
}

/** Values as a dictionary page has them. */
function plainBytes(values: PackedValues, type: StoredType): Uint8Array {
  if (type !== "text") return values.bytes.subarray(0, values.length);
  const out = new Uint8Array(values.length + 4 * values.count);
  const view = new DataView(out.buffer);
  for (let value = 0, at = 0; value < values.count; value += 1) {
    const [from, to] = [values.startOf(value), values.startOf(value + 1)];
    view.setUint32(at, to - from, true);
    out.set(values.bytes.subarray(from, to), at + 4);
    at += 4 + to - from;
  }
  return out;
}

function numbersOf({ bytes, count }: PackedValues, type: "date" | "integer" | "small"): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const numbers = new Float64Array(count);
  for (let at = 0; at < count; at += 1)
    numbers[at] =
      type === "integer" ? view.getInt32(8 * at + 4, true) * 2 ** 32 + view.getUint32(8 * at, true) : view.getInt32(4 * at, true);
  return numbers;
}
