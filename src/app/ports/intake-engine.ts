import type { ElementType } from "../../core/catalog/catalogue.ts";

/** One segment on its way from spooled rows to a Parquet file. */
export type SegmentTable = {
  readonly segment: string;
  readonly columns: readonly { readonly name: string; readonly type: ElementType }[];
  /** Whether each row starts with a person's key. */
  readonly person: boolean;
  readonly spoolFile: string;
  readonly parquetFile: string;
  /** The submission an update changes, and the columns by which its rows replace earlier ones. */
  readonly earlier?: { readonly parquetFile: string; readonly key: readonly string[] };
};

export type WrittenTables = {
  /** Rows per segment. */
  readonly rows: ReadonlyMap<string, number>;
  /** Different people named in any segment. */
  readonly people: number;
};

/** Turns spooled rows into typed Parquet files. */
export interface IntakeEngine {
  /** `folders` are all the engine may touch. */
  writeTables(tables: readonly SegmentTable[], folders: readonly string[]): Promise<WrittenTables>;
}
