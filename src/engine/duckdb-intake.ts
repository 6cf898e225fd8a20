import { rmSync } from "node:fs";
import type { PlainPipes, WrittenTable } from "../app/ports/data-vault.ts";
import type { IntakeEngine, SegmentTable, CompletedTables } from "../app/ports/intake-engine.ts";
import { MARK_COLUMN } from "../core/catalog/special-mark.ts";
import { identifier } from "../core/extract/duckdb-printer.ts";
import { PERSON_COLUMN } from "../core/intake/segment-rows.ts";
import type { Duckdb } from "./duckdb.ts";
import { openDuckdb } from "./duckdb.ts";
import { markClaims } from "./duckdb-claims.ts";
import { groupRows } from "../core/parquet/group-rows.ts";
import { columnOfText, copyStored, keysOf, refuseForeign, storedText } from "./duckdb-stored.ts";
import { keyShares } from "./key-shares.ts";

/** What needs all rows at once, through DuckDB. `claimsAtOnce`: claims whose versions are held at a time. */
export const intakeBy = (claimsAtOnce: number): IntakeEngine => ({
  async completeTables({ tables, pipes, folders, codes, people }): Promise<CompletedTables> {
    const earlier = tables.flatMap((table) => (table.earlier === undefined ? [] : [table.earlier.file]));
    refuseForeign(earlier);
    const keys = keysOf([...tables.map(({ rows }) => rows), ...earlier]);
    const engine = await openDuckdb({ folders: [...folders, pipes.folder], unordered: true, keys });
    try {
      const segments = new Map<string, WrittenTable>();
      for (const table of tables) segments.set(table.segment, await withEarlier(engine, table, pipes));
      const sized = tables.map((table) => ({ ...table, count: segments.get(table.segment)?.rows ?? 0 }));
      return {
        segments,
        marks: await markClaims(engine, sized, codes, claimsAtOnce),
        people: earlier.length === 0 && people !== undefined ? people : await countPeople(engine, tables, { segments }),
      };
    } finally {
      engine.close();
    }
  },
});

/** WHY a million: nothing spills to disk, and so many were seen to fit. */
export const duckdbIntake: IntakeEngine = intakeBy(1_000_000);

/** The rows of a segment: its new ones, and in an update the earlier ones that none of them replaces. */
async function withEarlier(engine: Duckdb, table: SegmentTable, pipes: PlainPipes): Promise<WrittenTable> {
  const { fresh, earlier } = table;
  if (earlier === undefined) return fresh.written;
  const written = await copyStored(engine, updatedText(table, earlier), {
    out: await pipes.encrypted(table.rows),
    groupRows: groupRows(table.columns),
  });
  rmSync(fresh.file.path);
  return written;
}

function updatedText(table: SegmentTable, earlier: NonNullable<SegmentTable["earlier"]>): string {
  const same = [...(table.person ? [PERSON_COLUMN] : []), ...earlier.key].map(
    (name) => `fresh.${identifier(name)} IS NOT DISTINCT FROM kept.${identifier(name)}`,
  );
  const marked = table.claim === undefined ? "" : ` EXCLUDE (${identifier(MARK_COLUMN)})`;
  const kept = `SELECT kept.*${marked} FROM ${storedText(earlier.file)} AS kept`;
  return (
    `WITH fresh AS MATERIALIZED (SELECT * FROM ${storedText(table.fresh.file)}) SELECT * FROM fresh UNION ALL BY NAME ` +
    `(${kept} WHERE NOT EXISTS (SELECT 1 FROM fresh WHERE ${same.join(" AND ")}))`
  );
}

/** Rows whose people are counted at a time; nothing spills to disk. */
const ROWS_AT_ONCE = 4_000_000;

async function countPeople(
  engine: Duckdb,
  tables: readonly SegmentTable[],
  { segments }: Pick<CompletedTables, "segments">,
): Promise<number> {
  const named = tables.filter((table) => table.person).map(({ rows }) => rows);
  if (named.length === 0) return 0;
  const most = Math.max(...[...segments.values()].map(({ rows }) => rows));
  let people = 0;
  for (const share of keyShares(Math.max(1, Math.ceil(most / ROWS_AT_ONCE)))) {
    const [counted] = await engine.rows(
      `SELECT count(DISTINCT ${PERSON_COLUMN}) FROM (${columnOfText(PERSON_COLUMN, named)}) WHERE ${share}`,
    );
    people += Number(counted?.[0] ?? 0);
  }
  return people;
}
