import { addDays, civilDate } from "../base/civil-date.ts";
import { MARK_COLUMN, MARKS } from "../catalog/special-mark.ts";
import type { ElementType } from "../catalog/catalogue.ts";
import { filterLeaves } from "./filter.ts";
import { askedValues } from "./spec-check.ts";
import type { ExtractSpec, SegmentExtract } from "./spec.ts";
import type { CellText } from "./transform.ts";

export type Cells = Readonly<Record<string, CellText>>;

/** Rows that show how the questions of a filter work together; above this, they are varied one at a time. */
const COMBINATIONS = 64;

/** The columns a query reads: elements shown and asked about, the span, the mark. */
export function storedColumns(segment: SegmentExtract): readonly { readonly name: string; readonly type: ElementType }[] {
  const asked = segment.filter === undefined ? [] : filterLeaves(segment.filter).map(({ on }) => on);
  const span = segment.span === undefined ? [] : [segment.span.from, segment.span.to];
  const named = new Map<string, ElementType>([
    ...segment.columns.map(({ element, type }): [string, ElementType] => [element, type]),
    ...asked.map(({ element, type }): [string, ElementType] => [element, type]),
    ...span.map((element): [string, ElementType] => [element, "date"]),
    ...(segment.marked === true ? ([[MARK_COLUMN, "integer"]] as const) : []),
  ]);
  return [...named].map(([name, type]) => ({ name, type }));
}

/** Rows that differ in what a query looks at: full and empty ones, both sides of every border of span and filter. */
export function checkRecords(spec: ExtractSpec, segment: SegmentExtract): readonly Cells[] {
  const records = unmarkedRecords(spec, segment);
  return segment.marked === true ? records.flatMap((cells) => CHECKED_MARKS.map((mark) => ({ ...cells, [MARK_COLUMN]: mark }))) : records;
}

/** Every mark, none, and one nobody has heard of. */
const CHECKED_MARKS: readonly CellText[] = [...MARKS.map((_, code) => String(code)), null, String(MARKS.length)];

function unmarkedRecords(spec: ExtractSpec, segment: SegmentExtract): readonly Cells[] {
  const columns = storedColumns(segment);
  const full: Cells = Object.fromEntries(columns.map(({ name, type }, at) => [name, sample(type, at)]));
  const empty: Cells = Object.fromEntries(columns.map(({ name }) => [name, null]));
  const [spans, asked] = [spanCells(spec, segment), filterCells(segment)];
  const [active = {}, matching = {}] = [spans[0], asked[0]];
  return [
    ...spans.map((span) => ({ ...full, ...matching, ...span })),
    ...asked.map((cells) => ({ ...full, ...active, ...cells })),
    { ...empty, ...active, ...matching },
    { ...empty, ...active },
  ];
}

function sample(type: ElementType, at: number): string {
  if (type === "date") return `19${50 + (at % 40)}-03-0${1 + (at % 9)}`;
  return type === "text" ? `${90_000 + at}-é'"` : String(at % 2 === 0 ? 37 + at : -3 - at);
}

/** The first is true on the day. */
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

/** Each asked element takes the values the filter names, their neighbours on both sides, and none; the first has all the named ones. */
function filterCells(segment: SegmentExtract): readonly Cells[] {
  const byElement = new Map<string, Set<CellText>>();
  for (const leaf of segment.filter === undefined ? [] : filterLeaves(segment.filter)) {
    const { element, type } = leaf.on;
    const values = askedValues(leaf);
    const known = byElement.get(element) ?? new Set();
    byElement.set(element, known);
    for (const value of [...values, ...values.flatMap((of) => neighbours(type, of)), sample(type, 8), null]) known.add(value);
  }
  const choices = [...byElement].map(([element, values]) => ({ element, values: [...values] }));
  const combinations = choices.reduce((count, { values }) => count * values.length, 1);
  return combinations <= COMBINATIONS ? product(choices) : oneAtATime(choices);
}

type Choice = { readonly element: string; readonly values: readonly CellText[] };

const product = (choices: readonly Choice[]): readonly Cells[] =>
  choices.reduce<readonly Cells[]>(
    (rows, { element, values }) => rows.flatMap((row) => values.map((of) => ({ ...row, [element]: of }))),
    [{}],
  );

/** From two rows: one with all the named values, one with the last that are none of them. */
function oneAtATime(choices: readonly Choice[]): readonly Cells[] {
  const bases = [0, -2].map((at) => Object.fromEntries(choices.map(({ element, values }) => [element, values.at(at) ?? null])));
  return bases.flatMap((base) => [base, ...choices.flatMap(({ element, values }) => values.map((of) => ({ ...base, [element]: of })))]);
}

function neighbours(type: ElementType, value: string): readonly string[] {
  if (type === "text") return [`${value}0`, [...value].slice(0, -1).join("")];
  if (type === "date") {
    const date = civilDate(value);
    return date.ok ? [addDays(date.value, -1), addDays(date.value, 1)] : [];
  }
  return [String(BigInt(value) - 1n), String(BigInt(value) + 1n)];
}
