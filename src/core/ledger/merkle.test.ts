import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex, hex, utf8 } from "../base/bytes.ts";
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  provesConsistency,
  provesInclusion,
  subtreesOf,
  treeHead,
} from "./merkle.ts";

const ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const entry = (at: number): Uint8Array => fromHex(ENTRIES[at] ?? "") ?? utf8(String(at));
const leaves = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, at) => leafHash(sha256, at < 8 ? entry(at) : utf8(String(at))));
const tree = (size: number): ReturnType<typeof subtreesOf> => subtreesOf(sha256, leaves(size));

/** RFC 6962 section 2.1 as written there. */
function naiveRoot(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0] ?? new Uint8Array(0);
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(sha256, naiveRoot(hashes.slice(0, split)), naiveRoot(hashes.slice(split)));
}

test("known answers: the empty tree, the empty leaf, and the eight entries every log tests with", () => {
  expect(hex(treeHead(sha256, tree(0), 0).root)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(hex(leafHash(sha256, utf8("")))).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  expect([1, 2, 3, 4, 5, 6, 7, 8].map((size) => hex(treeHead(sha256, tree(size), size).root).slice(0, 8))).toEqual([
    "6e340b9c",
    "fac54203",
    "aeb6bcfe",
    "d37ee418",
    "4e3bbb1f",
    "76e67dad",
    "ddb89be4",
    "5dc9da79",
  ]);
});

test("the root is the naive one, every inclusion and consistency proof verifies, and no other does", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90 }), fc.nat(), fc.nat(), fc.nat(), (size, a, b, flip) => {
      const head = treeHead(sha256, tree(size), size);
      expect(head.root).toEqual(naiveRoot(leaves(size)));
      const [index, older] = [a % size, 1 + (b % size)];
      const leaf = leaves(size)[index] ?? new Uint8Array(0);
      const path = inclusionProof(sha256, tree(size), index, size);
      expect(provesInclusion(sha256, head, index, leaf, path)).toBe(true);
      const before = treeHead(sha256, tree(older), older);
      const prefix = consistencyProof(sha256, tree(size), older, size);
      expect(provesConsistency(sha256, before, head, prefix)).toBe(true);
      expect(provesInclusion(sha256, { ...head, size: size + 1 }, index, leaf, path)).toBe(isSamePath(index, size));
      for (const damaged of damage(path, flip)) expect(provesInclusion(sha256, head, index, leaf, damaged)).toBe(false);
      for (const damaged of damage(prefix, flip)) expect(provesConsistency(sha256, before, head, damaged)).toBe(false);
    }),
    { numRuns: 150 },
  );
});

/** WHY: for many leaves the path does not depend on the exact size; RFC 6962 binds size and root by the checkpoint instead. */
function isSamePath(index: number, size: number): boolean {
  const shape = (total: number): string => {
    let [from, to, turns] = [0, total, ""];
    while (to - from > 1) {
      let split = 1;
      while (split * 2 < to - from) split *= 2;
      [from, to, turns] = index < from + split ? [from, from + split, `${turns}L`] : [from + split, to, `${turns}R`];
    }
    return turns;
  };
  return shape(size) === shape(size + 1);
}

const damage = (proof: readonly Uint8Array[], flip: number): readonly (readonly Uint8Array[])[] => [
  [...proof, new Uint8Array(32)],
  ...(proof.length === 0 ? [] : [proof.slice(1), proof.map((hash, at) => (at === flip % proof.length ? flipped(hash, flip) : hash))]),
  ...proof.map((_, at) => proof.map((hash, other) => (at === other ? hash.subarray(0, 31) : hash))),
];

const flipped = (hash: Uint8Array, flip: number): Uint8Array =>
  hash.map((byte, at) => (at === flip % 32 ? byte ^ (1 << (flip % 8)) : byte));

test("strict: size 0, an index outside the tree and hashes of another length are refused", () => {
  const head = treeHead(sha256, tree(4), 4);
  const empty = treeHead(sha256, tree(0), 0);
  expect(provesConsistency(sha256, empty, head, [])).toBe(false);
  expect(provesConsistency(sha256, empty, empty, [])).toBe(false);
  expect(provesConsistency(sha256, head, head, [])).toBe(true);
  expect(provesInclusion(sha256, empty, 0, empty.root, [])).toBe(false);
  for (const index of [-1, 4, 0.5, Number.NaN, 2 ** 53]) expect(provesInclusion(sha256, head, index, head.root, [])).toBe(false);
});
