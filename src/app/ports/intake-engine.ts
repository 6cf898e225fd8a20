import type { ClaimColumns } from "../../core/catalog/claim-columns.ts";
import type { SpecialCode } from "../../core/catalog/special-codes.ts";
import type { PlainPipes, StoredFile, WrittenTable } from "./data-vault.ts";

/** One segment on its way into the store. */
export type SegmentTable = {
  readonly segment: string;
  readonly columns: number;
  /** Whether each row starts with a person's key. */
  readonly person: boolean;
  /** Where rows are versions of claims or their lines: how, and which columns hold codes to look up. */
  readonly claim?: ClaimColumns;
  /** Its new rows, as they came. */
  readonly fresh: { readonly file: StoredFile; readonly written: WrittenTable };
  /** All its rows; the same file unless earlier rows are kept. */
  readonly rows: StoredFile;
  /** All its rows, claims marked; the same file unless they are claims. */
  readonly file: StoredFile;
  /** The submission an update changes, and the columns by which its rows replace earlier ones. */
  readonly earlier?: { readonly file: StoredFile; readonly key: readonly string[] };
};

export type CompletedTables = {
  /** Of each segment all its rows, before claims are marked. */
  readonly segments: ReadonlyMap<string, WrittenTable>;
  /** Different people named in any segment. */
  readonly people: number;
  /** Of each claim segment the marks of its rows in their order, as numbers of `MARKS` counted from 1; 0 where there is none. */
  readonly marks: ReadonlyMap<string, Uint8Array>;
};

export type CompletionOrder = {
  readonly tables: readonly SegmentTable[];
  readonly pipes: PlainPipes;
  /** All the engine may touch, besides the pipes. */
  readonly folders: readonly string[];
  /** Claims are marked by these. */
  readonly codes: readonly SpecialCode[];
  /** Different people in the new rows, where they were counted. */
  readonly people?: number;
};

/** Finds out what only all rows show: those an update keeps, which it writes, the marks of claims, the number of people. */
export interface IntakeEngine {
  /** INVARIANT: rows go through the pipes only. */
  completeTables(order: CompletionOrder): Promise<CompletedTables>;
}
