import type { ValidatedSegment } from "../app/ports/validation-engine.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { DatedElement, RowTest } from "../core/validate/rule.ts";
import { ROW_COLUMNS } from "./duckdb-conditions.ts";
import { tableOf } from "./duckdb-loaded.ts";
import type { Duckdb } from "./duckdb.ts";

// Each text below gives the rows that break a relation: `segment` and the row's number.

const { person, first, last, record, version } = ROW_COLUMNS;

/** Rows of several segments as one, with the columns that all of them have. */
const rowsOf = (segments: readonly ValidatedSegment[], columns: readonly string[]): string =>
  segments
    .map(({ segment }) => `SELECT ${literal(segment.id)} AS segment, ${columns.join(", ")} FROM ${tableOf(segment.id)}`)
    .join(" UNION ALL ");

/** Rows true on a day after the one that another segment names. */
export function lateText(segments: readonly ValidatedSegment[], test: Extract<RowTest, { kind: "ends-by" }>): string {
  const day = identifier(test.element);
  const days = `SELECT ${person}, min(${day}) AS day FROM ${tableOf(test.segment)} WHERE ${day} IS NOT NULL GROUP BY 1`;
  return `SELECT segment, ${record} FROM (${rowsOf(segments, [person, last, record])}) JOIN (${days}) AS ended USING (${person}) WHERE ${last} > ended.day`;
}

/** Rows that begin on a day on which a value of theirs is not valid; of a row without a first day nothing is said. */
export const outdatedText = (segments: readonly ValidatedSegment[], { values }: Extract<RowTest, { kind: "dated" }>): string =>
  segments
    .map(({ segment: { id } }) => {
      const outside = values.filter(({ segment }) => segment === id).map(outsideText);
      return `SELECT ${literal(id)} AS segment, ${record} FROM ${tableOf(id)} WHERE ${outside.length === 0 ? "false" : outside.join(" OR ")}`;
    })
    .join(" UNION ALL ");

function outsideText({ element, value, from, to }: DatedElement): string {
  const before = from === undefined ? [] : [`${first} < DATE ${literal(from)}`];
  const after = to === undefined ? [] : [`${first} > DATE ${literal(to)}`];
  return `(${identifier(element)}::VARCHAR = ${literal(value)} AND (${[...before, ...after].join(" OR ")}))`;
}

/** Rows that begin before an earlier one of the same person and key has ended. */
export const overlapText = (segments: readonly ValidatedSegment[]): string => segments.map(overlapOf).join(" UNION ALL ");

/** WHY only who has several rows: putting all rows in order costs the most of all. */
function overlapOf({ segment, person: isPerson }: ValidatedSegment): string {
  const rows = tableOf(segment.id);
  const several = isPerson
    ? `SELECT line.* FROM ${rows} AS line SEMI JOIN (SELECT ${person} FROM ${rows} GROUP BY 1 HAVING count(*) > 1) AS several USING (${person})`
    : `SELECT * FROM ${rows}`;
  const keys = [...(isPerson ? [person] : []), ...segment.key.map(identifier)];
  const before = `max(${last}) OVER (PARTITION BY ${keys.join(", ")} ORDER BY ${first}, ${last}, ${record} ${ALL_BEFORE})`;
  return `SELECT ${literal(segment.id)} AS segment, ${record} FROM (SELECT *, ${before} AS before FROM (${several})) WHERE ${first} <= before`;
}

const ALL_BEFORE = "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING";

/**
 * Rows not covered by rows of the parent. Leaves the table `uncovered` behind.
 * WHY twice: nearly all rows lie within one row of the parent; only for the others are adjacent rows put together.
 */
export async function uncoveredText(
  engine: Pick<Duckdb, "run">,
  segments: readonly ValidatedSegment[],
  parent: ValidatedSegment,
  by: readonly string[],
): Promise<string> {
  const keys = by.length > 0 ? by.map(identifier) : [person];
  const same = keys.map((key) => `child.${key} = parent.${key}`).join(" AND ");
  const covered = `${same} AND parent.${first} <= child.${first} AND parent.${last} >= child.${last}`;
  const parents = tableOf(parent.segment.id);
  const children = rowsOf(segments, [...keys, first, last, record]);
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE uncovered AS SELECT child.* FROM (${children}) AS child ANTI JOIN ${parents} AS parent ON ${covered}`,
  );
  const key = keys.join(", ");
  const near = `SELECT parent.* FROM ${parents} AS parent SEMI JOIN uncovered AS child ON ${same}`;
  const before = `max(${last}) OVER (PARTITION BY ${key} ORDER BY ${first}, ${last} ${ALL_BEFORE})`;
  const parted = `SELECT *, CASE WHEN ${first} <= ${before} + 1 THEN 0 ELSE 1 END AS starts FROM (${near})`;
  const numbered = `SELECT *, sum(starts) OVER (PARTITION BY ${key} ORDER BY ${first}, ${last} ROWS UNBOUNDED PRECEDING) AS stretch FROM (${parted})`;
  const stretches = `SELECT ${key}, min(${first}) AS ${first}, max(${last}) AS ${last} FROM (${numbered}) GROUP BY ${key}, stretch`;
  return `SELECT child.segment, child.${record} FROM uncovered AS child ANTI JOIN (${stretches}) AS parent ON ${covered}`;
}

/** Lines without a header of the same person and version, or served on days that are not its header's. A day left blank is no limit. */
export const strayLinesText = (segments: readonly ValidatedSegment[], days: boolean): string =>
  segments.map((one) => strayLinesOf(one, days)).join(" UNION ALL ");

function strayLinesOf({ segment }: ValidatedSegment, days: boolean): string {
  const lines = `SELECT ${literal(segment.id)} AS segment, line.${record} FROM ${tableOf(segment.id)} AS line`;
  const headers = `SELECT ${person}, ${version}, min(${first}) AS since, max(${last}) AS until FROM ${tableOf(segment.claim?.header ?? "")} GROUP BY ALL`;
  const same = `line.${person} = claim.${person} AND line.${version} = claim.${version}`;
  if (!days) return `${lines} ANTI JOIN (${headers}) AS claim ON ${same}`;
  return `${lines} JOIN (${headers}) AS claim ON ${same} WHERE line.${first} < claim.since OR line.${last} > claim.until`;
}

/** Headers that count other than their lines. One that counts nothing says nothing. */
export const miscountedText = (headers: readonly ValidatedSegment[], own: readonly ValidatedSegment[], element: string): string =>
  headers.map((one) => miscountedOf(one, own, identifier(element))).join(" UNION ALL ");

function miscountedOf({ segment }: ValidatedSegment, own: readonly ValidatedSegment[], element: string): string {
  const lines = own
    .filter((one) => one.segment.claim?.header === segment.id)
    .map((one) => `SELECT ${person}, ${version} FROM ${tableOf(one.segment.id)}`);
  const counted = `SELECT ${person}, ${version}, count(*) AS lines FROM (${lines.join(" UNION ALL ")}) GROUP BY ALL`;
  return (
    `SELECT ${literal(segment.id)} AS segment, claim.${record} FROM ${tableOf(segment.id)} AS claim LEFT JOIN (${counted}) AS counted ` +
    `ON claim.${person} = counted.${person} AND claim.${version} = counted.${version} WHERE claim.${element} <> coalesce(counted.lines, 0)`
  );
}
