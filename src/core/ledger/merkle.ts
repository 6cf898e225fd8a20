import type { Sha256 } from "../base/bytes.ts";
import { concat, equalBytes } from "../base/bytes.ts";

/** RFC 6962 section 2.1: the Merkle tree over the ledger's entries, and its proofs. */
export const HASH_SIZE_BYTES = 32;

/**
 * A tree's size and root. INVARIANT: they travel together, never as loose arguments,
 * so that no caller can pair a right root with a wrong size.
 */
export type TreeHead = { readonly size: number; readonly root: Uint8Array };

/** The hash of the complete subtree of height `level` whose leaves start at `index * 2^level`. */
export type SubtreeHash = (level: number, index: number) => Uint8Array;

export const leafHash = (sha256: Sha256, entry: Uint8Array): Uint8Array => sha256(concat(Uint8Array.of(0), entry));

export const nodeHash = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concat(Uint8Array.of(1), left, right));

/** Answers from leaf hashes held in memory. */
export function subtreesOf(sha256: Sha256, leafHashes: readonly Uint8Array[]): SubtreeHash {
  const hash: SubtreeHash = (level, index) => {
    if (level > 0) return nodeHash(sha256, hash(level - 1, 2 * index), hash(level - 1, 2 * index + 1));
    const leaf = leafHashes[index];
    if (leaf === undefined) throw new RangeError(`no leaf ${index}`);
    return leaf;
  };
  return hash;
}

export function treeHead(sha256: Sha256, subtree: SubtreeHash, size: number): TreeHead {
  return { size, root: size === 0 ? sha256(new Uint8Array(0)) : rangeHash(sha256, subtree, 0, size) };
}

/** The hashes beside the way from leaf `index` to the root, the leaf's sibling first. */
export function inclusionProof(sha256: Sha256, subtree: SubtreeHash, index: number, size: number): readonly Uint8Array[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  return pathTo(sha256, subtree, index, { from: 0, to: size });
}

/** The hashes that show the tree of `older` leaves to be a prefix of that of `newer`. */
export function consistencyProof(sha256: Sha256, subtree: SubtreeHash, older: number, newer: number): readonly Uint8Array[] {
  if (!(older > 0 && older <= newer)) throw new RangeError(`no consistency proof from ${older} to ${newer}`);
  return older === newer ? [] : prefixProof(sha256, subtree, older, { from: 0, to: newer }, true);
}

/** Whether `proof` leads from the leaf hash to the head's root. Any hash that is not 32 bytes is refused. */
export function provesInclusion(sha256: Sha256, head: TreeHead, index: number, leaf: Uint8Array, proof: readonly Uint8Array[]): boolean {
  if (!isLeafOf(index, head.size) || ![leaf, head.root, ...proof].every(isHash)) return false;
  let [at, last, hash] = [index, head.size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(hash, head.root);
}

/** Whether the tree of `older` is a prefix of that of `newer`. Size 0 is refused: an empty tree proves nothing. */
export function provesConsistency(sha256: Sha256, older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (!isLeafOf(older.size - 1, newer.size) || ![older.root, newer.root, ...proof].every(isHash)) return false;
  if (older.size === newer.size) return proof.length === 0 && equalBytes(older.root, newer.root);
  // WHY: an older tree that is a complete subtree is its own first hash, so the proof leaves it out.
  const [first, ...rest] = isPowerOfTwo(older.size) ? [older.root, ...proof] : proof;
  if (first === undefined || rest.length === 0) return false;
  let [at, last] = [older.size - 1, newer.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [oldRoot, newRoot] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [oldRoot, newRoot] = [nodeHash(sha256, hash, oldRoot), nodeHash(sha256, hash, newRoot)];
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, half(last)];
    } else {
      newRoot = nodeHash(sha256, newRoot, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equalBytes(oldRoot, older.root) && equalBytes(newRoot, newer.root);
}

type Range = { readonly from: number; readonly to: number };

function rangeHash(sha256: Sha256, subtree: SubtreeHash, from: number, to: number): Uint8Array {
  const size = to - from;
  if (isPowerOfTwo(size)) return subtree(Math.log2(size), from / size);
  const middle = from + splitOf(size);
  return nodeHash(sha256, rangeHash(sha256, subtree, from, middle), rangeHash(sha256, subtree, middle, to));
}

function pathTo(sha256: Sha256, subtree: SubtreeHash, index: number, { from, to }: Range): readonly Uint8Array[] {
  if (to - from === 1) return [];
  const middle = from + splitOf(to - from);
  return index < middle
    ? [...pathTo(sha256, subtree, index, { from, to: middle }), rangeHash(sha256, subtree, middle, to)]
    : [...pathTo(sha256, subtree, index, { from: middle, to }), rangeHash(sha256, subtree, from, middle)];
}

/** `known`: whether the verifier already holds the hash of this range, being the older root itself. */
function prefixProof(sha256: Sha256, subtree: SubtreeHash, older: number, { from, to }: Range, known: boolean): readonly Uint8Array[] {
  if (older === to) return known ? [] : [rangeHash(sha256, subtree, from, to)];
  const middle = from + splitOf(to - from);
  return older <= middle
    ? [...prefixProof(sha256, subtree, older, { from, to: middle }, known), rangeHash(sha256, subtree, middle, to)]
    : [...prefixProof(sha256, subtree, older, { from: middle, to }, false), rangeHash(sha256, subtree, from, middle)];
}

/** The largest power of two below `size`. WHY: no bit operators, which would cut numbers to 32 bits. */
function splitOf(size: number): number {
  let split = 1;
  while (2 * split < size) split *= 2;
  return split;
}

const isPowerOfTwo = (size: number): boolean => size === 1 || 2 * splitOf(size) === size;
const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_SIZE_BYTES;
const isLeafOf = (index: number, size: number): boolean =>
  Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
const half = (number: number): number => Math.floor(number / 2);
