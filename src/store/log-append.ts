import { dirname, join } from "node:path";
import { equalBytes, utf8 } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Checkpoint } from "../core/ledger/checkpoint.ts";
import { checkpointText, verifyCheckpoint } from "../core/ledger/checkpoint.ts";
import type { TreeHead } from "../core/ledger/merkle.ts";
import { leafHash, subtreesOf, treeHead } from "../core/ledger/merkle.ts";
import { noteText } from "../core/ledger/note.ts";
import type { Tile } from "../core/ledger/tile.ts";
import {
  bundlesBetween,
  encodeBundle,
  fullTilePath,
  hashesAt,
  subtreesInTiles,
  TILE_WIDTH,
  tilePath,
  tilesBetween,
} from "../core/ledger/tile.ts";
import type { LogSigner } from "../app/ports/ledger.ts";
import { makeFolderDurably, removeDurably, sweepTemporary, writeDurably } from "./durable-file.ts";
import type { LogFiles } from "./log-files.ts";
import { CHECKPOINT, damaged, headOnDisk, readBundle, readTile, subtreesOnDisk } from "./log-files.ts";
import { recordSignedHead } from "./signed-head.ts";

/** A log that may be written, and where the record of signed heads lies. */
export type WritableLog = LogFiles & { readonly signer: LogSigner; readonly signedHeadFile: string };

/**
 * Adds entries behind a verified head and signs the new one: files first, each durable; then everything new is read back
 * and hashed again; then the head is recorded as signed; then it is signed and published.
 */
export function extend(log: WritableLog, head: TreeHead, entries: readonly Uint8Array[]): Checkpoint {
  const size = head.size + entries.length;
  const bundles = new Map(bundlesBetween(head.size, size).map((tile) => [tile, bundleBytes(log, tile, head.size, entries)]));
  const tiles = newTiles(log, head.size, entries);
  for (const tile of [...bundles.keys(), ...tiles.keys()]) dropUnsigned(log, tile, head.size);
  for (const [tile, bytes] of bundles) writeTile(log, tile, bytes);
  for (const [tile, hashes] of tiles) writeTile(log, tile, joined(hashes));
  const next = headInMemory(log, size, tiles);
  checkOnDisk(log, head, next, entries);
  const checkpoint = signHead(log, next);
  for (const tile of [...bundles.keys(), ...tiles.keys()]) if (tile.width === TILE_WIDTH) dropPartials(log, tile);
  return checkpoint;
}

/** Records, signs and publishes a head whose tiles are on disk. */
export function signHead(log: WritableLog, head: TreeHead): Checkpoint {
  recordSignedHead(log.signedHeadFile, head, log.disk);
  const { key } = log.signer;
  const text = checkpointText(key.name, head);
  const note = noteText({ text, signatures: [{ name: key.name, keyId: key.keyId, signature: log.signer.sign(utf8(text)) }] });
  const checkpoint = verifyCheckpoint(note, log.key, log.crypto);
  if (!checkpoint.ok) throw new ProblemError(problem("E_KEY", "the signing key is not the log's key"));
  writeDurably(join(log.folder, CHECKPOINT), utf8(note), { disk: log.disk });
  return checkpoint.value;
}

/** Removes what an interrupted append left, in the folders the next one writes to. */
export function sweepLog(log: LogFiles, size: number): void {
  const since = Math.max(0, size - 1);
  const paths = [...tilesBetween(since, size + 1), ...bundlesBetween(since, size + 1)].map((tile) => fullTilePath(tile.level, tile.index));
  const folders = paths.flatMap((path) => [join(log.folder, `${path}.p`), dirname(join(log.folder, path))]);
  for (const folder of new Set([log.folder, ...folders])) sweepTemporary(folder, log.disk);
}

/** Compares what the disk now holds with what was meant. INVARIANT: nothing is signed that was not read back. */
function checkOnDisk(log: LogFiles, before: TreeHead, after: TreeHead, entries: readonly Uint8Array[]): void {
  const refuse = (what: string): never => {
    throw new ProblemError(damaged(`${what} on disk is not what was written or signed before; nothing was signed`, log.folder));
  };
  const subtree = subtreesOnDisk(log, after.size);
  if (!equalBytes(treeHead(log.crypto.sha256, subtree, after.size).root, after.root)) refuse("the new tree");
  if (before.size > 0 && !equalBytes(treeHead(log.crypto.sha256, subtree, before.size).root, before.root))
    refuse("the tree as signed before");
  for (const bundle of bundlesBetween(before.size, after.size)) {
    readBundle(log, bundle).forEach((entry, at) => {
      const index = bundle.index * TILE_WIDTH + at;
      if (!equalBytes(leafHash(log.crypto.sha256, entry), subtree(0, index))) refuse(`entry ${index}`);
      const meant = entries[index - before.size];
      if (meant !== undefined && !equalBytes(entry, meant)) refuse(`entry ${index}`);
    });
  }
}

/** WHY: reckoned from the old right edge and the new hashes, apart from the files just written, so that the two can be compared. */
function headInMemory(log: LogFiles, size: number, tiles: ReadonlyMap<Tile, readonly Uint8Array[]>): TreeHead {
  const fresh = new Map([...tiles].map(([tile, hashes]) => [tilePath(tile), hashes]));
  const subtree = subtreesInTiles(log.crypto.sha256, size, (tile) => fresh.get(tilePath(tile)) ?? readTile(log, tile));
  return treeHead(log.crypto.sha256, subtree, size);
}

/** Every hash tile the new entries fill or begin, with its hashes; a full tile's root enters the level above. */
function newTiles(log: LogFiles, since: number, entries: readonly Uint8Array[]): ReadonlyMap<Tile, readonly Uint8Array[]> {
  const { sha256 } = log.crypto;
  const tiles = new Map<Tile, readonly Uint8Array[]>();
  let fresh = entries.map((entry) => leafHash(sha256, entry));
  for (let level = 0; fresh.length > 0; level += 1) {
    const start = hashesAt(level, since);
    const row = [...leftOf(log, level, start), ...fresh];
    const full: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += TILE_WIDTH) {
      const hashes = row.slice(at, at + TILE_WIDTH);
      tiles.set({ level, index: Math.floor(start / TILE_WIDTH) + at / TILE_WIDTH, width: hashes.length }, hashes);
      if (hashes.length === TILE_WIDTH) full.push(treeHead(sha256, subtreesOf(sha256, hashes), TILE_WIDTH).root);
    }
    fresh = full;
  }
  return tiles;
}

/** The hashes of the partial tile that ends at `start`, if one does. */
function leftOf(log: LogFiles, level: number, start: number): readonly Uint8Array[] {
  const width = start % TILE_WIDTH;
  return width === 0 ? [] : readTile(log, { level, index: Math.floor(start / TILE_WIDTH), width });
}

function bundleBytes(log: LogFiles, tile: Tile, since: number, entries: readonly Uint8Array[]): Uint8Array {
  const from = tile.index * TILE_WIDTH;
  const kept = Math.max(0, since - from);
  const old = kept === 0 ? [] : readBundle(log, { ...tile, width: kept });
  return encodeBundle([...old, ...entries.slice(Math.max(0, from - since), from + tile.width - since)]);
}

function writeTile(log: LogFiles, tile: Tile, bytes: Uint8Array): void {
  const path = join(log.folder, tilePath(tile));
  makeFolderDurably(dirname(path), { disk: log.disk });
  writeDurably(path, bytes, { disk: log.disk });
}

/** Removes partials that an append wrote and never signed: this one may hold other entries, and would seem to contradict them. */
function dropUnsigned({ folder, disk }: LogFiles, tile: Tile, signedSize: number): void {
  const signedWidth = hashesAt(tile.level === "entries" ? 0 : tile.level, signedSize) - tile.index * TILE_WIDTH;
  const partials = join(folder, `${fullTilePath(tile.level, tile.index)}.p`);
  for (const name of disk.list(partials)) if (!(Number(name) <= signedWidth)) removeDurably(join(partials, name), disk);
}

const dropPartials = (log: LogFiles, tile: Tile): void => log.disk.remove(join(log.folder, `${fullTilePath(tile.level, tile.index)}.p`));

function joined(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * 32);
  hashes.forEach((hash, at) => bytes.set(hash, at * 32));
  return bytes;
}

/** A head recorded as signed, published or not: its files must be there, since they were written first. */
export function headToPublish(log: LogFiles, recorded: TreeHead): TreeHead {
  const found = headOnDisk(log, recorded.size);
  if (equalBytes(found.root, recorded.root)) return recorded;
  throw new ProblemError(damaged(`the tiles do not give the tree of ${recorded.size} entries that was signed`, log.folder));
}
