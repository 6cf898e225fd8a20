import type { IntakeEngine, SegmentTable, WrittenTables } from "../app/ports/intake-engine.ts";
import type { PlainPipes } from "../app/ports/data-vault.ts";
import type { ElementType } from "../core/catalog/catalogue.ts";
import { MARK_COLUMN } from "../core/catalog/special-mark.ts";
import { identifier, literal } from "../core/extract/duckdb-printer.ts";
import type { Duckdb } from "./duckdb.ts";
import { openDuckdb } from "./duckdb.ts";
import { markClaims, unmarkedFile } from "./duckdb-claims.ts";
import { rowGroupRows } from "./row-groups.ts";
import { columnOfText, type CopiedFile, copyStored, keysOf, refuseForeign, storedText } from "./duckdb-stored.ts";
import { keyShares } from "./key-shares.ts";

const TYPES: Readonly<Record<ElementType, string>> = { text: "VARCHAR", date: "DATE", integer: "BIGINT", cents: "BIGINT" };

/** Parquet through DuckDB: typed reading of the spools, zstd, one file a segment. */
export const duckdbIntake: IntakeEngine = {
  async writeTables(tables, pipes, folders, codes = []): Promise<WrittenTables> {
    const earlier = tables.flatMap((table) => (table.earlier === undefined ? [] : [table.earlier.file]));
    refuseForeign(earlier);
    const keys = keysOf([...tables.map(({ file }) => file), ...earlier]);
    const engine = await openDuckdb({ folders: [...folders, pipes.folder], unordered: true, keys });
    try {
      const segments = new Map<string, CopiedFile>();
      for (const table of tables) segments.set(table.segment, await writeTable(engine, table, pipes));
      const marks = await markClaims(engine, tables, codes, pipes);
      for (const [segment, { file }] of marks) segments.set(segment, file);
      const counts = new Map([...marks].map(([segment, marked]) => [segment, marked.counts]));
      return { segments, marks: counts, people: await countPeople(engine, tables, { segments }) };
    } finally {
      engine.close();
    }
  },
};

/** Room for any row of a table. The engine reads ahead by a multiple of it. */
const LONGEST_ROW_BYTES = 4_194_304;

/** A claim segment waits for its marks under a name of its own. */
async function writeTable(engine: Duckdb, table: SegmentTable, pipes: PlainPipes): Promise<CopiedFile> {
  const source = table.spool === undefined ? undefined : await pipes.fed(table.spool());
  const out = await pipes.encrypted(table.claim === undefined ? table.file : unmarkedFile(table));
  return copyStored(engine, rowsText(table, source?.path), {
    out,
    groupRows: rowGroupRows(table.columns.length),
    ...(source === undefined ? {} : { source }),
  });
}

/** The rows of a segment: its spool, and in an update the earlier rows that no new row replaces. */
function rowsText(table: SegmentTable, spoolPath: string | undefined): string {
  const fresh = spoolText(table, spoolPath);
  if (table.earlier === undefined) return fresh;
  const same = [...(table.person ? ["person_key"] : []), ...table.earlier.key].map(
    (name) => `fresh.${identifier(name)} IS NOT DISTINCT FROM kept.${identifier(name)}`,
  );
  const marked = table.claim === undefined ? "" : ` EXCLUDE (${identifier(MARK_COLUMN)})`;
  const kept = `SELECT kept.*${marked} FROM ${storedText(table.earlier.file)} AS kept`;
  return `WITH fresh AS MATERIALIZED (${fresh}) SELECT * FROM fresh UNION ALL BY NAME (${kept} WHERE NOT EXISTS (SELECT 1 FROM fresh WHERE ${same.join(" AND ")}))`;
}

function spoolText(table: SegmentTable, path: string | undefined): string {
  const columns = columnsOf(table);
  if (path === undefined) {
    return `SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${identifier(name)}`).join(", ")} WHERE false`;
  }
  const shape = columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(", ");
  // WHY: a spool has no quoting at all; its field ends are a control character no checked value can hold.
  return (
    `SELECT * FROM read_csv(${literal(path)}, delim = chr(31), quote = '', escape = '', header = false, ` +
    `auto_detect = false, nullstr = '', new_line = '\\n', max_line_size = ${table.rowBytes ?? LONGEST_ROW_BYTES}, columns = {${shape}})`
  );
}

function columnsOf(table: SegmentTable): readonly { readonly name: string; readonly type: string }[] {
  const columns = table.columns.map(({ name, type }) => ({ name, type: TYPES[type] }));
  return table.person ? [{ name: "person_key", type: "UUID" }, ...columns] : columns;
}

/** Rows whose people are counted at a time; nothing spills to disk. */
const ROWS_AT_ONCE = 4_000_000;

async function countPeople(
  engine: Duckdb,
  tables: readonly SegmentTable[],
  { segments }: Pick<WrittenTables, "segments">,
): Promise<number> {
  const named = tables.filter((table) => table.person).map(({ file }) => file);
  if (named.length === 0) return 0;
  const most = Math.max(...[...segments.values()].map(({ rows }) => rows));
  let people = 0;
  for (const share of keyShares(Math.max(1, Math.ceil(most / ROWS_AT_ONCE)))) {
    const [counted] = await engine.rows(`SELECT count(DISTINCT person_key) FROM (${columnOfText("person_key", named)}) WHERE ${share}`);
    people += Number(counted?.[0] ?? 0);
  }
  return people;
}
