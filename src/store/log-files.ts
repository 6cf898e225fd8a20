import { join } from "node:path";
import { equalBytes, utf8, utf8Text } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Checkpoint } from "../core/ledger/checkpoint.ts";
import { verifyCheckpoint } from "../core/ledger/checkpoint.ts";
import type { SubtreeHash, TreeHead } from "../core/ledger/merkle.ts";
import { treeHead } from "../core/ledger/merkle.ts";
import type { NoteKey, ProofCrypto } from "../core/ledger/note.ts";
import type { Tile } from "../core/ledger/tile.ts";
import { decodeBundle, fullTilePath, subtreesInTiles, TILE_WIDTH, tileHashes, tilePath } from "../core/ledger/tile.ts";
import type { Disk } from "./disk.ts";

/** A log's folder: what it reads is located, and never trusted beyond its checkpoint. */
export type LogFiles = { readonly folder: string; readonly disk: Disk; readonly key: NoteKey; readonly crypto: ProofCrypto };

export const CHECKPOINT = "checkpoint";

export const damaged = (message: string, file: string, byte?: number): Problem =>
  problem("E_LEDGER", message, {
    at: byte === undefined ? { file } : { file, byte },
    hint: "restore the file from a copy of the published ledger, then run: writ log verify",
  });

/** The present checkpoint, verified; undefined when the log has none yet. */
export function readCheckpoint({ folder, disk, key, crypto }: LogFiles): Checked<Checkpoint | undefined> {
  const file = join(folder, CHECKPOINT);
  const bytes = disk.read(file);
  if (bytes === undefined) return pass(undefined);
  const text = exactText(bytes);
  if (text === undefined) return fail(damaged("the checkpoint is not text", file));
  const checkpoint = verifyCheckpoint(text, key, crypto);
  return checkpoint.ok ? checkpoint : fail(...checkpoint.problems.map(({ message }) => damaged(message, file)));
}

/** The hashes of a tile; where only a wider one is left, the first of that. */
export function readTile({ folder, disk }: LogFiles, tile: Tile): readonly Uint8Array[] {
  const found = read(disk, folder, tile);
  const hashes = tileHashes(found.bytes, found.width);
  if (hashes === undefined) throw new ProblemError(damaged(`the tile is not ${found.width} hashes long`, found.file));
  return hashes.slice(0, tile.width);
}

/** The entries of a bundle, likewise. */
export function readBundle({ folder, disk }: LogFiles, tile: Tile): readonly Uint8Array[] {
  const found = read(disk, folder, tile);
  const entries = decodeBundle(found.bytes, found.width);
  if (entries === undefined) throw new ProblemError(damaged(`the bundle does not hold exactly ${found.width} entries`, found.file));
  return entries.slice(0, tile.width);
}

export const subtreesOnDisk = (log: LogFiles, size: number): SubtreeHash =>
  subtreesInTiles(
    log.crypto.sha256,
    size,
    remembering((tile) => readTile(log, tile)),
  );

/** The head of the tree as its tiles on disk give it, right or not. */
export const headOnDisk = (log: LogFiles, size: number): TreeHead => treeHead(log.crypto.sha256, subtreesOnDisk(log, size), size);

/** WHY: a proof reads the same few tiles again and again. */
function remembering(read: (tile: Tile) => readonly Uint8Array[]): (tile: Tile) => readonly Uint8Array[] {
  const known = new Map<string, readonly Uint8Array[]>();
  return (tile) => {
    const path = tilePath(tile);
    const hashes = known.get(path) ?? read(tile);
    known.set(path, hashes);
    return hashes;
  };
}

/** A partial tile may give way to the full one, as tlog-tiles allows. */
function read(disk: Disk, folder: string, tile: Tile): { readonly file: string; readonly bytes: Uint8Array; readonly width: number } {
  const file = join(folder, tilePath(tile));
  const bytes = disk.read(file);
  if (bytes !== undefined) return { file, bytes, width: tile.width };
  const full = join(folder, fullTilePath(tile.level, tile.index));
  const wider = disk.read(full);
  if (wider === undefined) throw new ProblemError(damaged("the file is missing", file));
  return { file: full, bytes: wider, width: TILE_WIDTH };
}

/** WHY: decoding drops a byte order mark; a file with one would be a second spelling. */
function exactText(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8Text(bytes);
    return equalBytes(utf8(text), bytes) ? text : undefined;
  } catch {
    return undefined;
  }
}
