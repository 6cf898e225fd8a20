import type { ClaimRow } from "../core/catalog/catalogue.ts";
import type { ClaimColumns } from "../core/catalog/claim-columns.ts";
import type { SpecialCode } from "../core/catalog/special-codes.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";

/** Rows that are versions of claims or their lines: how, which of their columns hold codes, and where they are. */
export type ClaimSource = {
  readonly claim: ClaimColumns;
  readonly from: string;
};

const NEVER = literal("9999-12-31");
const ALWAYS = literal("0001-01-01");
const text = (value: string): string => `CAST(${literal(value)} AS VARCHAR)`;

/** The lists, as the table `special_codes`. */
export function codesText(codes: readonly SpecialCode[]): string {
  const rows = codes.map(
    ({ signal, code, from, to }) =>
      `(${literal(signal)}, ${literal(code)}, ${from === undefined ? ALWAYS : literal(from)}, ${to === undefined ? NEVER : literal(to)})`,
  );
  const values = rows.length === 0 ? "SELECT NULL, NULL, NULL, NULL WHERE false" : `VALUES ${rows.join(", ")}`;
  return `SELECT signal::VARCHAR AS signal, code::VARCHAR AS code, first::DATE AS first, last::DATE AS last FROM (${values}) AS v(signal, code, first, last)`;
}

/** A number of fifty characters as sixteen bytes. WHY: every claim of a submission is held in memory at once. */
export const short = (number: string): string => `md5_number(${number})`;

/** The number all versions of a claim share. */
export const numberOf = ({ original, adjusted }: ClaimRow): string => short(`coalesce(${identifier(original)}, ${identifier(adjusted)})`);

/** The version's own number. */
export const ownNumberOf = ({ original, adjusted }: ClaimRow): string =>
  short(`coalesce(${identifier(adjusted)}, ${identifier(original)})`);

/** What a header and its lines have in common, and no other version. The separator is in no value. */
export const versionOf = ({ original, adjusted, kind, decided }: ClaimRow): string =>
  short(
    `concat_ws('|', ${[original, adjusted, kind.element, decided].map((name) => `coalesce(${identifier(name)}::VARCHAR, '')`).join(", ")})`,
  );

/** The code of a column, spelt as the lists spell it. */
export function plainText(signal: string, column: string): string {
  const plain = `trim(replace(upper(${identifier(column)}), '.', ''))`;
  return signal === "drg" ? `ltrim(${plain}, '0')` : plain;
}

/** Claims with a code that counts on a day of service. WHY a missing day is every day: a code must not slip through a blank. */
export function listedText(family: readonly ClaimSource[]): string {
  const parts = family.flatMap(({ claim: { row, signals }, from: file }) => {
    const [from, to] = row.served === undefined ? ["NULL::DATE", "NULL::DATE"] : [identifier(row.served.from), identifier(row.served.to)];
    return [...new Set(signals.map(({ signal }) => signal))].map((signal) => {
      const columns = signals.filter((one) => one.signal === signal).map(({ column }) => plainText(signal, column));
      return `SELECT ${numberOf(row)} AS number, ${text(signal)} AS signal, unnest([${columns.join(", ")}]) AS code, ${from} AS since, ${to} AS until FROM ${file}`;
    });
  });
  const none =
    "SELECT NULL::UHUGEINT AS number, NULL::VARCHAR AS signal, NULL::VARCHAR AS code, NULL::DATE AS since, NULL::DATE AS until WHERE false";
  return (
    `SELECT DISTINCT number FROM (${[none, ...parts].join(" UNION ALL ")}) JOIN special_codes USING (signal, code) ` +
    `WHERE number IS NOT NULL AND coalesce(until, DATE ${NEVER}) >= first AND coalesce(since, DATE ${ALWAYS}) <= last`
  );
}

/** Whether a version voids or replaces another. */
export const adjustsText = ({ kind }: ClaimRow): string =>
  `${identifier(kind.element)} IN (${literal(kind.void)}, ${literal(kind.replacement)})`;

/** The day a version was decided, as a number. */
export const dayText = ({ decided }: ClaimRow): string =>
  `coalesce(date_diff('day', DATE '1700-01-01', ${identifier(decided)}), 0)::BIGINT`;

/** The place of a version in its file. INVARIANT: below the step of a day. */
export const placeText = `coalesce("RECORD-NUMBER", 0)`;
export const DAY_STEP = 100_000_000_000;
