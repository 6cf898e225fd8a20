import { join } from "node:path";
import type { Appended, Ledger, LedgerReader, LedgerReport, LogSigner } from "../app/ports/ledger.ts";
import { equalBytes, utf8, utf8Text } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Checkpoint } from "../core/ledger/checkpoint.ts";
import type { Leaf, LoggedLeaf } from "../core/ledger/leaf.ts";
import { encodeLeaf, onceKey, parseLeaf } from "../core/ledger/leaf.ts";
import type { TreeHead } from "../core/ledger/merkle.ts";
import { inclusionProof, treeHead } from "../core/ledger/merkle.ts";
import type { NoteKey, ProofCrypto } from "../core/ledger/note.ts";
import { noteText } from "../core/ledger/note.ts";
import { receiptText } from "../core/ledger/receipt.ts";
import { bundlesBetween, ENTRY_LIMIT_BYTES, TILE_WIDTH } from "../core/ledger/tile.ts";
import type { Disk } from "./disk.ts";
import { realDisk } from "./disk.ts";
import { makeFolderDurably } from "./durable-file.ts";
import { withLock } from "./lock.ts";
import type { WritableLog } from "./log-append.ts";
import { extend, headToPublish, signHead, sweepLog } from "./log-append.ts";
import type { LogFiles } from "./log-files.ts";
import { damaged, readBundle, readCheckpoint, subtreesOnDisk } from "./log-files.ts";
import { verifyLog } from "./log-fsck.ts";
import { readSignedHead, recordSignedHead } from "./signed-head.ts";

export type LedgerPlaces = {
  /** To publish: checkpoint and tiles. */
  readonly folder: string;
  /** Private, beside the key: the record of signed heads, and the lock. */
  readonly stateFolder: string;
};

export type LedgerSettings = { readonly crypto: ProofCrypto; readonly disk?: Disk; readonly waitMs?: number };

/** Opens a log to read, by its public key alone: what anyone can do with a copy of the folder. */
export const ledgerReader = (folder: string, key: NoteKey, settings: LedgerSettings): LedgerReader =>
  new LedgerFolderReader({ folder, key, crypto: settings.crypto, disk: settings.disk ?? realDisk });

/** Opens a log to write. Nothing is made on disk before the first append. */
export function ledgerFolder(places: LedgerPlaces, signer: LogSigner, settings: LedgerSettings): Ledger {
  const { crypto, disk = realDisk, waitMs = 20_000 } = settings;
  const signedHeadFile = join(places.stateFolder, "signed-head.json");
  const log = { folder: places.folder, key: signer.key, crypto, disk, signer, signedHeadFile };
  return new LedgerFolder(log, join(places.stateFolder, "lock"), waitMs);
}

class LedgerFolderReader implements LedgerReader {
  readonly #log: LogFiles;

  constructor(log: LogFiles) {
    this.#log = log;
  }

  get key(): NoteKey {
    return this.#log.key;
  }

  async size(): Promise<number> {
    return this.checkpoint()?.size ?? 0;
  }

  async *entries(from = 0): AsyncIterable<LoggedLeaf> {
    const size = await this.size();
    for (const bundle of bundlesBetween(Math.min(from, size), size)) yield* leavesOf(this.#log, bundle.index, size, from);
  }

  async receipt(index: number): Promise<Uint8Array> {
    const checkpoint = this.checkpoint();
    const size = checkpoint?.size ?? 0;
    if (checkpoint === undefined || !(index >= 0 && index < size))
      throw new ProblemError(problem("E_LEDGER", `the log has no entry ${index}; it has ${size}`));
    const [logged] = leavesOf(this.#log, Math.floor(index / TILE_WIDTH), size, index);
    if (logged === undefined) throw new ProblemError(damaged(`entry ${index} is missing`, this.#log.folder));
    const { sha256 } = this.#log.crypto;
    const path = inclusionProof(sha256, subtreesOnDisk(this.#log, size), index, size);
    return utf8(receiptText({ leaf: logged.leaf, proof: { index, path, checkpoint: noteText(checkpoint.note) } }));
  }

  async verify(): Promise<Checked<LedgerReport>> {
    return verifyLog(this.#log);
  }

  protected checkpoint(): Checkpoint | undefined {
    return orThrow(readCheckpoint(this.#log));
  }
}

class LedgerFolder extends LedgerFolderReader implements Ledger {
  readonly #log: WritableLog;
  readonly #lockFolder: string;
  readonly #waitMs: number;
  /** Where each leaf id and each act that happens once stands, for the first `#known` entries. */
  readonly #places = new Map<string, { readonly index: number; readonly said: string }>();
  #known = 0;
  #failed = false;

  constructor(log: WritableLog, lockFolder: string, waitMs: number) {
    super(log);
    this.#log = log;
    this.#lockFolder = lockFolder;
    this.#waitMs = waitMs;
  }

  async append(leaves: readonly Leaf[]): Promise<Appended> {
    const locking = { folder: this.#lockFolder, disk: this.#log.disk, waitMs: this.#waitMs, what: "the ledger" };
    return withLock(locking, () => this.#appendAlone(leaves));
  }

  #appendAlone(leaves: readonly Leaf[]): Appended {
    // INVARIANT: after a failed write nothing more is signed by this process; what the medium holds is unknown until reopened.
    if (this.#failed)
      throw new ProblemError(problem("E_DURABILITY", "an earlier write to the ledger failed", { hint: "start writ again" }));
    try {
      makeFolderDurably(this.#log.folder, { disk: this.#log.disk });
      const before = this.#recovered();
      this.#learn(before?.size ?? 0);
      return this.#add(leaves, before);
    } catch (error) {
      this.#failed = !(error instanceof ProblemError) || error.problems.some(({ code }) => code === "E_DURABILITY");
      throw error;
    }
  }

  #add(leaves: readonly Leaf[], before: Checkpoint | undefined): Appended {
    const size = before?.size ?? 0;
    const fresh: Leaf[] = [];
    const places = new Map<string, { readonly index: number; readonly said: string }>();
    const indexes = leaves.map((leaf) => {
      const found = this.#placeOf(leaf, places);
      if (found !== undefined) return found;
      const index = size + fresh.push(leaf) - 1;
      for (const [key, said] of identities(leaf)) places.set(key, { index, said });
      return index;
    });
    const checkpoint = fresh.length === 0 ? before : extend(this.#log, this.#headOf(before), fresh.map(entryOf));
    if (checkpoint === undefined) throw new ProblemError(problem("E_BUG", "nothing to append to an empty log"));
    return { indexes, checkpoint };
  }

  /** The present checkpoint, once it and the record of signed heads agree. */
  #recovered(): Checkpoint | undefined {
    const present = this.checkpoint();
    const size = present?.size ?? 0;
    if (this.#known === 0) sweepLog(this.#log, size);
    const recorded = readSignedHead(this.#log.signedHeadFile, this.#log.disk);
    // A publication cut short between record and checkpoint is finished.
    if (recorded !== undefined && recorded.size > size) return signHead(this.#log, headToPublish(this.#log, recorded));
    if (present === undefined) return undefined;
    // WHY: a record put back from an old copy trails a checkpoint that verified; it catches up if the log only grew since.
    if (recorded !== undefined) headToPublish(this.#log, recorded);
    if (recorded?.size !== size) recordSignedHead(this.#log.signedHeadFile, present, this.#log.disk);
    else if (!equalBytes(recorded.root, present.root))
      throw new ProblemError(damaged("the checkpoint is not the one this key signed", this.#log.folder));
    return present;
  }

  #headOf(before: Checkpoint | undefined): TreeHead {
    return before ?? treeHead(this.#log.crypto.sha256, () => new Uint8Array(0), 0);
  }

  #learn(size: number): void {
    for (const bundle of bundlesBetween(this.#known, size))
      for (const { index, leaf } of leavesOf(this.#log, bundle.index, size, this.#known))
        for (const [key, said] of identities(leaf)) this.#places.set(key, { index, said });
    this.#known = size;
  }

  /** Where the leaf already stands. Refuses one that takes the id or the act of another. */
  #placeOf(leaf: Leaf, pending: ReadonlyMap<string, { readonly index: number; readonly said: string }>): number | undefined {
    for (const [key, said] of identities(leaf)) {
      const found = this.#places.get(key) ?? pending.get(key);
      if (found?.said === said) return found.index;
      if (found !== undefined)
        throw new ProblemError(problem("E_DUPLICATE", `entry ${found.index} already records this ${leaf.kind}, and says something else`));
    }
    return undefined;
  }
}

/** What a leaf may be there under, with what it must then say: the act without id and time, the id with all. */
function identities(leaf: Leaf): readonly (readonly [string, string])[] {
  const act = onceKey(leaf);
  const said = (of: Leaf): string => utf8Text(encodeLeaf(of));
  return [...(act === undefined ? [] : [[act, said({ ...leaf, id: "", time: "" })] as const]), [leaf.id, said(leaf)]];
}

function entryOf(leaf: Leaf): Uint8Array {
  const entry = encodeLeaf(leaf);
  const sound = parseLeaf(entry, `new ${leaf.kind} leaf`);
  if (!sound.ok) throw new ProblemError(...sound.problems);
  if (entry.length > ENTRY_LIMIT_BYTES)
    throw new ProblemError(problem("E_LEDGER", `a leaf of ${entry.length} bytes; the limit is ${ENTRY_LIMIT_BYTES}`));
  return entry;
}

function leavesOf(log: LogFiles, bundle: number, size: number, from: number): readonly LoggedLeaf[] {
  const first = bundle * TILE_WIDTH;
  const entries = readBundle(log, { level: "entries", index: bundle, width: Math.min(TILE_WIDTH, size - first) });
  return entries.flatMap((entry, at) => {
    const index = first + at;
    return index < from ? [] : [{ index, leaf: orThrow(parseLeaf(entry, join(log.folder, `entry ${index}`))) }];
  });
}

function orThrow<T>(checked: Checked<T>): T {
  if (!checked.ok) throw new ProblemError(...checked.problems);
  return checked.value;
}
