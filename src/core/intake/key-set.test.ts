import fc from "fast-check";
import { expect, it } from "vitest";
import { concat } from "../base/bytes.ts";
import { KeySet } from "./key-set.ts";

const key = fc.oneof(
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  fc.integer({ min: 0, max: 3 }).map((last) => Uint8Array.from({ length: 16 }, (_, at) => (at === 15 ? last : 0))),
);

it("different keys are counted exactly, in however many parts they come", () => {
  fc.assert(
    fc.property(fc.array(fc.array(key, { maxLength: 60 }), { maxLength: 8 }), (parts) => {
      const set = new KeySet();
      for (const part of parts) set.addAll(concat(...part, new Uint8Array(16).fill(9)), part.length);
      expect(set.size).toBe(new Set(parts.flat().map((one) => Buffer.from(one).toString("hex"))).size);
    }),
  );
});

it("many keys are counted while the table grows, and too many are not", () => {
  const keys = new Uint8Array(16 * 20_000);
  const view = new DataView(keys.buffer);
  for (let at = 0; at < 20_000; at += 1) view.setUint32(16 * at + 4 * (at % 4), at % 15_000, true);
  const different = new Set(Array.from({ length: 20_000 }, (_, at) => Buffer.from(keys.subarray(16 * at, 16 * at + 16)).toString("hex")))
    .size;
  const [all, few] = [new KeySet(), new KeySet(different - 2)];
  for (const set of [all, few]) set.addAll(keys, 20_000);
  expect([all.size, few.size]).toEqual([different, undefined]);
});
