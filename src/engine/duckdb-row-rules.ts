import type { ValidatedSegment, ValidationOrder } from "../app/ports/validation-engine.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { Condition, HasCondition } from "../core/validate/condition.ts";
import { elementsOf, hasIn, ownPart } from "../core/validate/condition.ts";
import type { Rule, RowTest } from "../core/validate/rule.ts";
import { conditionsOf } from "../core/validate/rule.ts";
import type { ConditionPlace } from "./duckdb-conditions.ts";
import { conditionText, ROW_COLUMNS } from "./duckdb-conditions.ts";
import { askedTable, tableOf } from "./duckdb-loaded.ts";
import type { Tally } from "./duckdb-tally.ts";
import { addFailed } from "./duckdb-tally.ts";
import type { Duckdb } from "./duckdb.ts";

const { person, first, last, record } = ROW_COLUMNS;
const EVER = "DATE '0001-01-01'";
const NEVER = "DATE '9999-12-31'";

export type RowRule = Rule & { readonly test: Extract<RowTest, { kind: "row" }> };
export const isRowRule = (rule: Rule): rule is RowRule => rule.test.kind === "row";

/** Judges rules of one segment's rows: those that look at the row alone in one reading, the others one by one. */
export async function judgeRows(
  engine: Duckdb,
  rules: readonly RowRule[],
  one: ValidatedSegment,
  order: ValidationOrder,
  tally: Tally,
): Promise<void> {
  const own = rules.filter(({ of }) => of.includes(one.segment.id));
  const asksOthers = ({ test }: RowRule): boolean => conditionsOf(test).flatMap(hasIn).length > 0;
  const table = `SELECT * FROM ${tableOf(one.segment.id)}`;
  const plain = own.filter((rule) => !asksOthers(rule));
  await judgeOf(engine, plain, await baseOf(engine, table, [], undefined, order), one, tally);
  for (const rule of own.filter(asksOthers)) {
    const base = await baseOf(engine, table, conditionsOf(rule.test), rule.test.when, order);
    await judgeOf(engine, [rule], base, one, tally);
  }
}

async function judgeOf(
  engine: Duckdb,
  rules: readonly RowRule[],
  { rows, place }: Base,
  { segment }: ValidatedSegment,
  tally: Tally,
): Promise<void> {
  if (rules.length === 0) return;
  const asked = rules.map(({ id, test }) => {
    const among = test.when === undefined ? "true" : conditionText(test.when, place);
    return { id, among, broken: `${among} AND NOT ${conditionText(test.must, place)}` };
  });
  const counts = asked.map(({ among, broken }) => `count(*) FILTER (${among}), count(*) FILTER (${broken})`);
  const [counted = []] = await engine.rows(`SELECT ${counts.join(", ")} FROM ${rows}`);
  for (const [at, { id, broken }] of asked.entries()) {
    const text = `SELECT ${literal(segment.id)} AS segment, ${record} FROM ${rows} WHERE ${broken}`;
    await addFailed(engine, tally, id, { of: Number(counted[2 * at] ?? 0), failed: Number(counted[2 * at + 1] ?? 0), text });
  }
}

/** Rows that conditions can be asked of, and how they are asked. */
type Base = { readonly rows: string; readonly place: ConditionPlace };

/**
 * WHY a table of its own only where conditions ask for other rows: those are looked up by place, and copying costs most of the time.
 * INVARIANT: it holds every row that meets `when`.
 */
export async function baseOf(
  engine: Duckdb,
  rows: string,
  conditions: readonly Condition[],
  when: Condition | undefined,
  { lastDay, stateCodes }: ValidationOrder,
): Promise<Base> {
  const asked = conditions.flatMap(hasIn);
  const place: ConditionPlace = { lastDay, stateCodes, has: (one) => `rowid IN (SELECT place FROM ${hitsTable(asked.indexOf(one))})` };
  if (asked.length === 0) return { rows: `(${rows})`, place };
  const own = when === undefined ? "true" : conditionText(ownPart(when), place);
  const columns = [person, first, last, record, ...new Set(conditions.flatMap(elementsOf).map(identifier))];
  await engine.run(`CREATE OR REPLACE TEMP TABLE base AS SELECT ${columns.join(", ")} FROM (${rows}) WHERE ${own}`);
  for (const [at, one] of asked.entries()) await engine.run(hitsText(at, one, place));
  return { rows: "base", place };
}

const hitsTable = (at: number): string => identifier(`hits ${at}`);

/** The places in `base` whose person, or value, such a row has, true on a day on which theirs is. A day left blank is no limit. */
function hitsText(at: number, asked: HasCondition, place: ConditionPlace): string {
  const { where, by } = asked;
  const that = where === undefined ? "true" : conditionText(where, place);
  const [own, theirs] = by === undefined ? [person, person] : [`${identifier(by.own)}::VARCHAR`, `${identifier(by.theirs)}::VARCHAR`];
  const others = `SELECT ${theirs} AS same, coalesce(${first}, ${EVER}) AS since, coalesce(${last}, ${NEVER}) AS until FROM ${askedTable(asked)} WHERE ${that}`;
  const meet = `base.${own} = other.same AND other.since <= coalesce(base.${last}, ${NEVER}) AND other.until >= coalesce(base.${first}, ${EVER})`;
  return `CREATE OR REPLACE TEMP TABLE ${hitsTable(at)} AS SELECT DISTINCT base.rowid AS place FROM base JOIN (${others}) AS other ON ${meet}`;
}
