import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../base/bytes.ts";
import { columnChunk, ENCODING } from "./column-chunk.ts";
import { deltaBytes, isExact } from "./delta.ts";
import { bitWidth, hybridBytes } from "./hybrid.ts";
import { PackedValues } from "./packed-values.ts";
import { deltaRead, hybridRead } from "../../../test/parquet-reading.ts";

describe("Parquet's encodings, read back by plain readers", () => {
  const runs = fc
    .array(fc.tuple(fc.nat(65_534), fc.integer({ min: 1, max: 40 })), { maxLength: 30 })
    .map((parts) => parts.flatMap(([value, times]) => Array.from({ length: times }, () => value)));

  it("hold numbers in runs and bits", () => {
    fc.assert(
      fc.property(runs, fc.integer({ min: 1, max: 16 }), (all, width) => {
        const values = all.map((value) => value % 2 ** width);
        const bytes = hybridBytes(Uint16Array.from(values), width);
        expect(hybridRead(bytes, values.length, width)).toEqual(values);
      }),
    );
    expect([0, 1, 2, 255, 256, 65_534].map(bitWidth)).toEqual([0, 1, 2, 8, 9, 16]);
  });

  it("hold differences of any size", () => {
    const most = 2 ** 51 - 1;
    const number = fc.oneof(fc.integer({ min: -most, max: most }), fc.integer({ min: -5, max: 300 }), fc.constantFrom(most, -most));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 400 }), (values) => {
        const numbers = Float64Array.from(values);
        expect(isExact(numbers)).toBe(true);
        expect(deltaRead(deltaBytes(numbers))).toEqual([...numbers]);
      }),
    );
    expect(isExact(Float64Array.of(2 ** 51))).toBe(false);
  });

  it("give a number of more than 51 bits as it is, and no dictionary where nothing stands", () => {
    const listed = new PackedValues();
    listed.reserve(8);
    new DataView(listed.bytes.buffer).setBigInt64(0, 999_999_999_999_999_999n, true);
    listed.length = 8;
    listed.end();
    const chunk = columnChunk({ type: "integer", slots: Uint16Array.of(0, 1), rows: 2, listed });
    expect([chunk.pages.map(({ encoding }) => encoding), chunk.blanks]).toEqual([[ENCODING.plain], 1]);
    const blank = columnChunk({ type: "text", slots: new Uint16Array(3), rows: 3, dictionary: new PackedValues() });
    expect([blank.pages.map(({ dictionary }) => dictionary), blank.blanks]).toEqual([[false], 3]);
  });

  it("keep values apart however often the room for them grows", () => {
    const values = new PackedValues();
    const texts = Array.from({ length: 100 }, (_, at) => "x".repeat(at % 7) + String(at));
    for (const text of texts) {
      values.reserve(text.length);
      values.bytes.set(utf8(text), values.length);
      values.length += text.length;
      values.end();
    }
    values.cutTo(90);
    const read = (at: number): string => Buffer.from(values.bytes.subarray(values.startOf(at), values.startOf(at + 1))).toString();
    expect(Array.from({ length: 90 }, (_, at) => read(at))).toEqual(texts.slice(0, 90));
    expect([values.isSame(3, utf8("xxx3"), 0, 4), values.isSame(3, utf8("xxx4"), 0, 4), values.count]).toEqual([true, false, 90]);
  });
});
