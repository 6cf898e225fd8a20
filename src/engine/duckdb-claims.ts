import type { SegmentTable } from "../app/ports/intake-engine.ts";
import type { ClaimRow } from "../core/catalog/catalogue.ts";
import type { SpecialCode } from "../core/catalog/special-codes.ts";
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
import { placedText, storedText } from "./duckdb-stored.ts";

/** A segment, and how many rows it has. */
type SizedTable = SegmentTable & { readonly count: number };
type ClaimTable = SizedTable & { readonly claim: NonNullable<SegmentTable["claim"]> };

/**
 * The mark of every row of the claim segments, one share of the claims after another: no version reaches beyond its claim.
 * INVARIANT: one listed code on any row of a claim, in any of its versions, marks them all. `none` needs a current header that
 * names a code of the telling signal; whatever else is current is `unknown`. A row that is not current has no mark.
 */
export async function markClaims(
  engine: Duckdb,
  tables: readonly SizedTable[],
  codes: readonly SpecialCode[],
  claimsAtOnce: number,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const claims = tables.filter((table): table is ClaimTable => table.claim !== undefined);
  const marks = new Map<string, Uint8Array>();
  if (claims.length === 0) return marks;
  await engine.run(`CREATE OR REPLACE TEMP TABLE special_codes AS ${codesText(codes)}`);
  for (const header of claims.filter(({ claim }) => claim.row.header === undefined)) {
    const family = claims.filter((table) => table === header || table.claim.row.header === header.segment);
    await engine.run(`CREATE OR REPLACE TEMP TABLE protected_claims AS ${protectedText(header, family)}`);
    await engine.run(`CREATE OR REPLACE TEMP TABLE adjusted_claims AS ${adjustedText(header)}`);
    const shares = Math.max(1, Math.ceil(header.count / claimsAtOnce));
    for (const table of family) marks.set(table.segment, new Uint8Array(table.count).fill(UNSEEN));
    for (let at = 0; at < shares; at += 1) {
      const share: Share = { at, of: shares };
      await engine.run(`CREATE OR REPLACE TEMP TABLE current_versions AS ${currentText(header, share)}`);
      await engine.run(`CREATE OR REPLACE TEMP TABLE told_claims AS ${toldText(codes)}`);
      for (const table of family) await markRows(engine, table, share, marks.get(table.segment) ?? new Uint8Array(0));
    }
  }
  for (const [segment, found] of marks) requireAll(segment, found);
  return marks;
}

/** Stands for a row whose mark is not known yet. */
const UNSEEN = 255;

type Share = { readonly at: number; readonly of: number };

/** Whether a row is of a claim of the share. A row without any number is of the first. */
const sharedText = ({ original, adjusted }: ClaimRow, { at, of }: Share): string =>
  of === 1 ? "true" : `coalesce(md5_number_lower(coalesce(${identifier(original)}, ${identifier(adjusted)})), 0) % ${of} = ${at}`;

const sourceOf = ({ claim, rows }: ClaimTable): ClaimSource => ({ claim, from: storedText(rows) });
const file = ({ rows }: Pick<ClaimTable, "rows">): string => storedText(rows);

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
function currentText({ claim: { row, signals }, ...table }: ClaimTable, share: Share): string {
  const telling = signals
    .filter(({ signal }) => signal === row.toldBy)
    .map(({ signal, column }) => `coalesce(${plainText(signal, column)}, '') <> ''`);
  return (
    `SELECT ${versionOf(row)} AS version, any_value(${numberOf(row)}) AS number, bool_and(${telling.length === 0 ? "false" : telling.join(" OR ")}) AS told ` +
    `FROM ${file(table)} LEFT JOIN adjusted_claims AS first ON first.number = ${short(identifier(row.original))} ` +
    `LEFT JOIN adjusted_claims AS own ON own.number = ${ownNumberOf(row)} ` +
    `WHERE ${sharedText(row, share)} AND ${identifier(row.kind.element)} IS DISTINCT FROM ${literal(row.kind.void)} ` +
    `AND coalesce(first.last, -1) <= ${orderText(row)} AND coalesce(own.last, -1) <= ${orderText(row)} GROUP BY 1`
  );
}

/** Claims whose current headers all tell. Without lists nothing tells. */
const toldText = (codes: readonly SpecialCode[]): string =>
  `SELECT number FROM current_versions WHERE ${codes.length > 0} AND number IS NOT NULL GROUP BY number HAVING bool_and(told)`;

/** The mark of each row, by its place. WHY lines follow their header by all of its key, as CMS joins them: a line of an earlier version must not pass for this one's. */
const rowMarksText = ({ claim: { row }, rows }: ClaimTable, share: Share): string =>
  `SELECT file_row_number::UINTEGER, (CASE WHEN current.told IS NULL THEN 0 WHEN listed.number IS NOT NULL THEN ${PART2} ` +
  `WHEN clean.number IS NOT NULL THEN ${NONE} ELSE ${UNKNOWN} END)::UTINYINT ` +
  `FROM ${placedText(rows)} ` +
  `LEFT JOIN current_versions AS current ON current.version = ${versionOf(row)} ` +
  `LEFT JOIN protected_claims AS listed ON listed.number = ${numberOf(row)} ` +
  `LEFT JOIN told_claims AS clean ON clean.number = ${numberOf(row)} WHERE ${sharedText(row, share)}`;

const [NONE, PART2, UNKNOWN] = [1, 2, 3] as const satisfies readonly [number, number, number];

async function markRows(engine: Duckdb, table: ClaimTable, share: Share, marks: Uint8Array): Promise<void> {
  for await (const [places, found] of engine.numbers(rowMarksText(table, share)))
    for (let at = 0; at < places.length; at += 1) marks[places[at] ?? 0] = found[at] ?? 0;
}

/** INVARIANT: a row that the engine did not mark stops the intake. */
function requireAll(segment: string, marks: Uint8Array): void {
  if (marks.includes(UNSEEN)) throw new ProblemError(problem("E_BUG", `${segment}: the engine lost the place of its rows`));
}
