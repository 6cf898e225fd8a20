import { MARK_COLUMN, type MarkCounts, MARKS } from "../core/catalog/special-mark.ts";
import type { AddedColumn } from "../core/parquet/encrypt.ts";
import { PackedValues } from "../core/parquet/packed-values.ts";
import type { DataVault, WrittenTable } from "./ports/data-vault.ts";
import type { CompletedTables, SegmentTable } from "./ports/intake-engine.ts";

/** The segments of a submission as they will be stored. */
export type WrittenTables = {
  readonly segments: ReadonlyMap<string, Pick<WrittenTable, "rows" | "sha256">>;
  /** Different people named in any segment. */
  readonly people: number;
  /** Rows of each claim segment by mark. */
  readonly marks: ReadonlyMap<string, MarkCounts>;
};

/** Writes the marks of claims into the files they are stored in. */
export function withMarks(
  tables: readonly SegmentTable[],
  { segments, people, marks }: CompletedTables,
  vault: Pick<DataVault, "widenTable">,
): WrittenTables {
  const written = new Map<string, Pick<WrittenTable, "rows" | "sha256">>(segments);
  const counts = new Map<string, MarkCounts>();
  for (const table of tables) {
    const found = marks.get(table.segment);
    if (found === undefined) continue;
    const { sha256 } = vault.widenTable(table.rows, table.file, markColumn(found));
    written.set(table.segment, { rows: found.length, sha256 });
    counts.set(table.segment, countsOf(found));
  }
  return { segments: written, people, marks: counts };
}

/** WHY a dictionary of all marks: a mark is then its place there, counted from 1. */
function markColumn(marks: Uint8Array): AddedColumn {
  const dictionary = new PackedValues();
  for (const [mark] of MARKS.entries()) dictionary.add(Uint8Array.of(mark, 0, 0, 0), 0, 4);
  return {
    column: { name: MARK_COLUMN, type: "small" },
    rows: (from, count) => ({ type: "small", slots: Uint16Array.from(marks.subarray(from, from + count)), rows: count, dictionary }),
  };
}

function countsOf(marks: Uint8Array): MarkCounts {
  const found = [0, 0, 0, 0];
  for (const mark of marks) found[mark] = (found[mark] ?? 0) + 1;
  const [superseded = 0, none = 0, part2 = 0, unknown = 0] = found;
  return { none, part2, unknown, superseded };
}
