import { problem, ProblemError } from "../base/problem.ts";
import type { Expression, Join, Select, Source } from "./query.ts";
import { CLEARED_ELSEWHERE } from "../catalog/claim-table.ts";
import { MARK_COLUMN } from "../catalog/special-mark.ts";
import { isStorable } from "./stored-text.ts";
import type { OutputType } from "./transform.ts";

/** Where a stored file lies, for whoever runs the text; the name within the store, for whoever reads it. */
export type Locate = (dataset: string, file: string) => Located;
/** A file, and the name under which the engine knows its key. Text that is only read names no key. */
export type Located = { readonly path: string; readonly keyName?: string };

/** The SQL function that stands for the release's pseudonym. Its key is never part of the text. */
export const PSEUDONYM_FUNCTION = "writ_pseudonym";

const TYPES: Readonly<Record<OutputType, string>> = { text: "VARCHAR", date: "DATE", integer: "BIGINT", cents: "BIGINT", uuid: "UUID" };

export const sqlType = (type: OutputType): string => TYPES[type];

/** A name as DuckDB reads it back, whatever it holds. Throws on NUL, which no name of a file can hold. */
export const identifier = (name: string): string => `"${whole(name).replaceAll('"', '""')}"`;

/** Text as DuckDB reads it back. */
export const literal = (text: string): string => `'${whole(text).replaceAll("'", "''")}'`;

function whole(text: string): string {
  if (isStorable(text)) return text;
  throw new ProblemError(problem("E_SHAPE", "a name or value holds a NUL or half a character", { hint: "remove it" }));
}

/** The text of a query for DuckDB 1.5. Equal trees print equal text. */
export function printSelect(select: Select, locate: Locate): string {
  const columns = select.columns.map(({ as, value }) => `${print(value)} AS ${identifier(as)}`);
  const lines = [
    `SELECT ${columns.join(",\n       ")}`,
    `FROM ${printSource(select.from.source, select.from.alias, locate)}`,
    ...select.joins.map((join) => printJoin(join, locate)),
    ...(select.where.length > 0 ? [`WHERE ${select.where.map(print).join("\n  AND ")}`] : []),
    ...(select.order.length > 0 ? [`ORDER BY ${select.order.map(print).join(", ")}`] : []),
  ];
  return lines.join("\n");
}

const printJoin = (join: Join, locate: Locate): string =>
  `INNER JOIN ${printSource(join.source, join.alias, locate)} ON ${print(join.on.left)} = ${print(join.on.right)}`;

function printSource(source: Source, alias: string, locate: Locate): string {
  switch (source.kind) {
    case "table":
      return `${identifier(source.name)} AS ${identifier(alias)}`;
    case "submission":
      return `${printStored(source, locate)} AS ${identifier(alias)}`;
    case "values": {
      const names = source.columns.map(identifier).join(", ");
      const rows = source.rows.map((row) => `(${row.map(whollyNumber).join(", ")})`);
      // WHY: an empty VALUES is no SQL, and an empty list of classes must still join to nothing.
      const none = `SELECT ${source.columns.map(() => "NULL::INTEGER").join(", ")} WHERE false`;
      return `(${rows.length > 0 ? `VALUES ${rows.join(", ")}` : none}) AS ${identifier(alias)} (${names})`;
    }
  }
}

/** INVARIANT: a change of a mark that would release what the stored one does not leaves no mark. */
function printStored({ dataset, file, marksFile }: Extract<Source, { kind: "submission" }>, locate: Locate): string {
  if (marksFile === undefined) return printFile(locate(dataset, file));
  const { was, now } = CLEARED_ELSEWHERE;
  const mark = identifier(MARK_COLUMN);
  const left = `CASE WHEN later.place IS NULL THEN stored.${mark} WHEN later.mark = ${now} AND stored.${mark} = ${was} THEN ${now} END`;
  return (
    `(SELECT stored.* EXCLUDE (file_row_number) REPLACE (${left} AS ${mark}) FROM ${printFile(locate(dataset, file), true)} AS stored ` +
    `LEFT JOIN ${printFile(locate(dataset, marksFile))} AS later ON later.place = stored.file_row_number)`
  );
}

/** A file as a source of rows; `place` asks for each row's place in it too, as `file_row_number`. */
export function printFile({ path, keyName }: Located, place: boolean = false): string {
  const key = keyName === undefined ? "" : `, encryption_config = {footer_key: ${literal(keyName)}}`;
  return `read_parquet(${literal(path)}${key}${place ? ", file_row_number = true" : ""})`;
}

function whollyNumber(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  throw new ProblemError(problem("E_BUG", "a code is no whole number"));
}

function print(node: Expression): string {
  switch (node.kind) {
    case "column":
      return `${identifier(node.of)}.${identifier(node.name)}`;
    case "number":
      return whollyNumber(node.value);
    case "value":
      return node.text === null ? `CAST(NULL AS ${TYPES[node.type]})` : `CAST(${literal(node.text)} AS ${TYPES[node.type]})`;
    case "choice":
      return `CASE ${print(node.of)}${node.branches.map(({ code, then }) => ` WHEN ${whollyNumber(code)} THEN ${print(then)}`).join("")} END`;
    case "compare":
      return `${print(node.left)} ${node.op} ${print(node.right)}`;
    case "in":
      return node.values.length === 0 ? "CAST(NULL AS BOOLEAN)" : `${print(node.of)} IN (${node.values.map(print).join(", ")})`;
    case "and":
    case "or":
      return printJunction(node.kind, node.of);
    case "not":
    case "present":
      return node.kind === "not" ? `(NOT ${print(node.of)})` : `(${print(node.of)} IS NOT NULL)`;
    default:
      return printFunction(node);
  }
}

function printJunction(kind: "and" | "or", of: readonly Expression[]): string {
  if (of.length === 0) return kind === "and" ? "true" : "false";
  return `(${of.map(print).join(kind === "and" ? " AND " : " OR ")})`;
}

type FunctionNode = Extract<Expression, { kind: "text" | "year" | "pseudonym" } | { kind: "zip3" } | { kind: "band" }>;

function printFunction(node: FunctionNode): string {
  const of = print(node.of);
  switch (node.kind) {
    case "text":
      return `CAST(${of} AS VARCHAR)`;
    case "year":
      return `left(CAST(${of} AS VARCHAR), -6)`;
    case "pseudonym":
      return `${PSEUDONYM_FUNCTION}(${of})`;
    case "zip3": {
      const area = `left(${of}, 3)`;
      return node.sparse.length === 0 ? area : `CASE WHEN ${area} IN (${node.sparse.map(literal).join(", ")}) THEN '000' ELSE ${area} END`;
    }
    case "band": {
      const width = whollyNumber(node.width);
      const start = `(${of} - ((${of} % ${width}) + ${width}) % ${width})`;
      return `(CAST(${start} AS VARCHAR) || '-' || CAST(${start} + ${width} - 1 AS VARCHAR))`;
    }
  }
}
