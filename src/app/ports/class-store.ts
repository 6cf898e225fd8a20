import type { ClassTable } from "../../core/catalog/row-class.ts";

/** Resolved classes of a stored submission. */
export type StoredClasses = { readonly key: string; readonly parquetFile: string; readonly jsonFile: string; readonly table: ClassTable };

/** Keeps resolved classes beside their submission; they can always be made again. */
export interface ClassStore {
  /** Classes kept under a key; undefined when there are none, or when they are damaged. */
  find(datasetFolder: string, key: string): Promise<StoredClasses | undefined>;
  /** A private file to write to; `keep` moves it into place, `discard` removes it. */
  stage(datasetFolder: string, key: string): ClassStage;
}

export interface ClassStage {
  readonly file: string;
  /** What `file` will be within its dataset. */
  readonly name: string;
  keep(table: ClassTable): StoredClasses;
  discard(): void;
}
