import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { ElementType } from "../catalog/catalogue.ts";
import { peopleQuery, segmentQuery } from "./compile.ts";
import type { ReferenceRow } from "./evaluate.ts";
import { evaluateRow } from "./evaluate.ts";
import type { Select, Source } from "./query.ts";
import { column } from "./query.ts";
import type { ExtractDataset, ExtractSpec, SegmentExtract, SegmentSource } from "./spec.ts";
import { checkRecords, storedColumns } from "./check-records.ts";
import type { CellText } from "./transform.ts";

/** Tables a check puts in the place of the stored files. */
export const CHECK_CLASSES = "writ_check_classes";
export const CHECK_RECORDS = "writ_check_records";
/** Names each synthetic row in what comes out. */
export const CHECK_ROW = "writ_check_row";

export type CheckRow = ReferenceRow & {
  readonly personKey: string;
  /** Whether the classes file names the person at all. */ readonly listed: boolean;
};

/** One run of the very queries of an extract over synthetic rows: every class, no class, an unheard-of class. */
export type CheckCase = {
  readonly segment: string;
  readonly columns: readonly { readonly name: string; readonly type: ElementType }[];
  readonly rows: readonly CheckRow[];
  readonly people: Select;
  readonly records: Select;
  /** By row: its cells as text, or undefined where the row must not appear. */
  readonly expected: readonly (readonly CellText[] | undefined)[];
};

export type PseudonymOf = (personKey: string) => string;

const WHOLE = { index: 0, of: 1 } as const;

/** The check of one source of a segment; undefined when the source has no query, as no class of it releases anything. */
export function checkCase(
  spec: ExtractSpec,
  dataset: ExtractDataset,
  segment: SegmentExtract,
  source: SegmentSource,
  pseudonymOf: PseudonymOf,
): CheckCase | undefined {
  const query = segmentQuery(spec, segment, source, table(CHECK_RECORDS));
  if (query === undefined) return undefined;
  const rows = checkRows(spec, dataset, segment, pseudonymOf);
  return {
    segment: segment.segment,
    columns: storedColumns(segment),
    rows,
    people: peopleQuery(spec, dataset, WHOLE, table(CHECK_CLASSES)),
    records: { ...query, columns: [...query.columns, { as: CHECK_ROW, value: column("record", CHECK_ROW) }] },
    expected: rows.map((row) => evaluateRow(spec, segment, source, row)),
  };
}

const table = (name: string): Source => ({ kind: "table", name });

function checkRows(spec: ExtractSpec, dataset: ExtractDataset, segment: SegmentExtract, pseudonymOf: PseudonymOf): readonly CheckRow[] {
  const known = [...new Set(dataset.classes)];
  const unheard = known.reduce((most, id) => Math.max(most, id), 0) + 1;
  const holders = [...[...known, unheard, -1, null].map((classId) => ({ classId, listed: true })), { classId: null, listed: false }];
  const records = checkRecords(spec, segment);
  return holders.flatMap(({ classId, listed }, at) => {
    const personKey = `${(at + 1).toString(16).padStart(8, "0")}-7772-4974-8000-${"0".repeat(12)}`;
    return records.map((cells) => ({ classId, listed, personKey, pseudonym: pseudonymOf(personKey), cells }));
  });
}

/** Compares what came out, by row, with what the verdict says. INVARIANT: names rows by class only; all values are synthetic. */
export function checkProblems(of: CheckCase, found: ReadonlyMap<number, readonly CellText[]>, returned: number): readonly Problem[] {
  const wrong = of.rows.filter((_, at) => !sameCells(of.expected[at], found.get(at)));
  const classes = [...new Set(wrong.map(({ classId, listed }) => (listed ? String(classId) : "none")))];
  if (classes.length === 0 && returned === found.size) return [];
  const message = `${of.segment}: the query does not release what the verdict says for class ${classes.join(", ") || "of a repeated row"}`;
  return [problem("E_CHECK", message, { hint: "nothing was released; please report it with the plan" })];
}

const sameCells = (a: readonly CellText[] | undefined, b: readonly CellText[] | undefined): boolean =>
  a === undefined || b === undefined ? a === b : a.length === b.length && a.every((cell, at) => cell === b[at]);
