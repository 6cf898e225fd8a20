import { filterLeaves } from "./filter.ts";
import type { ClassVerdict, ColumnExtract, MaskWord, SegmentExtract, SegmentSource } from "./spec.ts";
import type { Transform } from "./transform.ts";

/** Code of `clear`. 0 releases nothing, as does every code no column names. */
export const CLEAR = 1;
const CLEAR_WORD = "clear";
const OMITTED_WORD = "omitted";

/** The codes of a segment's masks: `clear` first, the other words in order. */
export function maskCodes(segment: SegmentExtract): ReadonlyMap<MaskWord, number> {
  const words = new Set(segment.columns.flatMap(({ transforms }) => Object.keys(transforms)));
  const others = [...words].filter((word) => word !== CLEAR_WORD && word !== OMITTED_WORD).sort();
  return new Map([CLEAR_WORD, ...others].map((word, at) => [word, CLEAR + at]));
}

/** What one class gets of a column; undefined is nothing. */
export function transformFor(column: ColumnExtract, verdict: ClassVerdict | undefined): Transform | undefined {
  const word = verdict?.masks[column.category];
  if (word === undefined || word === OMITTED_WORD) return undefined;
  const transform = Object.hasOwn(column.transforms, word) ? column.transforms[word] : undefined;
  return transform?.kind === "omit" ? undefined : transform;
}

/** Whether every element the filter asks about is clear for a class: what may not be told may not select. */
function mayBeAsked(segment: SegmentExtract, verdict: ClassVerdict): boolean {
  const asked = segment.filter === undefined ? [] : filterLeaves(segment.filter);
  return asked.every(({ on }) => verdict.masks[on.category] === CLEAR_WORD);
}

export const releases = (segment: SegmentExtract, verdict: ClassVerdict): boolean =>
  mayBeAsked(segment, verdict) && segment.columns.some((column) => transformFor(column, verdict) !== undefined);

/** Class ids of a source that keep at least one column, ascending. */
export const releasedClasses = (segment: SegmentExtract, source: SegmentSource): readonly number[] =>
  source.verdicts
    .filter((verdict) => releases(segment, verdict))
    .map(({ classId }) => classId)
    .sort((a, b) => a - b);
