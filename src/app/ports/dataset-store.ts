import type { Checked } from "../../core/base/checked.ts";
import type { DatasetManifest } from "../../core/intake/manifest.ts";

/** A submission in the store. INVARIANT: `digest` is the SHA-256 of its manifest's bytes and names its folder. */
export type StoredDataset = { readonly digest: string; readonly folder: string; readonly manifest: DatasetManifest };

/** What an intake writes before it is accepted; nothing of it is in the store until `commit`. */
export interface IntakeStage {
  /** Where the segments' Parquet files go. */
  readonly folder: string;
  appendReject(text: string): void;
  /** Adds to the list of rows that broke a rule and were kept. */
  appendFinding(text: string): void;
  /** Keeps a small file. INVARIANT: one that names people comes encrypted. */
  keepSource(name: string, bytes: Uint8Array): void;
  /** Moves all of it at once into a folder named by the manifest's digest. */
  commit(manifestText: string, into: "datasets" | "evidence"): { readonly digest: string; readonly folder: string };
  /** Removes every trace; harmless after `commit`. */
  discard(): void;
}

export interface DatasetStore {
  /** Every stored submission; a damaged manifest is a problem, never left out. */
  list(): Checked<readonly StoredDataset[]>;
  stage(): IntakeStage;
  /** Does what must see no other intake's commit between its look at the store and its own. E_BUSY when another takes too long. */
  alone<T>(act: () => T): Promise<T>;
}
