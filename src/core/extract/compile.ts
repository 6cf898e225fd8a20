import type { ColumnExtract, ExtractDataset, ExtractSpec, SegmentExtract, SegmentSource } from "./spec.ts";
import { PSEUDONYM_COLUMN } from "./spec.ts";
import { MARK_COLUMN } from "../catalog/special-mark.ts";
import type { Filter, FilterElement } from "./filter.ts";
import { filterLeaves } from "./filter.ts";
import { CLEAR, maskCodes, releasedClasses, releases } from "./mask.ts";
import type { Expression, NamedExpression, Operator, Select, Source } from "./query.ts";
import { column, compare, number } from "./query.ts";
import type { OutputType, Transform } from "./transform.ts";
import { outputType } from "./transform.ts";

/** The people of one dataset who may appear at all, with class and pseudonym: made once, joined to every segment. */
export const PEOPLE_TABLE = "writ_people";

/** A part of a dataset's people by the first bits of their (pseudonymous) key, so that memory stays bounded. */
export type Slice = { readonly index: number; readonly of: number };

/** Slices are powers of two so that their borders are exact. */
const PEOPLE_PER_SLICE = 1_000_000;
const HIGHEST_UUID_PREFIX = 2 ** 32;

export function slicesOf(dataset: ExtractDataset): readonly Slice[] {
  const of = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, dataset.people) / PEOPLE_PER_SLICE)));
  return Array.from({ length: of }, (_, index) => ({ index, of }));
}

/** Builds PEOPLE_TABLE. INVARIANT: holds nobody whose class releases nothing in every segment. */
export function peopleQuery(spec: ExtractSpec, dataset: ExtractDataset, slice: Slice, classes?: Source): Select {
  const source: Source = classes ?? { kind: "submission", dataset: dataset.digest, file: dataset.classesFile };
  const key = column("classes", "person_key");
  const pseudonym: Expression = named(spec) ? { kind: "pseudonym", of: key } : { kind: "value", type: "uuid", text: null };
  const released = new Set(
    spec.segments.flatMap((segment) => segment.sources.filter(isOf(dataset)).flatMap((of) => releasedClasses(segment, of))),
  );
  return {
    columns: [
      { as: "person_key", value: key },
      { as: "pseudonym", value: pseudonym },
      { as: "class_id", value: column("classes", "class_id") },
    ],
    from: { source, alias: "classes" },
    joins: [
      {
        source: { kind: "values", columns: ["class_id"], rows: [...released].sort((a, b) => a - b).map((id) => [id]) },
        alias: "released",
        on: { left: column("released", "class_id"), right: column("classes", "class_id") },
      },
    ],
    where: sliceBorders(named(spec) ? pseudonym : key, slice),
    order: [],
  };
}

/** Whether any cell holds a pseudonym. WHY else NULL: the person's key itself must have no way into a file. */
const named = (spec: ExtractSpec): boolean =>
  spec.pseudonym || spec.segments.some(({ columns }) => columns.some(({ transforms }) => Object.values(transforms).some(isPseudonym)));

const isPseudonym = ({ kind }: Transform): boolean => kind === "pseudonym";

const isOf =
  (dataset: ExtractDataset) =>
  (source: SegmentSource): boolean =>
    source.dataset === dataset.digest;

function sliceBorders(name: Expression, slice: Slice): readonly Expression[] {
  const border = (index: number, op: Operator): readonly Expression[] => {
    if (index === 0 || index === slice.of) return [];
    const prefix = ((HIGHEST_UUID_PREFIX / slice.of) * index).toString(16).padStart(8, "0");
    return [compare(op, name, { kind: "value", type: "uuid", text: `${prefix}-0000-0000-0000-000000000000` })];
  };
  return [...border(slice.index, ">="), ...border(slice.index + 1, "<")];
}

/** The rows one dataset contributes to a segment's file; undefined when no class of it releases anything. */
export function segmentQuery(spec: ExtractSpec, segment: SegmentExtract, of: SegmentSource, rows?: Source): Select | undefined {
  const verdicts = verdictTable(segment, of);
  if (verdicts.rows.length === 0) return undefined;
  const person: NamedExpression = { as: PSEUDONYM_COLUMN, value: column("person", "pseudonym") };
  return {
    columns: [...(spec.pseudonym ? [person] : []), ...segment.columns.map((of) => ({ as: of.element, value: cell(segment, of) }))],
    from: { source: rows ?? storedRows(of), alias: "record" },
    joins: [
      {
        source: { kind: "table", name: PEOPLE_TABLE },
        alias: "person",
        on: { left: column("person", "person_key"), right: column("record", "person_key") },
      },
      {
        source: verdicts,
        alias: "verdict",
        on: { left: column("verdict", "class_id"), right: column("person", "class_id") },
      },
    ],
    where: [...markHolds(segment), somethingLeft(segment), ...filterClear(segment), ...spanHolds(spec, segment), ...filterAsked(segment)],
    order: spec.pseudonym ? [column("person", "pseudonym")] : [],
  };
}

const storedRows = ({ dataset, file, marksFile }: SegmentSource): Source => ({
  kind: "submission",
  dataset,
  file,
  ...(marksFile === undefined ? {} : { marksFile }),
});

/** One row a class, and mark, that releases something: its id, then one mask code a category in the order of `categoriesOf`. */
function verdictTable(segment: SegmentExtract, of: SegmentSource): Extract<Source, { kind: "values" }> {
  const codes = maskCodes(segment);
  const categories = categoriesOf(segment);
  const rows = of.verdicts
    .filter((verdict) => releases(segment, verdict))
    .map(({ classId, mark, masks }) => [
      classId,
      ...(mark === undefined ? [] : [mark]),
      ...categories.map((category) => codes.get(masks[category] ?? "omitted") ?? 0),
    ]);
  const marks = segment.marked === true ? ["mark"] : [];
  return { kind: "values", columns: ["class_id", ...marks, ...categories.map((_, at) => `mask_${at}`)], rows };
}

/** INVARIANT: a row without a mark equals no verdict's. */
const markHolds = (segment: SegmentExtract): readonly Expression[] =>
  segment.marked === true ? [compare("=", column("verdict", "mark"), column("record", MARK_COLUMN))] : [];

/** The categories whose masks decide over a segment, sorted. */
export function categoriesOf(segment: SegmentExtract): readonly string[] {
  const asked = segment.filter === undefined ? [] : filterLeaves(segment.filter).map(({ on }) => on.category);
  return [...new Set([...segment.columns.map(({ category }) => category), ...asked])].sort();
}

const maskOf = (segment: SegmentExtract, category: string): Expression =>
  column("verdict", `mask_${categoriesOf(segment).indexOf(category)}`);

/** Branches of a column by mask code, those that release nothing left out. */
function branches(segment: SegmentExtract, of: ColumnExtract): readonly { readonly code: number; readonly transform: Transform }[] {
  return [...maskCodes(segment)].flatMap(([word, code]) => {
    const transform = of.transforms[word];
    return transform === undefined || transform.kind === "omit" ? [] : [{ code, transform }];
  });
}

// INVARIANT: no branch without a code; a code the column does not name, and NULL, give NULL.
function cell(segment: SegmentExtract, of: ColumnExtract): Expression {
  const type = outputType(of.type, Object.values(of.transforms));
  const chosen = branches(segment, of).map(({ code, transform }) => ({ code, then: transformExpression(of, transform, type) }));
  return chosen.length === 0 ? { kind: "value", type, text: null } : { kind: "choice", of: maskOf(segment, of.category), branches: chosen };
}

function transformExpression(of: ColumnExtract, transform: Transform, type: OutputType): Expression {
  const value = column("record", of.element);
  switch (transform.kind) {
    case "clear":
      return type === of.type ? value : { kind: "text", of: value };
    case "omit":
      return { kind: "value", type, text: null };
    case "year":
      return { kind: "year", of: value };
    case "zip3":
      return { kind: "zip3", of: value, sparse: transform.sparse };
    case "band":
      return { kind: "band", of: value, width: transform.width };
    case "pseudonym": {
      const pseudonym = column("person", "pseudonym");
      return type === "uuid" ? pseudonym : { kind: "text", of: pseudonym };
    }
  }
}

/** WHY again, though the verdict table lists releasing classes only: a damaged code must drop the row, not empty it. */
function somethingLeft(segment: SegmentExtract): Expression {
  const released = segment.columns.flatMap((of) => branches(segment, of).map(({ code }) => ({ category: of.category, code })));
  const byCategory = [...new Set(released.map(({ category }) => category))].map((category): Expression => {
    const codes = new Set(released.filter((pair) => pair.category === category).map(({ code }) => code));
    return { kind: "in", of: maskOf(segment, category), values: [...codes].map(number) };
  });
  return { kind: "or", of: byCategory };
}

function filterClear(segment: SegmentExtract): readonly Expression[] {
  const asked = segment.filter === undefined ? [] : filterLeaves(segment.filter).map(({ on }) => on.category);
  return [...new Set(asked)].map((category) => compare("=", maskOf(segment, category), number(CLEAR)));
}

function spanHolds(spec: ExtractSpec, segment: SegmentExtract): readonly Expression[] {
  if (segment.span === undefined) return [];
  const [from, to] = [column("record", segment.span.from), column("record", segment.span.to)];
  const on: Expression = { kind: "value", type: "date", text: spec.asOf };
  return [compare("<=", from, on), { kind: "or", of: [compare(">=", to, on), { kind: "not", of: { kind: "present", of: to } }] }];
}

const filterAsked = (segment: SegmentExtract): readonly Expression[] =>
  segment.filter === undefined ? [] : [filterExpression(segment.filter)];

const OPERATORS: Readonly<Record<string, Operator>> = { eq: "=", ne: "<>", lt: "<", le: "<=", gt: ">", ge: ">=" };

function filterExpression(filter: Filter): Expression {
  switch (filter.kind) {
    case "and":
    case "or":
      return { kind: filter.kind, of: filter.of.map(filterExpression) };
    case "not":
      return { kind: "not", of: filterExpression(filter.of) };
    case "present":
      return { kind: "present", of: column("record", filter.on.element) };
    case "compare":
      return compare(OPERATORS[filter.op] ?? "=", column("record", filter.on.element), asked(filter.on, filter.value));
    case "in":
      return { kind: "in", of: column("record", filter.on.element), values: filter.values.map((value) => asked(filter.on, value)) };
  }
}

const asked = (on: FilterElement, text: string): Expression => ({ kind: "value", type: on.type, text });
