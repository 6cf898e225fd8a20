import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { utf8 } from "../base/bytes.ts";
import { leafHash, subtreesOf, treeHead } from "./merkle.ts";
import type { Tile } from "./tile.ts";
import { bundlesBetween, decodeBundle, encodeBundle, subtreesInTiles, tilePath, tilesBetween } from "./tile.ts";

test("paths are those of tlog-tiles", () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
  expect(tilePath({ level: 1, index: 0, width: 17 })).toBe("tile/1/000.p/17");
  expect(tilePath({ level: "entries", index: 1000, width: 256 })).toBe("tile/entries/x001/000");
});

test("a tree of 70,000 has the tiles its specification counts", () => {
  const tiles = tilesBetween(0, 70_000);
  const shape = (level: number, full: boolean): number =>
    tiles.filter((tile) => tile.level === level && (tile.width === 256) === full).length;
  expect([shape(0, true), shape(0, false), shape(1, true), shape(1, false), shape(2, true), shape(2, false)]).toEqual([273, 1, 1, 1, 0, 1]);
  expect(tiles.filter(({ width }) => width < 256).map(({ width }) => width)).toEqual([112, 17, 1]);
  expect(tilesBetween(0, 256).map(tilePath)).toEqual(["tile/0/000", "tile/1/000.p/1"]);
  expect(tilesBetween(256, 257).map(tilePath)).toEqual(["tile/0/001.p/1"]);
  expect(bundlesBetween(255, 257).map(tilePath)).toEqual(["tile/entries/000", "tile/entries/001.p/1"]);
});

test("the root read out of tiles is the root over the leaves", () => {
  const leaves = Array.from({ length: 700 }, (_, at) => leafHash(sha256, utf8(String(at))));
  const subtree = subtreesOf(sha256, leaves);
  const read = ({ level, index, width }: Tile): Uint8Array[] =>
    Array.from({ length: width }, (_, at) => subtree(8 * Number(level), 256 * index + at));
  for (const size of [1, 2, 255, 256, 257, 512, 700])
    expect(treeHead(sha256, subtreesInTiles(sha256, size, read), size)).toEqual(treeHead(sha256, subtree, size));
});

test("a bundle holds exactly its entries", () => {
  const entries = [utf8("a"), utf8(""), utf8("x".repeat(65_535))];
  const bundle = encodeBundle(entries);
  expect(decodeBundle(bundle, 3)).toEqual(entries);
  expect(decodeBundle(bundle, 2)).toBeUndefined();
  expect(decodeBundle(bundle.subarray(0, -1), 3)).toBeUndefined();
  expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(RangeError);
});
