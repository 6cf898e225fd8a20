import { rmSync } from "node:fs";
import type { SegmentTable } from "../app/ports/intake-engine.ts";
import type { ClaimRow } from "../core/catalog/catalogue.ts";
import type { SpecialCode } from "../core/catalog/special-codes.ts";
import type { MarkCounts } from "../core/catalog/special-mark.ts";
import { MARK_COLUMN, MARKS } from "../core/catalog/special-mark.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { Duckdb } from "./duckdb.ts";

type ClaimTable = SegmentTable & { readonly claim: NonNullable<SegmentTable["claim"]> };

/** Where the rows of a claim segment wait for their marks: beside the spool, which goes when the intake ends. */
export const unmarkedFile = (table: SegmentTable): string => `${table.spoolFile}.parquet`;

/**
 * Gives every row of the claim segments its mark and writes their final files.
 * INVARIANT: one listed code on any row of a claim, in any of its versions, marks them all. `none` needs a current header that
 * names a code of the telling signal; whatever else is current is `unknown`. A row that is not current has no mark.
 */
export async function markClaims(
  engine: Duckdb,
  tables: readonly SegmentTable[],
  codes: readonly SpecialCode[],
): Promise<ReadonlyMap<string, MarkCounts>> {
  const claims = tables.filter((table): table is ClaimTable => table.claim !== undefined);
  const marks = new Map<string, MarkCounts>();
  await engine.run(`CREATE OR REPLACE TEMP TABLE special_codes AS ${codesText(codes)}`);
  for (const header of claims.filter(({ claim }) => claim.row.header === undefined)) {
    const family = claims.filter((table) => table === header || table.claim.row.header === header.segment);
    await engine.run(`CREATE OR REPLACE TEMP TABLE protected_claims AS ${protectedText(header, family)}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE adjusted_claims AS ${adjustedText(header)}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE current_versions AS ${currentText(header)}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE told_claims AS ${toldText(codes)}`);
    for (const table of family) marks.set(table.segment, await writeMarked(engine, table));
  }
  return marks;
}

const NEVER = literal("9999-12-31");
const ALWAYS = literal("0001-01-01");
const text = (value: string): string => `CAST(${literal(value)} AS VARCHAR)`;
const file = (table: SegmentTable): string => `read_parquet(${literal(unmarkedFile(table))})`;

function codesText(codes: readonly SpecialCode[]): string {
  const rows = codes.map(
    ({ signal, code, from, to }) =>
      `(${literal(signal)}, ${literal(code)}, ${from === undefined ? ALWAYS : literal(from)}, ${to === undefined ? NEVER : literal(to)})`,
  );
  const values = rows.length === 0 ? "SELECT NULL, NULL, NULL, NULL WHERE false" : `VALUES ${rows.join(", ")}`;
  return `SELECT signal::VARCHAR AS signal, code::VARCHAR AS code, first::DATE AS first, last::DATE AS last FROM (${values}) AS v(signal, code, first, last)`;
}

/** The number all versions of a claim share. */
const numberOf = ({ original, adjusted }: ClaimRow, of = ""): string =>
  `coalesce(${of}${identifier(original)}, ${of}${identifier(adjusted)})`;

/** The code of a column, spelt as the lists spell it. */
function plainText(signal: string, column: string): string {
  const plain = `trim(replace(upper(${identifier(column)}), '.', ''))`;
  return signal === "drg" ? `ltrim(${plain}, '0')` : plain;
}

/** Claims with a listed code, and whatever adjusts a version of them, in a chain of any length. */
function protectedText({ claim: { row }, ...header }: ClaimTable, family: readonly ClaimTable[]): string {
  const next = `SELECT ${identifier(row.adjusted)} FROM ${file(header)} JOIN chain ON chain.number = ${identifier(row.original)} WHERE ${identifier(row.adjusted)} IS NOT NULL`;
  return `WITH RECURSIVE chain(number) AS (${listedText(family)} UNION ${next}) SELECT number FROM chain`;
}

/** Claims with a code that counts on a day of service. WHY a missing day is every day: a code must not slip through a blank. */
function listedText(family: readonly ClaimTable[]): string {
  const parts = family.flatMap((table) => {
    const { row, signals } = table.claim;
    const [from, to] = row.served === undefined ? ["NULL::DATE", "NULL::DATE"] : [identifier(row.served.from), identifier(row.served.to)];
    return [...new Set(signals.map(({ signal }) => signal))].map((signal) => {
      const columns = signals.filter((one) => one.signal === signal).map(({ column }) => plainText(signal, column));
      return `SELECT ${numberOf(row)} AS number, ${text(signal)} AS signal, unnest([${columns.join(", ")}]) AS code, ${from} AS since, ${to} AS until FROM ${file(table)}`;
    });
  });
  const none =
    "SELECT NULL::VARCHAR AS number, NULL::VARCHAR AS signal, NULL::VARCHAR AS code, NULL::DATE AS since, NULL::DATE AS until WHERE false";
  return (
    `SELECT DISTINCT number FROM (${[none, ...parts].join(" UNION ALL ")}) JOIN special_codes USING (signal, code) ` +
    `WHERE number IS NOT NULL AND coalesce(until, DATE ${NEVER}) >= first AND coalesce(since, DATE ${ALWAYS}) <= last`
  );
}

/** Where a version stands among the versions of its claim: by the day it was decided, then by its place in the file. An original is first. */
function orderText({ kind, decided }: ClaimRow): string {
  const adjusts = `${identifier(kind.element)} IN (${literal(kind.void)}, ${literal(kind.replacement)})`;
  const day = `coalesce(date_diff('day', DATE '1700-01-01', ${identifier(decided)}), 0)`;
  return `CASE WHEN ${adjusts} THEN ${day}::BIGINT * 100000000000 + coalesce("RECORD-NUMBER", 0) ELSE -1 END`;
}

/** For each number that a void or replacement adjusts, the last of them. */
const adjustedText = ({ claim: { row }, ...table }: ClaimTable): string =>
  `SELECT ${identifier(row.original)} AS number, max(${orderText(row)}) AS last FROM ${file(table)} ` +
  `WHERE ${orderText(row)} >= 0 AND ${identifier(row.original)} IS NOT NULL GROUP BY 1`;

const keyOf = ({ original, adjusted, kind, decided }: ClaimRow): readonly string[] =>
  [original, adjusted, kind.element, decided].map(identifier);
const KEY = ["original", "adjusted", "kind", "decided"] as const;

/**
 * Header versions that nothing later adjusts, neither under the claim's first number nor under the version's own; voids left out.
 * `told`: whether every such row names a code of the telling signal.
 */
function currentText({ claim: { row, signals }, ...table }: ClaimTable): string {
  const key = keyOf(row);
  const own = `coalesce(${identifier(row.adjusted)}, ${identifier(row.original)})`;
  const telling = signals
    .filter(({ signal }) => signal === row.toldBy)
    .map(({ signal, column }) => `coalesce(${plainText(signal, column)}, '') <> ''`);
  const names = KEY.map((name, at) => `${key[at] ?? ""} AS ${name}`);
  return (
    `SELECT ${names.join(", ")}, any_value(${numberOf(row)}) AS number, bool_and(${telling.length === 0 ? "false" : telling.join(" OR ")}) AS told ` +
    `FROM ${file(table)} LEFT JOIN adjusted_claims AS first ON first.number = ${identifier(row.original)} ` +
    `LEFT JOIN adjusted_claims AS own ON own.number = ${own} ` +
    `WHERE ${identifier(row.kind.element)} IS DISTINCT FROM ${literal(row.kind.void)} ` +
    `AND coalesce(first.last, -1) <= ${orderText(row)} AND coalesce(own.last, -1) <= ${orderText(row)} GROUP BY ALL`
  );
}

/** Claims whose current headers all tell. Without lists nothing tells. */
const toldText = (codes: readonly SpecialCode[]): string =>
  `SELECT number FROM current_versions WHERE ${codes.length > 0} AND number IS NOT NULL GROUP BY number HAVING bool_and(told)`;

/** WHY lines follow their header by all four of the key, as CMS joins them: a line of an earlier version must not pass for this one's. */
async function writeMarked(engine: Duckdb, table: ClaimTable): Promise<MarkCounts> {
  const { row } = table.claim;
  const same = keyOf(row).map((column, at) => `version.${KEY[at] ?? ""} IS NOT DISTINCT FROM record.${column}`);
  const number = numberOf(row, "record.");
  const mark = `CASE WHEN version.told IS NULL THEN NULL WHEN listed.number IS NOT NULL THEN 1 WHEN clean.number IS NOT NULL THEN 0 ELSE 2 END`;
  const marked =
    `SELECT record.*, (${mark})::INTEGER AS ${identifier(MARK_COLUMN)} FROM ${file(table)} AS record ` +
    `LEFT JOIN current_versions AS version ON ${same.join(" AND ")} ` +
    `LEFT JOIN protected_claims AS listed ON listed.number = ${number} LEFT JOIN told_claims AS clean ON clean.number = ${number}`;
  await engine.run(`COPY (${marked}) TO ${literal(table.parquetFile)} (FORMAT parquet, COMPRESSION zstd)`);
  rmSync(unmarkedFile(table));
  const counts = await engine.rows(
    `SELECT ${identifier(MARK_COLUMN)}, count(*) FROM read_parquet(${literal(table.parquetFile)}) GROUP BY 1`,
  );
  const count = (code: number | null): number =>
    Number(counts.find(([found]) => (found === null ? null : Number(found)) === code)?.[1] ?? 0);
  const [none, part2, unknown] = MARKS.map((_, code) => count(code));
  return { none: none ?? 0, part2: part2 ?? 0, unknown: unknown ?? 0, superseded: count(null) };
}
