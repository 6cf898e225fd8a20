import { join } from "node:path";
import type { LedgerReport } from "../app/ports/ledger.ts";
import { equalBytes } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, passIf } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { onceKey, parseLeaf } from "../core/ledger/leaf.ts";
import { leafHash, subtreesOf, treeHead } from "../core/ledger/merkle.ts";
import { vkeyText } from "../core/ledger/note.ts";
import type { Tile } from "../core/ledger/tile.ts";
import {
  bundlesBetween,
  decodeBundle,
  fullTilePath,
  hashesAt,
  TILE_WIDTH,
  tileHashes,
  tilePath,
  tilesBetween,
} from "../core/ledger/tile.ts";
import type { LogFiles } from "./log-files.ts";
import { damaged, headOnDisk, readBundle, readCheckpoint, readTile } from "./log-files.ts";

/**
 * Recomputes a log from its entries up: entries, leaf hashes, tiles level by level, root, signature.
 * Trusts nothing between; lists every file that does not fit, with its place.
 */
export function verifyLog(log: LogFiles): Checked<LedgerReport> {
  const checkpoint = readCheckpoint(log);
  if (!checkpoint.ok) return checkpoint;
  if (checkpoint.value === undefined) return fail(problem("E_LEDGER", "the log has no checkpoint", { at: { file: log.folder } }));
  const { size, root } = checkpoint.value;
  const leaves = new LeafReview(log);
  const bundles = bundlesBetween(0, size);
  const tiles = tilesBetween(0, size);
  const found = [
    ...bundles.flatMap((bundle) => tried(() => bundleProblems(log, bundle, size, leaves))),
    ...tiles.flatMap((tile) => tried(() => tileProblems(log, tile))),
    ...[...bundles, ...tiles].flatMap((tile) => earlierProblems(log, tile)),
  ];
  const problems = found.length > 0 ? found : tried(() => rootProblems(log, size, root));
  return passIf(problems, () => ({
    checkpoint: checkpoint.value as NonNullable<typeof checkpoint.value>,
    entries: size,
    files: bundles.length + tiles.length + 1,
  }));
}

/** What leaves say about each other: the first names the key, and no id or single act is there twice. */
class LeafReview {
  readonly #log: LogFiles;
  readonly #seen = new Map<string, number>();

  constructor(log: LogFiles) {
    this.#log = log;
  }

  problemsOf(entry: Uint8Array, index: number, file: string): readonly Problem[] {
    const parsed = parseLeaf(entry, `${file} entry ${index}`);
    if (!parsed.ok) return parsed.problems;
    const leaf = parsed.value;
    const at = `entry ${index}`;
    const first = index === 0 && (leaf.kind !== "workspace" || leaf.vkey !== vkeyText(this.#log.key));
    const again = [leaf.id, onceKey(leaf)].flatMap((key) => (key === undefined ? [] : this.#repeats(key, index)));
    return [...(first ? ["the first entry does not name the log's key"] : []), ...again].map((what) => damaged(`${at}: ${what}`, file));
  }

  #repeats(key: string, index: number): readonly string[] {
    const before = this.#seen.get(key);
    this.#seen.set(key, before ?? index);
    return before === undefined ? [] : [`it repeats entry ${before}`];
  }
}

function bundleProblems(log: LogFiles, bundle: Tile, size: number, leaves: LeafReview): readonly Problem[] {
  const file = join(log.folder, tilePath(bundle));
  const hashes = readTile(log, { level: 0, index: bundle.index, width: Math.min(TILE_WIDTH, size - bundle.index * TILE_WIDTH) });
  return readBundle(log, bundle).flatMap((entry, at) => {
    const index = bundle.index * TILE_WIDTH + at;
    const stored = hashes[at];
    const fits = stored !== undefined && equalBytes(leafHash(log.crypto.sha256, entry), stored);
    return fits ? leaves.problemsOf(entry, index, file) : [damaged(`entry ${index} does not have the hash its tile says`, file)];
  });
}

/** Above level 0 each hash is the root of a full tile below. */
function tileProblems(log: LogFiles, tile: Tile): readonly Problem[] {
  const { level } = tile;
  if (level === "entries" || level === 0) return [];
  const file = join(log.folder, tilePath(tile));
  return readTile(log, tile).flatMap((hash, at) => {
    const below = { level: level - 1, index: tile.index * TILE_WIDTH + at, width: TILE_WIDTH };
    const { root } = treeHead(log.crypto.sha256, subtreesOf(log.crypto.sha256, readTile(log, below)), TILE_WIDTH);
    return equalBytes(root, hash) ? [] : [damaged(`hash ${at} is not the root of ${tilePath(below)}`, file, at * 32)];
  });
}

/** The partial forerunners of a tile, kept for older checkpoints, are its beginnings. Wider ones were never signed. */
function earlierProblems({ folder, disk }: LogFiles, tile: Tile): readonly Problem[] {
  const present = disk.read(join(folder, tilePath(tile)));
  const partials = join(folder, `${fullTilePath(tile.level, tile.index)}.p`);
  return disk.list(partials).flatMap((name) => {
    const file = join(partials, name);
    const earlier = /^[1-9]\d{0,2}$/.test(name) && Number(name) < tile.width ? disk.read(file) : undefined;
    if (earlier === undefined || present === undefined) return [];
    return equalBytes(present.subarray(0, earlier.length), earlier) && isWhole(earlier, tile, Number(name))
      ? []
      : [damaged("the file is not the beginning of the one that came after it", file)];
  });
}

const isWhole = (bytes: Uint8Array, { level }: Tile, width: number): boolean =>
  (level === "entries" ? decodeBundle(bytes, width) : tileHashes(bytes, width)) !== undefined;

function rootProblems(log: LogFiles, size: number, root: Uint8Array): readonly Problem[] {
  const rootFits = equalBytes(headOnDisk(log, size).root, root);
  return rootFits ? [] : [damaged(`the ${hashesAt(0, size)} entries do not give the root that was signed`, join(log.folder, "checkpoint"))];
}

/** WHY: one unreadable file must not hide what else is wrong. */
function tried(look: () => readonly Problem[]): readonly Problem[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}
