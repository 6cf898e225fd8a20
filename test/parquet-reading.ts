/** Plain readers of what the Parquet writer makes, for its tests: slow, and written from the format's description alone. */
import type { ColumnChunk } from "../src/core/parquet/column-chunk.ts";

/** Reads bytes low bits first. */
class Bits {
  at = 0;
  private readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  varint(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
  }
  byte(): number {
    return this.bytes[this.at++] ?? 0;
  }
  packed(count: number, width: number): readonly number[] {
    const bit = (at: number): number => ((this.bytes[this.at + (at >> 3)] ?? 0) >> (at & 7)) & 1;
    const values = Array.from({ length: count }, (_, of) =>
      Array.from({ length: width }, (__, at) => bit(of * width + at) * 2 ** at).reduce((sum, part) => sum + part, 0),
    );
    this.at += Math.ceil((count * width) / 8);
    return values;
  }
}

/** Numbers of Parquet's hybrid of runs and packed bits. */
export function hybridRead(bytes: Uint8Array, count: number, width: number): readonly number[] {
  const [bits, values] = [new Bits(bytes), [] as number[]];
  while (values.length < count) {
    const head = bits.varint();
    if ((head & 1) === 1) values.push(...bits.packed((head >> 1) * 8, width));
    else {
      const value = Array.from({ length: Math.ceil(width / 8) }, (_, at) => bits.byte() * 256 ** at).reduce((sum, part) => sum + part, 0);
      for (let at = 0; at < head >> 1; at += 1) values.push(value);
    }
  }
  if (bits.at !== bytes.length) throw new RangeError("bytes behind the numbers");
  return values.slice(0, count);
}

/** Numbers of DELTA_BINARY_PACKED. */
export function deltaRead(bytes: Uint8Array): readonly number[] {
  const bits = new Bits(bytes);
  const zigzag = (): number => {
    const value = bits.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const [block, minis, count] = [bits.varint(), bits.varint(), bits.varint()];
  const values = [zigzag()];
  while (values.length < count) {
    const least = zigzag();
    const widths = Array.from({ length: minis }, () => bits.byte());
    for (const width of widths) {
      if (values.length >= count) break;
      for (const more of bits.packed(block / minis, width)) values.push((values.at(-1) ?? 0) + least + more);
    }
  }
  if (bits.at !== bytes.length) throw new RangeError("bytes behind the numbers");
  return values.slice(0, count);
}

/** The cells of a column of few rows that has a dictionary or is blank: text as it is, days and whole numbers as text. */
export function cellsOf({ pages, rows }: ColumnChunk, type: "text" | "date" | "integer"): readonly (string | undefined)[] {
  const [first, second] = pages;
  const data = second ?? first;
  if (data === undefined) return [];
  const levels = new DataView(data.bytes.buffer, data.bytes.byteOffset).getUint32(0, true);
  const present = hybridRead(data.bytes.subarray(4, 4 + levels), rows, 1);
  if (second === undefined || first === undefined) return present.map(() => undefined);
  const values = dictionaryOf(first.bytes, first.count, type);
  const count = present.reduce((sum, one) => sum + one, 0);
  const places = hybridRead(data.bytes.subarray(5 + levels), count, data.bytes[4 + levels] ?? 0);
  let next = 0;
  return present.map((one) => (one === 0 ? undefined : values[places[next++] ?? 0]));
}

function dictionaryOf(bytes: Uint8Array, count: number, type: "text" | "date" | "integer"): readonly string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let at = 0;
  return Array.from({ length: count }, () => {
    const from = type === "text" ? at + 4 : at;
    at = from + (type === "text" ? view.getUint32(at, true) : type === "date" ? 4 : 8);
    if (type === "text") return new TextDecoder().decode(bytes.subarray(from, at));
    return String(type === "date" ? view.getInt32(from, true) : view.getBigInt64(from, true));
  });
}
