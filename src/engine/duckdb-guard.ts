import type { GuardCounted, GuardEngine, GuardOrder } from "../app/ports/guard-engine.ts";
import type { ValidatedSegment } from "../app/ports/validation-engine.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { FilledSegment, FundingCounts } from "../core/validate/guard.ts";
import { countedElements, ssnElement } from "../core/validate/guard.ts";
import type { Duckdb } from "./duckdb.ts";
import { openDuckdb } from "./duckdb.ts";
import { keysOf, storedText } from "./duckdb-stored.ts";
import { keyShares } from "./key-shares.ts";

const PEOPLE_AT_ONCE = 2_000_000;

export const duckdbGuard: GuardEngine = {
  async count(order): Promise<GuardCounted> {
    const keys = keysOf(order.own.flatMap(({ files }) => files));
    const engine = await openDuckdb({ folders: order.folders, unordered: true, keys });
    try {
      const segments: FilledSegment[] = [];
      for (const one of order.own) segments.push(await filledOf(engine, one));
      const funding = await fundingOf(engine, order);
      return { segments, ...(funding === undefined ? {} : { funding }), idIsSsnRows: await ssnRows(engine, order) };
    } finally {
      engine.close();
    }
  },
};

const rowsText = ({ files }: ValidatedSegment): string => files.map((file) => `SELECT * FROM ${storedText(file)}`).join(" UNION ALL ");

async function filledOf(engine: Duckdb, one: ValidatedSegment): Promise<FilledSegment> {
  const names = countedElements(one.segment);
  const [counted] = await engine.rows(
    `SELECT ${["count(*)", ...names.map((name) => `count(${identifier(name)})`)].join(", ")} FROM (${rowsText(one)})`,
  );
  const filled = new Map(names.map((name, at) => [name, Number(counted?.[at + 1] ?? 0)]));
  return { segment: one.segment, rows: Number(counted?.[0] ?? 0), filled };
}

/** INVARIANT: a person of whom any row of the month is the state's alone counts as that; then whoever is not wholly known, as unknown. */
async function fundingOf(engine: Duckdb, { own, aid, month, people }: GuardOrder): Promise<FundingCounts | undefined> {
  const rows = own.find(({ segment }) => segment.id === aid?.segment);
  if (aid === undefined || rows?.segment.span === undefined) return undefined;
  const { from, to } = rows.segment.span;
  const code = `${identifier(aid.element)}::VARCHAR`;
  const isIn = (codes: readonly string[]): string =>
    codes.length === 0 ? "false" : `coalesce(${code} IN (${codes.map(literal).join(", ")}), false)`;
  const active = `${identifier(from)} <= DATE ${literal(month.to)} AND ${identifier(to)} >= DATE ${literal(month.from)}`;
  let [stateOnly, known] = [0, 0];
  for (const share of keyShares(Math.max(1, Math.ceil(people / PEOPLE_AT_ONCE)))) {
    const each = `SELECT bool_or(${isIn(aid.stateOnly)}) AS alone, bool_and(${isIn(aid.known)}) AS known FROM (${rowsText(rows)}) WHERE ${active} AND ${share} GROUP BY person_key`;
    const [counted] = await engine.rows(`SELECT count(*) FILTER (alone), count(*) FILTER (known AND NOT alone) FROM (${each})`);
    stateOnly += Number(counted?.[0] ?? 0);
    known += Number(counted?.[1] ?? 0);
  }
  return { stateOnly, unknown: people - stateOnly - known };
}

async function ssnRows(engine: Duckdb, { own, personElement }: GuardOrder): Promise<number> {
  let rows = 0;
  for (const one of own) {
    const ssn = ssnElement(one.segment);
    if (!one.person || ssn === undefined) continue;
    const [counted] = await engine.rows(
      `SELECT count(*) FROM (${rowsText(one)}) WHERE ${identifier(ssn)}::VARCHAR = ${identifier(personElement)}::VARCHAR`,
    );
    rows += Number(counted?.[0] ?? 0);
  }
  return rows;
}
