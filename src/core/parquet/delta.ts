import { BitWriter } from "./hybrid.ts";

const BLOCK = 128;
const MINIBLOCK = 32;
/** Beyond it differences of differences are not exact. */
const MOST_EXACT = 2 ** 51;

/** Whether the differences of these numbers are exact. */
export function isExact(numbers: Float64Array): boolean {
  for (const number of numbers) if (!(Math.abs(number) < MOST_EXACT)) return false;
  return true;
}

/** Parquet's DELTA_BINARY_PACKED: differences of neighbours in as few bits as each thirty-two of them need. */
export function deltaBytes(numbers: Float64Array): Uint8Array {
  const out = new BitWriter(64 + numbers.length * 2);
  out.varint(BLOCK);
  out.varint(BLOCK / MINIBLOCK);
  out.varint(numbers.length);
  zigzag(out, numbers[0] ?? 0);
  const deltas = new Float64Array(BLOCK);
  for (let at = 1; at < numbers.length; at += BLOCK) {
    const count = Math.min(BLOCK, numbers.length - at);
    for (let of = 0; of < count; of += 1) deltas[of] = (numbers[at + of] ?? 0) - (numbers[at + of - 1] ?? 0);
    writeBlock(out, deltas, count);
  }
  return out.done();
}

function writeBlock(out: BitWriter, deltas: Float64Array, count: number): void {
  let least = deltas[0] ?? 0;
  let most = least;
  for (let at = 1; at < count; at += 1) {
    const delta = deltas[at] ?? 0;
    if (delta < least) least = delta;
    else if (delta > most) most = delta;
  }
  zigzag(out, least);
  if (most === least) return out.whole(0, BLOCK / MINIBLOCK);
  // WHY: what pads the last miniblock must need no bits.
  deltas.fill(least, count);
  const from = out.length;
  out.whole(0, BLOCK / MINIBLOCK);
  for (let at = 0; at < count; at += MINIBLOCK) {
    const width = widthOf(deltas, at, least);
    out.set(from + at / MINIBLOCK, width);
    if (width > 0) out.packedWide(deltas, at, at + MINIBLOCK, width, least);
  }
}

function widthOf(deltas: Float64Array, from: number, least: number): number {
  let most = 0;
  for (let at = from; at < from + MINIBLOCK; at += 1) {
    const above = (deltas[at] ?? 0) - least;
    if (above > most) most = above;
  }
  return most < 2 ** 31 ? 32 - Math.clz32(most) : Math.floor(Math.log2(most)) + 1;
}

const zigzag = (out: BitWriter, value: number): void => out.varint(value < 0 ? -2 * value - 1 : 2 * value);
