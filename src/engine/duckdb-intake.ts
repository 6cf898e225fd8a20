import { existsSync } from "node:fs";
import type { IntakeEngine, SegmentTable, WrittenTables } from "../app/ports/intake-engine.ts";
import type { ElementType } from "../core/catalog/catalogue.ts";
import { MARK_COLUMN } from "../core/catalog/special-mark.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { Duckdb } from "./duckdb.ts";
import { openDuckdb } from "./duckdb.ts";
import { markClaims, unmarkedFile } from "./duckdb-claims.ts";
import { rowGroupRows } from "./row-groups.ts";
import { keyShares } from "./key-shares.ts";

const TYPES: Readonly<Record<ElementType, string>> = { text: "VARCHAR", date: "DATE", integer: "BIGINT", cents: "BIGINT" };

/** Parquet through DuckDB: typed reading of the spools, zstd, one file a segment. */
export const duckdbIntake: IntakeEngine = {
  async writeTables(tables, folders, codes = []): Promise<WrittenTables> {
    const engine = await openDuckdb({ folders, unordered: true });
    try {
      const rows = new Map<string, number>();
      for (const table of tables) rows.set(table.segment, await engine.run(copyText(table)));
      const marks = await markClaims(engine, tables, codes);
      return { rows, marks, people: await countPeople(engine, tables, rows) };
    } finally {
      engine.close();
    }
  },
};

/** Room for any row of a table. The engine reads ahead by a multiple of it. */
const LONGEST_ROW_BYTES = 4_194_304;

const copyText = (table: SegmentTable): string =>
  `COPY (${rowsText(table)}) TO ${literal(table.claim === undefined ? table.parquetFile : unmarkedFile(table))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupRows(table.columns.length)})`;

/** The rows of a segment: its spool, and in an update the earlier rows that no new row replaces. */
function rowsText(table: SegmentTable): string {
  const fresh = spoolText(table);
  if (table.earlier === undefined) return fresh;
  const same = [...(table.person ? ["person_key"] : []), ...table.earlier.key].map(
    (name) => `fresh.${identifier(name)} IS NOT DISTINCT FROM kept.${identifier(name)}`,
  );
  const marked = table.claim === undefined ? "" : ` EXCLUDE (${identifier(MARK_COLUMN)})`;
  const kept = `SELECT kept.*${marked} FROM read_parquet(${literal(table.earlier.parquetFile)}) AS kept`;
  return `WITH fresh AS (${fresh}) SELECT * FROM fresh UNION ALL BY NAME (${kept} WHERE NOT EXISTS (SELECT 1 FROM fresh WHERE ${same.join(" AND ")}))`;
}

function spoolText(table: SegmentTable): string {
  const columns = columnsOf(table);
  if (!existsSync(table.spoolFile)) {
    return `SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${identifier(name)}`).join(", ")} WHERE false`;
  }
  const shape = columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(", ");
  // WHY: a spool has no quoting at all; its field ends are a control character no checked value can hold.
  return (
    `SELECT * FROM read_csv(${literal(table.spoolFile)}, delim = chr(31), quote = '', escape = '', header = false, ` +
    `auto_detect = false, nullstr = '', new_line = '\\n', max_line_size = ${table.rowBytes ?? LONGEST_ROW_BYTES}, columns = {${shape}})`
  );
}

function columnsOf(table: SegmentTable): readonly { readonly name: string; readonly type: string }[] {
  const columns = table.columns.map(({ name, type }) => ({ name, type: TYPES[type] }));
  return table.person ? [{ name: "person_key", type: "UUID" }, ...columns] : columns;
}

/** Rows whose people are counted at a time; nothing spills to disk. */
const ROWS_AT_ONCE = 4_000_000;

async function countPeople(engine: Duckdb, tables: readonly SegmentTable[], rows: ReadonlyMap<string, number>): Promise<number> {
  const named = tables.filter((table) => table.person).map((table) => literal(table.parquetFile));
  if (named.length === 0) return 0;
  const most = Math.max(...tables.map(({ segment }) => rows.get(segment) ?? 0));
  let people = 0;
  for (const share of keyShares(Math.max(1, Math.ceil(most / ROWS_AT_ONCE)))) {
    const from = `read_parquet([${named.join(", ")}], union_by_name = true)`;
    const [first] = await engine.rows(`SELECT count(DISTINCT person_key) FROM ${from} WHERE ${share}`);
    people += Number(first?.[0] ?? 0);
  }
  return people;
}
