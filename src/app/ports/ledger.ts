import type { Checked } from "../../core/base/checked.ts";
import type { Checkpoint } from "../../core/ledger/checkpoint.ts";
import type { Leaf, LeafBodies, LeafKind, LoggedLeaf } from "../../core/ledger/leaf.ts";
import type { NoteKey } from "../../core/ledger/note.ts";

/** Where the leaves of one append stand, and the checkpoint that holds them. */
export type Appended = { readonly indexes: readonly number[]; readonly checkpoint: Checkpoint };

/** What a full verification went through. */
export type LedgerReport = { readonly checkpoint: Checkpoint; readonly entries: number; readonly files: number };

/** The log's signing key. The private part never leaves the adapter. */
export interface LogSigner {
  readonly key: NoteKey;
  sign(message: Uint8Array): Uint8Array;
}

/** Reads a log. Every answer rests on a checkpoint whose signature was verified. */
export interface LedgerReader {
  readonly key: NoteKey;
  size(): Promise<number>;
  /** The leaves in order, from an index on. */
  entries(from?: number): AsyncIterable<LoggedLeaf>;
  /** The receipt file of an entry under the present checkpoint. */
  receipt(index: number): Promise<Uint8Array>;
  /** Recomputes everything from the entries up; all that is wrong, with file and place. */
  verify(): Promise<Checked<LedgerReport>>;
}

/**
 * Writes a log. INVARIANT: when `append` returns, the leaves are on the medium under a signed checkpoint;
 * when it throws, no checkpoint that holds them was given out. One size is signed at most once.
 */
export interface Ledger extends LedgerReader {
  /**
   * Idempotent: a leaf whose id is there, and an intent, released, aborted or shredded leaf whose release or data have one,
   * keeps its place; if it then says something else, E_DUPLICATE. Waits for another writer, then E_BUSY.
   */
  append(leaves: readonly Leaf[]): Promise<Appended>;
}

/** Where one leaf stands. */
export type Recorded = { readonly index: number; readonly checkpoint: Checkpoint };

/** Heads a leaf with id, time and custodian, and appends it. */
export type Recorder = <K extends LeafKind>(kind: K, body: LeafBodies[K]) => Promise<Recorded>;
