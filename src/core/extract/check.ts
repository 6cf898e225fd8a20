import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import { addDays } from "../base/civil-date.ts";
import type { ElementType } from "../catalog/catalogue.ts";
import { peopleQuery, segmentQuery } from "./compile.ts";
import type { ReferenceRow } from "./evaluate.ts";
import { evaluateRow } from "./evaluate.ts";
import { filterLeaves } from "./filter.ts";
import type { Select, Source } from "./query.ts";
import { column } from "./query.ts";
import { askedValues } from "./spec-check.ts";
import type { ExtractDataset, ExtractSpec, SegmentExtract, SegmentSource } from "./spec.ts";
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

/** The elements a query reads: those shown, asked about, and the span. */
function storedColumns(segment: SegmentExtract): CheckCase["columns"] {
  const asked = segment.filter === undefined ? [] : filterLeaves(segment.filter).map(({ on }) => on);
  const span = segment.span === undefined ? [] : [segment.span.from, segment.span.to];
  const named = new Map<string, ElementType>([
    ...segment.columns.map(({ element, type }): [string, ElementType] => [element, type]),
    ...asked.map(({ element, type }): [string, ElementType] => [element, type]),
    ...span.map((element): [string, ElementType] => [element, "date"]),
  ]);
  return [...named].map(([name, type]) => ({ name, type }));
}

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

type Cells = Readonly<Record<string, CellText>>;

/** Rows that differ in what a query looks at: full, empty, and for spans and filters both sides of every border. */
function checkRecords(spec: ExtractSpec, segment: SegmentExtract): readonly Cells[] {
  const columns = storedColumns(segment);
  const full: Cells = Object.fromEntries(columns.map(({ name, type }, at) => [name, sample(type, at)]));
  const empty: Cells = Object.fromEntries(columns.map(({ name }) => [name, null]));
  const active = spanCells(spec, segment);
  const filtered = filterCells(segment);
  return [full, empty].flatMap((cells) => active.flatMap((span) => filtered.map((asked) => ({ ...cells, ...span, ...asked }))));
}

function sample(type: ElementType, at: number): string {
  if (type === "date") return `19${50 + (at % 40)}-03-0${1 + (at % 9)}`;
  return type === "text" ? `${90_000 + at}-é'"` : String(at % 2 === 0 ? 37 + at : -3 - at);
}

function spanCells(spec: ExtractSpec, segment: SegmentExtract): readonly Cells[] {
  if (segment.span === undefined) return [{}];
  const { from, to } = segment.span;
  const [before, on, after] = [addDays(spec.asOf, -1), spec.asOf, addDays(spec.asOf, 1)];
  const pairs: readonly (readonly [CellText, CellText])[] = [
    [on, on],
    [before, null],
    [before, before],
    [after, null],
    [null, after],
  ];
  return pairs.map(([first, last]) => ({ [from]: first, [to]: last }));
}

/** Each asked element takes every value the filter names, one it does not, and none; bounded by varying one question at a time. */
function filterCells(segment: SegmentExtract): readonly Cells[] {
  const leaves = segment.filter === undefined ? [] : filterLeaves(segment.filter);
  if (leaves.length === 0) return [{}];
  const values = leaves.map((leaf) => ({ element: leaf.on.element, values: [...askedValues(leaf), sample(leaf.on.type, 8), null] }));
  const first: Cells = Object.fromEntries(values.map(({ element, values: of }) => [element, of[0] ?? null]));
  return values.flatMap(({ element, values: of }) => of.map((value) => ({ ...first, [element]: value })));
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
