import { SHAPE_NAMES, shapesOf } from "./value-shape.ts";

/** Different values are told apart up to so many. */
const MOST_DISTINCT = 1_000;

/** What is known of a column's values. INVARIANT: counts and years only; no value, nor any part of one, is kept. */
export type ColumnTally = {
  filled: number;
  /** How many values have each shape, in the order of SHAPE_NAMES. */
  readonly shapes: Uint32Array;
  /** Hashes of the different values, no more than one above the limit. */
  readonly hashes: Set<number>;
  firstYear: number;
  lastYear: number;
};

export const columnTally = (): ColumnTally => ({
  filled: 0,
  shapes: new Uint32Array(SHAPE_NAMES.length),
  hashes: new Set(),
  firstYear: 9999,
  lastYear: 0,
});

/** Counts one value, blanks around it left out already; an empty one is none. */
export function tallyValue(tally: ColumnTally, bytes: Uint8Array, from: number, to: number): void {
  if (from >= to) return;
  tally.filled += 1;
  if (tally.hashes.size <= MOST_DISTINCT) tally.hashes.add(hashOf(bytes, from, to));
  const { shapes, year } = shapesOf(bytes, from, to);
  for (let at = 0; at < SHAPE_NAMES.length; at += 1) if ((shapes >> at) & 1) tally.shapes[at] = (tally.shapes[at] ?? 0) + 1;
  if (year === 0) return;
  tally.firstYear = Math.min(tally.firstYear, year);
  tally.lastYear = Math.max(tally.lastYear, year);
}

/** The share of the filled values that have a shape, 0 to 1. */
export const shareOf = (tally: ColumnTally, shape: string): number =>
  tally.filled === 0 ? 0 : (tally.shapes[SHAPE_NAMES.indexOf(shape)] ?? 0) / tally.filled;

const BANDS = [1, 10, 100, MOST_DISTINCT] as const;

/** How many different values there are, as a band. */
export function distinctBand({ hashes: { size } }: ColumnTally): string {
  if (size <= 1) return size === 1 ? "1" : "none";
  for (const [at, most] of BANDS.entries()) if (size <= most) return `${(BANDS[at - 1] ?? 0) + 1}-${most}`;
  return `more than ${MOST_DISTINCT}`;
}

/** FNV-1a. WHY not kept: it only tells values apart within one run. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash;
}
