import type { Cut } from "./cut.ts";

const COMMA = 0x2c;
const QUOTE = 0x22;
const BLANK = 0x20;

/**
 * Cuts one line of a comma-separated file, quotes taken off; answers how many cells there are, or -1 when a quoted
 * cell does not end on the line, text follows it, or a quote stands within a plain cell. Doubled quotes are written single, in place.
 */
export function cutQuoted(bytes: Uint8Array, from: number, to: number, cut: Cut): number {
  let count = 0;
  let at = from;
  while (at <= to) {
    const end = bytes[at] === QUOTE && at < to ? quoted(bytes, at, to, cut, count) : plain(bytes, at, to, cut, count);
    if (end < 0) return -1;
    count += 1;
    at = end + 1;
  }
  return count;
}

/** Answers where the cell's comma, or the end of the line, lies. */
function plain(bytes: Uint8Array, from: number, to: number, cut: Cut, index: number): number {
  let end = from;
  for (; end < to && bytes[end] !== COMMA; end += 1) if (bytes[end] === QUOTE) return -1;
  let [first, last] = [from, end];
  while (last > first && bytes[last - 1] === BLANK) last -= 1;
  while (first < last && bytes[first] === BLANK) first += 1;
  place(cut, index, first, last);
  return end;
}

function quoted(bytes: Uint8Array, from: number, to: number, cut: Cut, index: number): number {
  let write = from + 1;
  for (let at = from + 1; at < to; at += 1) {
    if (bytes[at] === QUOTE) {
      if (bytes[at + 1] !== QUOTE || at + 1 >= to) {
        place(cut, index, from + 1, write);
        return at + 1 === to || bytes[at + 1] === COMMA ? at + 1 : -1;
      }
      at += 1;
    }
    bytes[write] = bytes[at] ?? 0;
    write += 1;
  }
  return -1;
}

function place(cut: Cut, index: number, from: number, to: number): void {
  if (index >= cut.starts.length) return;
  cut.starts[index] = from;
  cut.stops[index] = to;
}
