import type { ClaimRow } from "../../core/catalog/catalogue.ts";
import type { SpecialCode } from "../../core/catalog/special-codes.ts";
import type { MarkCounts } from "../../core/catalog/special-mark.ts";
import type { PlainPipes, StoredFile, WrittenTable } from "./data-vault.ts";

/** Where rows of a file wait: for the earlier rows of an update, or for the marks of claims. INVARIANT: under a name that no stored file has. */
export const waitingFile = ({ key, name, path }: StoredFile, what: "fresh" | "unmarked"): StoredFile => ({
  key,
  name: `${name} ${what}`,
  path: `${path}.${what}`,
});

/** One segment on its way into the store. */
export type SegmentTable = {
  readonly segment: string;
  readonly columns: number;
  /** Whether each row starts with a person's key. */
  readonly person: boolean;
  /** Where rows are versions of claims or their lines: how, and which columns hold codes to look up. */
  readonly claim?: { readonly row: ClaimRow; readonly signals: readonly { readonly signal: string; readonly column: string }[] };
  /** Its new rows, as they came. */
  readonly fresh: { readonly file: StoredFile; readonly written: WrittenTable };
  /** All its rows; the same file where nothing is to be added to the new ones. */
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

/** Adds to rows as they came what only all of them show: the rows an update keeps, the marks of claims, the number of people. */
export interface IntakeEngine {
  /**
   * `folders` are all the engine may touch, besides the pipes. Claims are marked by `codes`.
   * INVARIANT: rows go through the pipes only.
   */
  completeTables(
    tables: readonly SegmentTable[],
    pipes: PlainPipes,
    folders: readonly string[],
    codes?: readonly SpecialCode[],
  ): Promise<WrittenTables>;
}
