import { availableParallelism } from "node:os";
import type { SegmentCount } from "../app/ports/engine.ts";
import { slicesOf } from "../core/extract/compile.ts";
import type { ExtractDataset, ExtractSpec } from "../core/extract/spec.ts";

/** Cells of two parts that may be made at once. WHY bounded: the engine holds a part, sorted, in memory. */
const CELLS_AT_ONCE = 7_000_000;
const LANES = 2;

/** Rows a dataset contributes to a segment, by the plan's count. */
export function countedRows(counts: readonly SegmentCount[], segment: string, dataset: ExtractDataset): number {
  const classes = counts.find((count) => count.segment === segment)?.classes ?? [];
  return classes.filter((of) => of.dataset === dataset.digest).reduce((sum, { rows }) => sum + rows, 0);
}

/**
 * How many parts an extract makes at once: two of different segments, where any two fit into memory.
 * WHY at all: while one waits for its sealing, or ends on a single thread, the other reads and sorts.
 */
export function lanesOf(spec: ExtractSpec, counts: readonly SegmentCount[]): number {
  const cells = spec.segments.map(({ segment, columns }) => {
    const parts = spec.datasets.map((of) => (countedRows(counts, segment, of) / slicesOf(of).length) * (columns.length + 1));
    return Math.max(0, ...parts);
  });
  const [largest = 0, second = 0] = [...cells].sort((a, b) => b - a);
  return cells.length >= LANES && largest + second <= CELLS_AT_ONCE ? LANES : 1;
}

/** Threads of an engine that runs so many statements at once. WHY fewer: each statement also runs on a thread of its own. */
export const threadsFor = (lanes: number): number => Math.max(1, availableParallelism() - lanes + 1);
