/** The column, beside the elements, of what is known of a row's special content. NULL: another version took the row's place. */
export const MARK_COLUMN = "claim_mark";

/** What a mark stands for. Its number in the column is its place here. docs/formats/dataset.md */
export const MARKS = ["none", "part2", "unknown"] as const;
export type Mark = (typeof MARKS)[number];

/** Rows of a segment by mark; `superseded` are those without one. */
export type MarkCounts = Readonly<Record<Mark | "superseded", number>>;
