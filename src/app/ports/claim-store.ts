import type { ClaimTable } from "../../core/catalog/claim-table.ts";

/** What a submission tells of the versions of its claims: one file, and how many rows it has. */
export type ClaimTelling = { readonly format: "writ-claim-versions/1"; readonly rows: number; readonly sha256: string };

/** Keeps what was found out about claims beside their submission; it can always be made again. */
export interface ClaimStore {
  /** Undefined when there is none, or when a file of it is damaged. */
  findTelling(datasetFolder: string, key: string): Promise<ClaimTelling | undefined>;
  findTable(datasetFolder: string, key: string): Promise<ClaimTable | undefined>;
  /** Private files to write to; `keep` moves them into place, `discard` removes what is left. */
  stage(datasetFolder: string, key: string): ClaimStage;
}

export interface ClaimStage {
  /** Where a file is written, and what it will be within its dataset; without a segment, the telling. */
  file(segment?: string): { readonly path: string; readonly name: string };
  keep(kept: ClaimTable | ClaimTelling): void;
  discard(): void;
}

/** The file of a telling within its dataset. */
export const tellingName = (key: string): string => `claims/${key}.parquet`;
