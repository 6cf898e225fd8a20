import type { ClaimColumns } from "../../core/catalog/claim-columns.ts";
import type { MarkChanges } from "../../core/catalog/claim-table.ts";
import type { SpecialCode } from "../../core/catalog/special-codes.ts";
import type { PlainPipes, StoredFile, WrittenFile } from "./data-vault.ts";

/** A stored segment of claims. */
export type ClaimSegment = {
  readonly id: string;
  readonly claim: ClaimColumns;
  readonly file: StoredFile;
};

export type TellOrder = {
  readonly segments: readonly ClaimSegment[];
  readonly codes: readonly SpecialCode[];
  readonly output: StoredFile;
  readonly pipes: PlainPipes;
  readonly folders: readonly string[];
};

/** A file that `tell` wrote, and where its submission stands among those of its state. */
export type Told = { readonly file: StoredFile; readonly place: number; readonly rows: number };

export type WeighOrder = {
  readonly segments: readonly ClaimSegment[];
  readonly own: Told;
  readonly others: readonly Told[];
  /** Where the changes of a segment go. */
  output(segment: string): StoredFile;
  readonly pipes: PlainPipes;
  readonly folders: readonly string[];
};

export type WeighedChanges = { readonly file: WrittenFile; readonly changes: MarkChanges };

/** Versions of claims over several submissions. */
export interface ClaimEngine {
  /** Writes what a submission tells of versions: which claims it adjusts and when, which numbers are one claim's, which have a listed code. */
  tell(order: TellOrder): Promise<WrittenFile & { readonly rows: number }>;
  /**
   * The rows of a submission whose marks change by what others tell, by segment; segments without are left out.
   * INVARIANT: a changed row is released by nothing, or by less than before.
   */
  weigh(order: WeighOrder): Promise<ReadonlyMap<string, WeighedChanges>>;
}
