import type { ValidatedSegment, ValidationOrder } from "../app/ports/validation-engine.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import { elementsOf } from "../core/validate/condition.ts";
import type { MeasureTest, Rule } from "../core/validate/rule.ts";
import { conditionsOf } from "../core/validate/rule.ts";
import { conditionText, ROW_COLUMNS } from "./duckdb-conditions.ts";
import { tableOf } from "./duckdb-loaded.ts";
import { baseOf } from "./duckdb-row-rules.ts";
import { storedText } from "./duckdb-stored.ts";
import type { Tally } from "./duckdb-tally.ts";
import { add, countFailed } from "./duckdb-tally.ts";
import type { Duckdb } from "./duckdb.ts";

/** Values told apart at a time; nothing spills to disk. */
const VALUES_AT_ONCE = 4_000_000;

const { person, first, last, record } = ROW_COLUMNS;

export const segmentsOf = (ids: readonly string[], { own }: ValidationOrder): readonly ValidatedSegment[] =>
  own.filter(({ segment }) => ids.includes(segment.id));

export async function measureShare(
  engine: Duckdb,
  id: string,
  test: Extract<MeasureTest, { kind: "share" }>,
  order: ValidationOrder,
  tally: Tally,
): Promise<void> {
  const day = `DATE ${literal(order.lastDay)}`;
  const kept = [person, record, ...new Set(conditionsOf(test).flatMap(elementsOf).map(identifier))];
  const onDay = `SELECT ${kept.join(", ")}, ${day} AS ${first}, ${day} AS ${last} FROM ${tableOf(test.of)} WHERE ${first} <= ${day} AND ${last} >= ${day}`;
  const { rows, place } = await baseOf(engine, onDay, conditionsOf(test), test.among, order);
  const among = test.among === undefined ? "true" : conditionText(test.among, place);
  const hits = `SELECT ${person}, ${conditionText(test.share, place)} AS hit FROM ${rows} WHERE ${among}`;
  const [counted] = await engine.rows(`SELECT count(DISTINCT ${person}) FILTER (hit), count(DISTINCT ${person}) FROM (${hits})`);
  add(tally, id, counted?.[0], counted?.[1]);
}

/** One column of all rows of some segments, in shares of its values. */
function valuesOf(segments: readonly ValidatedSegment[], columns: string, { mostRows }: ValidationOrder): readonly string[] {
  const parts = segments.flatMap(({ segment, files }) =>
    files.map((file) => `SELECT ${literal(segment.id)} AS segment, ${columns} FROM ${storedText(file)}`),
  );
  const count = Math.max(1, Math.ceil((mostRows * segments.length) / VALUES_AT_ONCE));
  const shares = Array.from({ length: count }, (_, at) => (count === 1 ? "value IS NOT NULL" : `hash(value) % ${count} = ${at}`));
  return parts.length === 0 ? [] : shares.map((share) => `SELECT * FROM (${parts.join(" UNION ALL ")}) WHERE ${share}`);
}

export async function judgeUnique(engine: Duckdb, rule: Rule, element: string, order: ValidationOrder, tally: Tally): Promise<void> {
  for (const values of valuesOf(segmentsOf(rule.of, order), `TRY_CAST(${identifier(element)} AS BIGINT) AS value`, order)) {
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE repeated AS SELECT segment, value, count(*) AS times FROM (${values}) GROUP BY ALL HAVING count(*) > 1`,
    );
    await engine.run(`CREATE OR REPLACE TEMP TABLE failed AS SELECT segment, value AS ${record} FROM repeated, range(times - 1)`);
    const [counted] = await engine.rows(`SELECT count(*) FROM (${values})`);
    await countFailed(engine, tally, rule.id, Number(counted?.[0] ?? 0));
  }
}

export async function measureShared(
  engine: Duckdb,
  id: string,
  { of, element }: Extract<MeasureTest, { kind: "shared" }>,
  order: ValidationOrder,
  tally: Tally,
): Promise<void> {
  for (const values of valuesOf(segmentsOf([of], order), `${identifier(element)} AS value, person_key`, order)) {
    const each = `SELECT value, min(person_key) < max(person_key) AS several FROM (${values}) GROUP BY 1`;
    const [counted] = await engine.rows(`SELECT count(*) FILTER (several), count(*) FROM (${each}) WHERE value IS NOT NULL`);
    add(tally, id, counted?.[0], counted?.[1]);
  }
}
