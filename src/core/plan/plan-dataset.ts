import type { ClaimTable } from "../catalog/claim-table.ts";
import type { MarkCounts } from "../catalog/special-mark.ts";
import { MARKS } from "../catalog/special-mark.ts";
import type { ClassTable } from "../catalog/row-class.ts";

/** Rows of a segment that are judged alike as to special content: those of one mark, or all where there are no marks. */
export type RowMark = { readonly code?: number; readonly special: readonly string[] };

/**
 * What each mark of a segment's rows may mean.
 * INVARIANT: by other lists than those loaded now, a mark means nothing: its rows may hold anything.
 */
export function marksOf(counts: MarkCounts, sameLists: boolean): readonly RowMark[] {
  return MARKS.flatMap((mark, code) => {
    const special = mark === "unknown" || !sameLists ? ["none", "part2"] : [mark];
    return counts[mark] > 0 ? [{ code, special }] : [];
  });
}

/** A submission with its classes on the day of judging. */
export type PlanDataset = {
  readonly digest: string;
  readonly origin: string;
  readonly idIsSsn: boolean;
  readonly classes: ClassTable;
  /** Within the dataset's folder. */
  readonly classesFile: string;
  readonly segmentFiles: Readonly<Record<string, string>>;
  /** Of segments whose rows bear marks: the marks that occur, and what each may mean. */
  readonly marks?: Readonly<Record<string, readonly RowMark[]>>;
  /** Of claims: what other submissions of the state make of them. */
  readonly claims?: ClaimTable;
};
