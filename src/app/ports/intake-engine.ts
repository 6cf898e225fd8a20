import type { ClaimRow, ElementType } from "../../core/catalog/catalogue.ts";
import type { SpecialCode } from "../../core/catalog/special-codes.ts";
import type { MarkCounts } from "../../core/catalog/special-mark.ts";
import type { PlainPipes, StoredFile } from "./data-vault.ts";

/** One segment on its way from spooled rows to a Parquet file. */
export type SegmentTable = {
  readonly segment: string;
  readonly columns: readonly { readonly name: string; readonly type: ElementType }[];
  /** Whether each row starts with a person's key. */
  readonly person: boolean;
  /** No row is longer, where that is known. */
  readonly rowBytes?: number;
  /** Where rows are versions of claims or their lines: how, and which columns hold codes to look up. */
  readonly claim?: { readonly row: ClaimRow; readonly signals: readonly { readonly signal: string; readonly column: string }[] };
  /** Its rows, if it has any; read once. */
  readonly spool?: () => Iterable<Uint8Array>;
  readonly file: StoredFile;
  /** The submission an update changes, and the columns by which its rows replace earlier ones. */
  readonly earlier?: { readonly file: StoredFile; readonly key: readonly string[] };
};

export type WrittenTables = {
  /** Rows per segment, and the SHA-256 of the file they are in. */
  readonly segments: ReadonlyMap<string, { readonly rows: number; readonly sha256: string }>;
  /** Different people named in any segment. */
  readonly people: number;
  /** Rows of each claim segment by mark. */
  readonly marks: ReadonlyMap<string, MarkCounts>;
};

/** Turns spooled rows into typed, encrypted Parquet files. */
export interface IntakeEngine {
  /**
   * `folders` are all the engine may touch, besides the pipes. Claims are marked by `codes`.
   * INVARIANT: rows go through the pipes only.
   */
  writeTables(
    tables: readonly SegmentTable[],
    pipes: PlainPipes,
    folders: readonly string[],
    codes?: readonly SpecialCode[],
  ): Promise<WrittenTables>;
}
