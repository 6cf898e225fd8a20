import type { ClaimRow, ElementType } from "../../core/catalog/catalogue.ts";
import type { SpecialCode } from "../../core/catalog/special-codes.ts";
import type { MarkCounts } from "../../core/catalog/special-mark.ts";

/** One segment on its way from spooled rows to a Parquet file. */
export type SegmentTable = {
  readonly segment: string;
  readonly columns: readonly { readonly name: string; readonly type: ElementType }[];
  /** Whether each row starts with a person's key. */
  readonly person: boolean;
  /** No row is longer, where that is known. */
  readonly rowBytes?: number;
  readonly spoolFile: string;
  readonly parquetFile: string;
  /** Where rows are versions of claims or their lines: how, and which columns hold codes to look up. */
  readonly claim?: { readonly row: ClaimRow; readonly signals: readonly { readonly signal: string; readonly column: string }[] };
  /** The submission an update changes, and the columns by which its rows replace earlier ones. */
  readonly earlier?: { readonly parquetFile: string; readonly key: readonly string[] };
};

export type WrittenTables = {
  /** Rows per segment. */
  readonly rows: ReadonlyMap<string, number>;
  /** Different people named in any segment. */
  readonly people: number;
  /** Rows of each claim segment by mark. */
  readonly marks: ReadonlyMap<string, MarkCounts>;
};

/** Turns spooled rows into typed Parquet files. */
export interface IntakeEngine {
  /** `folders` are all the engine may touch. Claims are marked by `codes`. */
  writeTables(tables: readonly SegmentTable[], folders: readonly string[], codes?: readonly SpecialCode[]): Promise<WrittenTables>;
}
