import type { MarkCounts } from "./special-mark.ts";

/** A claim segment of a submission, with the marks its rows have once other submissions were looked at. */
export type WeighedSegment = {
  readonly id: string;
  readonly marks: MarkCounts;
  /** The rows whose marks are others than those stored, and the SHA-256 of that file; absent where there are none. */
  readonly changed?: { readonly file: string; readonly sha256: string };
};

/** What the other submissions of a state make of a submission's claims. docs/formats/dataset.md */
export type ClaimTable = {
  readonly format: "writ-claims/1";
  /** Submissions that were looked at, by month and submitter. */
  readonly consulted: readonly string[];
  /** Submissions that could not be: they were shredded. */
  readonly shredded: readonly string[];
  readonly segments: readonly WeighedSegment[];
};

/** What became of the marks of a segment's rows. */
export type MarkChanges = readonly { readonly was: number; readonly now: number | null; readonly rows: number }[];

/** The mark of a row whose stored mark is `was`: what other submissions tell may only take away. */
export const CLEARED_ELSEWHERE = { was: 0, now: 2 } as const;

/** Counts by mark after changes. */
export function changedCounts({ none, part2, unknown, superseded }: MarkCounts, changes: MarkChanges): MarkCounts {
  const rows = (was: number, now: number | null): number =>
    changes.reduce((sum, one) => sum + (one.was === was && one.now === now ? one.rows : 0), 0);
  const doubted = rows(CLEARED_ELSEWHERE.was, CLEARED_ELSEWHERE.now);
  return {
    none: none - doubted - rows(0, null),
    part2: part2 - rows(1, null),
    unknown: unknown + doubted - rows(2, null),
    superseded: superseded + rows(0, null) + rows(1, null) + rows(2, null),
  };
}
