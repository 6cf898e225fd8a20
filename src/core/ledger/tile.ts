import type { Sha256 } from "../base/bytes.ts";
import { concat } from "../base/bytes.ts";
import type { SubtreeHash } from "./merkle.ts";
import { HASH_SIZE_BYTES, nodeHash } from "./merkle.ts";

/** C2SP tlog-tiles: the tree as files of 256 hashes, and the entries as bundles of 256. */
export const TILE_WIDTH = 256;

/** An entry's length is written in two bytes. */
export const ENTRY_LIMIT_BYTES = 65_535;

/** One tile: `width` consecutive hashes of subtrees of height `8 * level`; fewer than 256 makes it partial. */
export type Tile = { readonly level: number | "entries"; readonly index: number; readonly width: number };

/** The path of a tile below the ledger's folder, such as `tile/0/x001/234.p/17`. */
export function tilePath({ level, index, width }: Tile): string {
  return `${fullTilePath(level, index)}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

/** The path of the full tile; its partial forerunners lie in the folder of the same name with `.p`. */
export function fullTilePath(level: Tile["level"], index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/\d{3}/g) ?? [];
  return `tile/${level}/${groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join("/")}`;
}

/** The hash tiles that a tree of `size` has and one of `since` had not, lowest level first. */
export function tilesBetween(since: number, size: number): readonly Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; hashesAt(level, size) > 0; level += 1) tiles.push(...newTiles(level, hashesAt(level, since), hashesAt(level, size)));
  return tiles;
}

/** The entry bundles likewise. */
export const bundlesBetween = (since: number, size: number): readonly Tile[] => newTiles("entries", since, size);

/** How wide the tile holding hash `at` of a level is, when the level has `total` hashes. */
export const widthAt = (at: number, total: number): number => Math.min(TILE_WIDTH, total - Math.floor(at / TILE_WIDTH) * TILE_WIDTH);

/** How many hashes a tree of `size` has at a tile level. */
export const hashesAt = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** The hashes of a tile, or undefined when its length is not that of `width` hashes. */
export function tileHashes(bytes: Uint8Array, width: number): readonly Uint8Array[] | undefined {
  if (bytes.length !== width * HASH_SIZE_BYTES) return undefined;
  return Array.from({ length: width }, (_, at) => bytes.subarray(at * HASH_SIZE_BYTES, (at + 1) * HASH_SIZE_BYTES));
}

/** Reads subtree hashes of a tree of `size` out of its tiles; `read` gets a tile's hashes. */
export function subtreesInTiles(sha256: Sha256, size: number, read: (tile: Tile) => readonly Uint8Array[]): SubtreeHash {
  const stored = (level: number, at: number): Uint8Array => {
    const tile = { level, index: Math.floor(at / TILE_WIDTH), width: widthAt(at, hashesAt(level, size)) };
    const hash = read(tile)[at % TILE_WIDTH];
    if (hash === undefined) throw new RangeError(`tile ${tilePath(tile)} has no hash ${at % TILE_WIDTH}`);
    return hash;
  };
  const hash: SubtreeHash = (height, index) =>
    height % 8 === 0 ? stored(height / 8, index) : nodeHash(sha256, hash(height - 1, 2 * index), hash(height - 1, 2 * index + 1));
  return hash;
}

/** Entries one after another, each behind its length as two bytes, the higher first. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concat(...entries.flatMap((entry) => [lengthPrefix(entry.length), entry]));
}

/** The `count` entries of a bundle, or undefined when it holds anything else. */
export function decodeBundle(bytes: Uint8Array, count: number): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset + 2 <= bytes.length && entries.length < count) {
    const lengthBytes = (bytes[offset] ?? 0) * 256 + (bytes[offset + 1] ?? 0);
    entries.push(bytes.subarray(offset + 2, offset + 2 + lengthBytes));
    offset += 2 + lengthBytes;
  }
  return entries.length === count && offset === bytes.length ? entries : undefined;
}

function newTiles(level: Tile["level"], since: number, total: number): readonly Tile[] {
  const first = Math.floor(since / TILE_WIDTH);
  const count = total === since ? 0 : Math.ceil(total / TILE_WIDTH) - first;
  return Array.from({ length: count }, (_, at) => ({ level, index: first + at, width: widthAt((first + at) * TILE_WIDTH, total) }));
}

function lengthPrefix(lengthBytes: number): Uint8Array {
  if (lengthBytes > ENTRY_LIMIT_BYTES) throw new RangeError(`an entry of ${lengthBytes} bytes`);
  return Uint8Array.of(Math.floor(lengthBytes / 256), lengthBytes % 256);
}
