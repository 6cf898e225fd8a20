import type { Validated, ValidatedSegment, ValidationEngine, ValidationOrder } from "../app/ports/validation-engine.ts";
import type { HasCondition } from "../core/validate/condition.ts";
import { hasIn } from "../core/validate/condition.ts";
import type { RowTest, Rule } from "../core/validate/rule.ts";
import { conditionsOf } from "../core/validate/rule.ts";
import type { Unseen } from "../core/validate/validation.ts";
import { elementsAsked, loadAll } from "./duckdb-loaded.ts";
import { isShareMeasure, judgeUnique, measureShared, measureShares, segmentsOf } from "./duckdb-measures.ts";
import { lateText, miscountedText, outdatedText, overlapText, strayLinesText, uncoveredText } from "./duckdb-relations.ts";
import { isRowRule, judgeRows } from "./duckdb-row-rules.ts";
import { keysOf, refuseForeign } from "./duckdb-stored.ts";
import type { Tally } from "./duckdb-tally.ts";
import { countFailed } from "./duckdb-tally.ts";
import type { Duckdb } from "./duckdb.ts";
import { openDuckdb } from "./duckdb.ts";
import { keyShares } from "./key-shares.ts";

/** People whose rows are held at a time; nothing spills to disk. */
const PEOPLE_AT_ONCE = 400_000;

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

async function judged(engine: Duckdb, order: ValidationOrder): Promise<Validated> {
  const unseen = unseenOf(order);
  const isSeen = ({ id }: { readonly id: string }): boolean => !unseen.some(({ rule }) => rule === id);
  const seen = { ...order, rules: order.rules.filter(isSeen), measures: order.measures.filter(isSeen) };
  const tally: Tally = { counts: new Map(), rows: [] };
  const shares = keyShares(Math.max(1, Math.ceil(order.people / PEOPLE_AT_ONCE)));
  for (const [at, share] of shares.entries()) {
    const loaded = await loadAll(engine, seen, shares.length === 1 ? undefined : { share, first: at === 0 });
    for (const one of seen.own)
      if ((loaded.get(one.segment.id) ?? 0) > 0) await judgeRows(engine, seen.rules.filter(isRowRule), one, seen, tally);
    for (const rule of seen.rules) await judgeRelation(engine, rule, seen, loaded, tally);
    await measureShares(engine, seen.measures.filter(isShareMeasure), seen, tally);
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

/** WHY it can be: a workspace's own catalogue of the other dataset may describe less than the one the rule was written for. */
function isLacking(asked: HasCondition, beside: ValidationOrder["beside"]): boolean {
  const found = beside.get(asked.dataset ?? "")?.find(({ segment }) => segment.id === asked.segment);
  return found !== undefined && elementsAsked([asked]).some((name) => !found.segment.elements.some((element) => element.name === name));
}

/** INVARIANT: a rule that cannot be looked at is said so, and counts as neither kept nor broken. */
function unseenOf({ rules, measures, beside, update }: ValidationOrder): readonly Unseen[] {
  return [...rules, ...measures].flatMap(({ id, test }) => {
    const asked = conditionsOf(test).flatMap(hasIn);
    const missing = asked.find(({ dataset }) => dataset !== undefined && !beside.has(dataset))?.dataset;
    if (missing !== undefined) return [{ rule: id, why: `no ${missing} of this state and month can be read` }];
    const lacking = asked.find((one) => isLacking(one, beside));
    if (lacking !== undefined) return [{ rule: id, why: `the catalogue of ${lacking.dataset} lacks what it asks of ${lacking.segment}` }];
    return test.kind === "unique" && update ? [{ rule: id, why: "an update keeps rows of an earlier file" }] : [];
  });
}

async function judgeRelation(
  engine: Duckdb,
  { id, of, test }: Rule,
  order: ValidationOrder,
  loaded: ReadonlyMap<string, number>,
  tally: Tally,
): Promise<void> {
  const segments = segmentsOf(of, order).filter(({ segment }) => (loaded.get(segment.id) ?? 0) > 0);
  if (test.kind === "row" || test.kind === "unique" || segments.length === 0) return;
  const failed = await relationText(engine, test, segments, order);
  await engine.run(`CREATE OR REPLACE TEMP TABLE failed AS ${failed}`);
  const rows = segments.reduce((sum, { segment }) => sum + (loaded.get(segment.id) ?? 0), 0);
  await countFailed(engine, tally, id, rows);
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
