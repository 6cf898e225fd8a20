import { rmSync } from "node:fs";
import type { PlainPipes, StoredFile, WrittenTable } from "../app/ports/data-vault.ts";
import { type SegmentTable, waitingFile } from "../app/ports/intake-engine.ts";
import type { ClaimRow } from "../core/catalog/catalogue.ts";
import type { SpecialCode } from "../core/catalog/special-codes.ts";
import type { MarkCounts } from "../core/catalog/special-mark.ts";
import { MARK_COLUMN, MARKS } from "../core/catalog/special-mark.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { ClaimSource } from "./claim-text.ts";
import {
  adjustsText,
  codesText,
  DAY_STEP,
  dayText,
  listedText,
  numberOf,
  ownNumberOf,
  placeText,
  plainText,
  short,
  versionOf,
} from "./claim-text.ts";
import type { Duckdb } from "./duckdb.ts";
import { groupRows } from "../core/parquet/group-rows.ts";
import { copyStored, placedText, storedText } from "./duckdb-stored.ts";

type ClaimTable = SegmentTable & { readonly claim: NonNullable<SegmentTable["claim"]> };

/** Where the rows of a claim segment wait for their marks. */
export const unmarkedFile = ({ file }: Pick<SegmentTable, "file">): StoredFile => waitingFile(file, "unmarked");

export type MarkedSegment = { readonly counts: MarkCounts; readonly file: WrittenTable };

/**
 * Gives every row of the claim segments its mark and writes their final files.
 * INVARIANT: one listed code on any row of a claim, in any of its versions, marks them all. `none` needs a current header that
 * names a code of the telling signal; whatever else is current is `unknown`. A row that is not current has no mark.
 */
export async function markClaims(
  engine: Duckdb,
  tables: readonly SegmentTable[],
  codes: readonly SpecialCode[],
  pipes: PlainPipes,
): Promise<ReadonlyMap<string, MarkedSegment>> {
  const claims = tables.filter((table): table is ClaimTable => table.claim !== undefined);
  const marks = new Map<string, MarkedSegment>();
  await engine.run(`CREATE OR REPLACE TEMP TABLE special_codes AS ${codesText(codes)}`);
  for (const header of claims.filter(({ claim }) => claim.row.header === undefined)) {
    const family = claims.filter((table) => table === header || table.claim.row.header === header.segment);
    await engine.run(`CREATE OR REPLACE TEMP TABLE protected_claims AS ${protectedText(header, family)}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE adjusted_claims AS ${adjustedText(header)}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE current_versions AS ${currentText(header)}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE told_claims AS ${toldText(codes)}`);
    for (const table of family) marks.set(table.segment, await writeMarked(engine, table, pipes));
  }
  return marks;
}

const sourceOf = ({ claim, ...table }: ClaimTable): ClaimSource => ({ claim, from: storedText(unmarkedFile(table)) });
const file = (table: SegmentTable): string => storedText(unmarkedFile(table));

/** Claims with a listed code, and whatever adjusts a version of them, in a chain of any length. */
function protectedText({ claim: { row }, ...header }: ClaimTable, family: readonly ClaimTable[]): string {
  const [original, adjusted] = [identifier(row.original), identifier(row.adjusted)];
  const next = `SELECT ${short(adjusted)} FROM ${file(header)} JOIN chain ON chain.number = ${short(original)} WHERE ${adjusted} IS NOT NULL`;
  return `WITH RECURSIVE chain(number) AS (${listedText(family.map(sourceOf))} UNION ${next}) SELECT number FROM chain`;
}

/** Where a version stands among the versions of its claim: by the day it was decided, then by its place in the file. An original is first. */
const orderText = (row: ClaimRow): string => `CASE WHEN ${adjustsText(row)} THEN ${dayText(row)} * ${DAY_STEP} + ${placeText} ELSE -1 END`;

/** For each number that a void or replacement adjusts, the last of them. */
const adjustedText = ({ claim: { row }, ...table }: ClaimTable): string =>
  `SELECT ${short(identifier(row.original))} AS number, max(${orderText(row)}) AS last FROM ${file(table)} ` +
  `WHERE ${orderText(row)} >= 0 AND ${identifier(row.original)} IS NOT NULL GROUP BY 1`;

/**
 * Header versions that nothing later adjusts, neither under the claim's first number nor under the version's own; voids left out.
 * `told`: whether every such row names a code of the telling signal.
 */
function currentText({ claim: { row, signals }, ...table }: ClaimTable): string {
  const telling = signals
    .filter(({ signal }) => signal === row.toldBy)
    .map(({ signal, column }) => `coalesce(${plainText(signal, column)}, '') <> ''`);
  return (
    `SELECT ${versionOf(row)} AS version, any_value(${numberOf(row)}) AS number, bool_and(${telling.length === 0 ? "false" : telling.join(" OR ")}) AS told ` +
    `FROM ${file(table)} LEFT JOIN adjusted_claims AS first ON first.number = ${short(identifier(row.original))} ` +
    `LEFT JOIN adjusted_claims AS own ON own.number = ${ownNumberOf(row)} ` +
    `WHERE ${identifier(row.kind.element)} IS DISTINCT FROM ${literal(row.kind.void)} ` +
    `AND coalesce(first.last, -1) <= ${orderText(row)} AND coalesce(own.last, -1) <= ${orderText(row)} GROUP BY 1`
  );
}

/** Claims whose current headers all tell. Without lists nothing tells. */
const toldText = (codes: readonly SpecialCode[]): string =>
  `SELECT number FROM current_versions WHERE ${codes.length > 0} AND number IS NOT NULL GROUP BY number HAVING bool_and(told)`;

/** The mark of each row, by its place. WHY lines follow their header by all of its key, as CMS joins them: a line of an earlier version must not pass for this one's. */
const rowMarksText = (table: ClaimTable): string =>
  `SELECT file_row_number AS place, (CASE WHEN current.told IS NULL THEN NULL WHEN listed.number IS NOT NULL THEN 1 ` +
  `WHEN clean.number IS NOT NULL THEN 0 ELSE 2 END)::TINYINT AS mark ` +
  `FROM ${placedText(unmarkedFile(table))} ` +
  `LEFT JOIN current_versions AS current ON current.version = ${versionOf(table.claim.row)} ` +
  `LEFT JOIN protected_claims AS listed ON listed.number = ${numberOf(table.claim.row)} ` +
  `LEFT JOIN told_claims AS clean ON clean.number = ${numberOf(table.claim.row)} ORDER BY place`;

/**
 * WHY by place: a join of whole rows would hold a whole segment in memory.
 * INVARIANT: a row that met another's mark has none, and so is released by nothing.
 */
async function writeMarked(engine: Duckdb, table: ClaimTable, pipes: PlainPipes): Promise<MarkedSegment> {
  await engine.run(`CREATE OR REPLACE TEMP TABLE row_marks AS ${rowMarksText(table)}`);
  const marked =
    `SELECT record.* EXCLUDE (file_row_number), CASE WHEN record.file_row_number = row_marks.place THEN row_marks.mark END::INTEGER AS ${identifier(MARK_COLUMN)} ` +
    `FROM ${placedText(unmarkedFile(table))} AS record POSITIONAL JOIN row_marks`;
  const copied = await copyStored(engine, marked, {
    out: await pipes.encrypted(table.file),
    groupRows: groupRows(table.columns),
  });
  rmSync(unmarkedFile(table).path);
  const counts = await engine.rows(`SELECT ${identifier(MARK_COLUMN)}, count(*) FROM ${storedText(table.file)} GROUP BY 1`);
  const count = (code: number | null): number =>
    Number(counts.find(([found]) => (found === null ? null : Number(found)) === code)?.[1] ?? 0);
  const [standing] = await engine.rows("SELECT count(mark) FROM row_marks");
  const written = counts.reduce((sum, [found, rows]) => sum + (found === null ? 0 : Number(rows)), 0);
  if (Number(standing?.[0]) !== written)
    throw new ProblemError(problem("E_BUG", `${table.segment}: the engine lost the place of its rows`));
  const [none, part2, unknown] = MARKS.map((_, code) => count(code));
  return { file: copied, counts: { none: none ?? 0, part2: part2 ?? 0, unknown: unknown ?? 0, superseded: count(null) } };
}
