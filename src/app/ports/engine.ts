import type { Checked } from "../../core/base/checked.ts";
import type { ExtractSpec } from "../../core/extract/spec.ts";
import type { DataKey } from "./data-vault.ts";
import type { SealedFile, SealedForm, SealingSession } from "./sealer.ts";

/** Rows and people one class of one dataset contributes to a segment. */
export type ClassCount = { readonly dataset: string; readonly classId: number; readonly rows: number; readonly people: number };

export type SegmentCount = { readonly segment: string; readonly rows: number; readonly classes: readonly ClassCount[] };

/** Where datasets lie and how they are read. */
export type StoredData = {
  /** Holds one folder a dataset, named by digest. */
  readonly folder: string;
  /** By the dataset's digest. */
  readonly keys: ReadonlyMap<string, DataKey>;
};

export type ExtractOptions = {
  readonly stored: StoredData;
  /** 32 bytes; destroying them makes the pseudonyms meaningless. */
  readonly pseudonymKey: Uint8Array;
  readonly form: SealedForm;
  /** What the plan counted; every part must have exactly as many rows. */
  readonly counts: readonly SegmentCount[];
  readonly signal?: AbortSignal;
};

export type ExtractedSegment = SealedFile & { readonly segment: string; readonly rows: number; readonly classes: readonly ClassCount[] };

/** Runs extracts. Rows leave it only into the pipes of a sealing session. */
export interface ExtractEngine {
  /** How much an extract would release, exactly. Refuses classes that name a person twice. */
  count(spec: ExtractSpec, stored: StoredData): Promise<readonly SegmentCount[]>;
  /** Runs the printed queries over one synthetic row a class and compares with the verdict: E_CHECK where they differ. */
  check(spec: ExtractSpec): Promise<Checked<ExtractSpec>>;
  /** Writes each segment that releases anything to the session's file `SEGMENT.FORM.age`, and finishes or aborts the session. */
  extract(spec: ExtractSpec, session: SealingSession, options: ExtractOptions): Promise<readonly ExtractedSegment[]>;
}

/** The sealed file of a segment. */
export const sealedName = (segment: string, form: SealedForm): string => `${segment}.${form}.age`;
