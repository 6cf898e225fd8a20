import type { FieldRule, RecordRule } from "./record-rule.ts";

/** Where the fields of the record at hand lie in its bytes, blanks around them left out. Reused from record to record. */
export type Cut = { readonly starts: Int32Array; readonly stops: Int32Array };

export const cutFor = (rules: readonly RecordRule[]): Cut => {
  const most = Math.max(1, ...rules.map((rule) => rule.fields.length));
  return { starts: new Int32Array(most), stops: new Int32Array(most) };
};

const BLANK = 0x20;
const PIPE = 0x7c;

/** Cuts a fixed-length record that starts at byte `at`. */
export function cutFixed(fields: readonly FieldRule[], bytes: Uint8Array, at: number, cut: Cut): void {
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index];
    if (field !== undefined) setField(cut, index, bytes, at + field.from, at + field.to);
  }
}

/** Cuts at a sign, pipes unless another is given; answers how many fields there are, of which only as many as `cut` has room for are kept. */
export function cutPiped(bytes: Uint8Array, from: number, to: number, cut: Cut, sign: number = PIPE): number {
  let count = 0;
  let start = from;
  for (let at = from; at < to; at += 1) {
    if (bytes[at] !== sign) continue;
    if (count < cut.starts.length) setField(cut, count, bytes, start, at);
    count += 1;
    start = at + 1;
  }
  if (count < cut.starts.length) setField(cut, count, bytes, start, to);
  return count + 1;
}

/** Places a field, blanks around it left out. */
export function setField(cut: Cut, index: number, bytes: Uint8Array, from: number, to: number): void {
  let first = from;
  let last = to;
  // WHY four at a time: most of a fixed-length record is blanks.
  while (
    last - first >= 4 &&
    bytes[last - 1] === BLANK &&
    bytes[last - 2] === BLANK &&
    bytes[last - 3] === BLANK &&
    bytes[last - 4] === BLANK
  )
    last -= 4;
  while (last > first && bytes[last - 1] === BLANK) last -= 1;
  while (first < last && bytes[first] === BLANK) first += 1;
  cut.starts[index] = first;
  cut.stops[index] = last;
}

export const setBlank = (cut: Cut, index: number): void => {
  cut.starts[index] = 0;
  cut.stops[index] = 0;
};
