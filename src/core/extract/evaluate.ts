import { MARK_COLUMN } from "../catalog/special-mark.ts";
import { filterHolds } from "./filter.ts";
import { releases, transformFor } from "./mask.ts";
import type { ClassVerdict, ExtractSpec, SegmentExtract, SegmentSource } from "./spec.ts";
import type { CellText, Transform } from "./transform.ts";
import { transformed } from "./transform.ts";

/** What becomes of a class's rows: nothing at all, or per element its transform, undefined where it is withheld. */
export type ClassRelease = { readonly released: false } | { readonly released: true; readonly columns: readonly (Transform | undefined)[] };

/** The verdict on one class, read off the spec without any SQL. */
export function evaluateExtract(segment: SegmentExtract, source: SegmentSource, classId: number | null, mark?: CellText): ClassRelease {
  const isOf = (of: ClassVerdict): boolean => segment.marked !== true || (mark !== null && of.mark === Number(mark));
  const verdict = source.verdicts.find((candidate) => candidate.classId === classId && isOf(candidate));
  if (verdict === undefined || !releases(segment, verdict)) return { released: false };
  return { released: true, columns: segment.columns.map((column) => transformFor(column, verdict)) };
}

/** A row of a segment as text, with the class of its person: null when it has none. */
export type ReferenceRow = {
  readonly classId: number | null;
  readonly pseudonym: string;
  readonly cells: Readonly<Record<string, CellText>>;
};

/** What the extract must make of one row; undefined when the row must not appear. */
export function evaluateRow(
  spec: ExtractSpec,
  segment: SegmentExtract,
  source: SegmentSource,
  row: ReferenceRow,
): readonly CellText[] | undefined {
  const cellOf = (element: string): CellText => row.cells[element] ?? null;
  const release = evaluateExtract(segment, source, row.classId, cellOf(MARK_COLUMN));
  const asked = segment.filter === undefined || filterHolds(segment.filter, cellOf) === true;
  if (!release.released || !asked || !isTrueOn(spec.asOf, segment, cellOf)) return undefined;
  const cells = segment.columns.map(({ element }, at) => {
    const transform = release.columns[at];
    return transform === undefined ? null : transformed(transform, cellOf(element), row.pseudonym);
  });
  return spec.pseudonym ? [row.pseudonym, ...cells] : cells;
}

/** A row without a first day is true on no day; one without a last day still is. */
function isTrueOn(day: string, segment: SegmentExtract, cellOf: (element: string) => CellText): boolean {
  if (segment.span === undefined) return true;
  const [from, to] = [cellOf(segment.span.from), cellOf(segment.span.to)];
  return from !== null && from <= day && (to === null || to >= day);
}
