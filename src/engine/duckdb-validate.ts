import type { FailedRow, ValidatedSegment, Validated, ValidationEngine, ValidationOrder } from "../app/ports/validation-engine.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { Condition, HasCondition } from "../core/validate/condition.ts";
import { elementsOf, hasIn, ownPart } from "../core/validate/condition.ts";
import type { MeasureTest, RowTest, Rule } from "../core/validate/rule.ts";
import { conditionsOf } from "../core/validate/rule.ts";
import type { Unseen } from "../core/validate/validation.ts";
import type { ConditionPlace } from "./duckdb-conditions.ts";
import { conditionText, ROW_COLUMNS } from "./duckdb-conditions.ts";
import { askedTable, loadAll, tableOf } from "./duckdb-loaded.ts";
import { lateText, miscountedText, outdatedText, overlapText, strayLinesText, uncoveredText } from "./duckdb-relations.ts";
import { keysOf, refuseForeign, storedText } from "./duckdb-stored.ts";
import type { Duckdb } from "./duckdb.ts";
import { openDuckdb } from "./duckdb.ts";
import { keyShares } from "./key-shares.ts";

/** People whose rows are held at a time, and rows whose values are told apart at a time; nothing spills to disk. */
const PEOPLE_AT_ONCE = 400_000;
const VALUES_AT_ONCE = 4_000_000;
/** Rows named for one rule; more would be the file once more. */
const ROWS_NAMED = 1_000;

/** Rules as set operations, one share of the people after another: no relation reaches beyond a person, or a table about nobody. */
export const duckdbValidation: ValidationEngine = {
  async validate(order): Promise<Validated> {
    const files = [...order.own, ...[...order.beside.values()].flat()].flatMap((one) => one.files);
    refuseForeign(files);
    const engine = await openDuckdb({ folders: order.folders, unordered: true, keys: keysOf(files) });
    try {
      return await judged(engine, order);
    } finally {
      engine.close();
    }
  },
};

/** Of each rule and measure: how many rows or people it looked at, and how many were found. */
type Tally = { readonly counts: Map<string, { found: number; of: number }>; readonly rows: FailedRow[] };

function add({ counts }: Tally, id: string, found: unknown, of: unknown): void {
  const count = counts.get(id) ?? { found: 0, of: 0 };
  counts.set(id, { found: count.found + Number(found ?? 0), of: count.of + Number(of ?? 0) });
}

async function judged(engine: Duckdb, order: ValidationOrder): Promise<Validated> {
  const unseen = unseenOf(order);
  const isSeen = ({ id }: { readonly id: string }): boolean => !unseen.some(({ rule }) => rule === id);
  const seen = { ...order, rules: order.rules.filter(isSeen), measures: order.measures.filter(isSeen) };
  const tally: Tally = { counts: new Map(), rows: [] };
  const shares = keyShares(Math.max(1, Math.ceil(order.people / PEOPLE_AT_ONCE)));
  for (const [at, share] of shares.entries()) {
    const loaded = await loadAll(engine, seen, shares.length === 1 ? undefined : { share, first: at === 0 });
    for (const rule of seen.rules) await judge(engine, rule, seen, loaded, tally);
    for (const { id, test } of seen.measures) if (test.kind === "share") await measureShare(engine, id, test, seen, tally);
  }
  for (const rule of seen.rules) if (rule.test.kind === "unique") await judgeUnique(engine, rule, rule.test.element, seen, tally);
  for (const { id, test } of seen.measures) if (test.kind === "shared") await measureShared(engine, id, test, seen, tally);
  const count = (id: string): { found: number; of: number } => tally.counts.get(id) ?? { found: 0, of: 0 };
  return {
    findings: seen.rules.map(({ id }) => ({ rule: id, failed: count(id).found, of: count(id).of })),
    measures: seen.measures.flatMap(({ id, test }) =>
      test.kind === "missing" ? [] : [{ rule: id, counted: count(id).found, of: count(id).of }],
    ),
    unseen,
    rows: tally.rows,
  };
}

const segmentsOf = (ids: readonly string[], { own }: ValidationOrder): readonly ValidatedSegment[] =>
  own.filter(({ segment }) => ids.includes(segment.id));

/** INVARIANT: a rule that cannot be looked at is said so, and counts as neither kept nor broken. */
function unseenOf({ rules, measures, beside, update }: ValidationOrder): readonly Unseen[] {
  return [...rules, ...measures].flatMap(({ id, test }) => {
    const asked = conditionsOf(test).flatMap(hasIn);
    const missing = asked.find(({ dataset }) => dataset !== undefined && !beside.has(dataset))?.dataset;
    if (missing !== undefined) return [{ rule: id, why: `no ${missing} of this state and month is stored` }];
    return test.kind === "unique" && update ? [{ rule: id, why: "an update keeps rows of an earlier file" }] : [];
  });
}

const { person, first, last, record } = ROW_COLUMNS;
const EVER = "DATE '0001-01-01'";
const NEVER = "DATE '9999-12-31'";

async function judge(engine: Duckdb, rule: Rule, order: ValidationOrder, loaded: ReadonlyMap<string, number>, tally: Tally): Promise<void> {
  const segments = segmentsOf(rule.of, order).filter(({ segment }) => (loaded.get(segment.id) ?? 0) > 0);
  const { test } = rule;
  if (test.kind === "row") for (const one of segments) await judgeRows(engine, rule, test, one, order, tally);
  if (test.kind === "row" || test.kind === "unique" || segments.length === 0) return;
  const failed = await relationText(engine, test, segments, order);
  await engine.run(`CREATE OR REPLACE TEMP TABLE failed AS ${failed}`);
  const of = segments.reduce((sum, { segment }) => sum + (loaded.get(segment.id) ?? 0), 0);
  await countFailed(engine, rule, of, tally);
}

async function relationText(
  engine: Duckdb,
  test: Exclude<RowTest, { kind: "row" | "unique" }>,
  segments: readonly ValidatedSegment[],
  order: ValidationOrder,
): Promise<string> {
  if (test.kind === "apart") return overlapText(segments);
  if (test.kind === "dated") return outdatedText(segments, test);
  if (test.kind === "ends-by") return lateText(segments, test);
  if (test.kind === "of-claim") return strayLinesText(segments, test.days);
  if (test.kind === "line-count") return miscountedText(segments, order.own, test.element);
  const parent = order.own.find(({ segment }) => segment.id === test.parent);
  // WHY no rows then: the parser has seen that a book's parent is in the same catalogue as its children.
  return parent === undefined ? "SELECT '' AS segment, 0 AS record_number WHERE false" : uncoveredText(engine, segments, parent, test.by);
}

async function judgeRows(
  engine: Duckdb,
  rule: Rule,
  test: Extract<RowTest, { kind: "row" }>,
  { segment }: ValidatedSegment,
  order: ValidationOrder,
  tally: Tally,
): Promise<void> {
  const { rows, place } = await baseOf(engine, `SELECT * FROM ${tableOf(segment.id)}`, conditionsOf(test), test.when, order);
  const among = test.when === undefined ? "true" : conditionText(test.when, place);
  const broken = `SELECT ${literal(segment.id)} AS segment, ${record}, NOT ${conditionText(test.must, place)} AS broken FROM ${rows} WHERE ${among}`;
  await engine.run(`CREATE OR REPLACE TEMP TABLE looked_at AS ${broken}`);
  const [counted] = await engine.rows("SELECT count(*) FROM looked_at");
  await engine.run("CREATE OR REPLACE TEMP TABLE failed AS SELECT * FROM looked_at WHERE broken");
  await countFailed(engine, rule, Number(counted?.[0] ?? 0), tally);
}

/** Adds what is in the table `failed` to the tally, and names some of its rows. */
async function countFailed(engine: Duckdb, { id }: Rule, of: number, tally: Tally): Promise<void> {
  const [counted] = await engine.rows("SELECT count(*) FROM failed");
  const room = ROWS_NAMED - (tally.counts.get(id)?.found ?? 0);
  add(tally, id, counted?.[0], of);
  if (Number(counted?.[0] ?? 0) === 0 || room <= 0) return;
  for (const [segment, number] of await engine.rows(`SELECT segment, ${record} FROM failed ORDER BY ALL LIMIT ${room}`))
    tally.rows.push({ segment: String(segment), record: String(number), rule: id });
}

/** Rows that conditions can be asked of, and how they are asked. */
type Base = { readonly rows: string; readonly place: ConditionPlace };

/**
 * WHY a table of its own only where conditions ask for other rows: those are looked up by place, and copying costs most of the time.
 * INVARIANT: it holds every row that meets `when`.
 */
async function baseOf(
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

async function measureShare(
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

async function judgeUnique(engine: Duckdb, rule: Rule, element: string, order: ValidationOrder, tally: Tally): Promise<void> {
  for (const values of valuesOf(segmentsOf(rule.of, order), `TRY_CAST(${identifier(element)} AS BIGINT) AS value`, order)) {
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE repeated AS SELECT segment, value, count(*) AS times FROM (${values}) GROUP BY ALL HAVING count(*) > 1`,
    );
    await engine.run(`CREATE OR REPLACE TEMP TABLE failed AS SELECT segment, value AS ${record} FROM repeated, range(times - 1)`);
    const [counted] = await engine.rows(`SELECT count(*) FROM (${values})`);
    await countFailed(engine, rule, Number(counted?.[0] ?? 0), tally);
  }
}

async function measureShared(
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
