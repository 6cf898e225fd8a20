import type { ValidatedSegment, ValidationOrder } from "../app/ports/validation-engine.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import { elementsOf, hasIn } from "../core/validate/condition.ts";
import type { Measure, MeasureTest, Rule } from "../core/validate/rule.ts";
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

type ShareMeasure = Measure & { readonly test: Extract<MeasureTest, { kind: "share" }> };
export const isShareMeasure = (measure: Measure): measure is ShareMeasure => measure.test.kind === "share";

/** Counts people for the measures of each segment: those that look at its rows alone in one reading, the others one by one. */
export async function measureShares(
  engine: Duckdb,
  measures: readonly ShareMeasure[],
  order: ValidationOrder,
  tally: Tally,
): Promise<void> {
  const asksOthers = ({ test }: ShareMeasure): boolean => conditionsOf(test).flatMap(hasIn).length > 0;
  for (const of of new Set(measures.map(({ test }) => test.of))) {
    const own = measures.filter(({ test }) => test.of === of);
    const plain = own.filter((measure) => !asksOthers(measure));
    for (const together of [plain, ...own.filter(asksOthers).map((measure) => [measure])])
      if (together.length > 0) await measureTogether(engine, of, together, order, tally);
  }
}

/** WHY by person first: several counts of different people over all rows cost as much as the rows each. */
async function measureTogether(
  engine: Duckdb,
  of: string,
  measures: readonly ShareMeasure[],
  order: ValidationOrder,
  tally: Tally,
): Promise<void> {
  const day = `DATE ${literal(order.lastDay)}`;
  const conditions = measures.flatMap(({ test }) => conditionsOf(test));
  const kept = [person, record, ...new Set(conditions.flatMap(elementsOf).map(identifier))];
  const onDay = `SELECT ${kept.join(", ")}, ${day} AS ${first}, ${day} AS ${last} FROM ${tableOf(of)} WHERE ${first} <= ${day} AND ${last} >= ${day}`;
  const { rows, place } = await baseOf(engine, onDay, conditions, measures.length === 1 ? measures[0]?.test.among : undefined, order);
  const told = measures.map(({ test }, at) => {
    const among = test.among === undefined ? "true" : conditionText(test.among, place);
    return `bool_or(${among}) AS among_${at}, bool_or(${among} AND ${conditionText(test.share, place)}) AS hit_${at}`;
  });
  const people = `SELECT ${told.join(", ")} FROM ${rows} WHERE ${person} IS NOT NULL GROUP BY ${person}`;
  const counts = measures.map((_, at) => `count(*) FILTER (hit_${at}), count(*) FILTER (among_${at})`);
  const [counted = []] = await engine.rows(`SELECT ${counts.join(", ")} FROM (${people})`);
  for (const [at, { id }] of measures.entries()) add(tally, id, counted[2 * at], counted[2 * at + 1]);
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
