import type { DuckDBConnection, DuckDBDataChunk, DuckDBScalarFunction } from "@duckdb/node-api";
import { literal } from "../core/extract/duckdb-printer.ts";
import type { DataKey } from "../app/ports/data-vault.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { keyText } from "./duckdb-stored.ts";

export type DuckdbOptions = {
  /** Folders whose files it may read and write; nothing else. */
  readonly folders: readonly string[];
  /** Single files it may read besides. */
  readonly files?: readonly string[];
  readonly threads?: number;
  /** Whether rows may be written in another order than read. WHY: keeping the order of wide rows holds far more of them in memory. */
  readonly unordered?: boolean;
  readonly functions?: readonly DuckDBScalarFunction[];
  /** Keys of the stored files it may read, known to it by their ids. */
  readonly keys?: readonly DataKey[];
};

/** A connection; one statement at a time. */
export type Statements = {
  /** Runs one statement; answers the rows it changed or wrote. */
  run(sql: string): Promise<number>;
};

/** A locked-down engine in memory. */
export type Duckdb = Statements & {
  /** Another connection, for statements that run meanwhile. Temporary tables and views are each connection's own. */
  beside(): Promise<Statements>;
  /** Rows as JSON values: text, numbers, null; wide integers as text. */
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Two columns of numbers without blanks, some rows at a time, in any order and without holding all of them. */
  numbers(sql: string): AsyncIterable<readonly [readonly number[], readonly number[]]>;
  /** The texts of the one column a query has, some rows at a time, in order and without holding all of them. */
  texts(sql: string): AsyncIterable<readonly string[]>;
  /** Stops the running statements of all connections. One that waits on a pipe stops only when the pipe's other end is gone. */
  interrupt(): void;
  close(): void;
};

/** Half again of this may be used, as the engine counts only its own buffers. */
const MEMORY_LIMIT = "600MB";

/** WHY off: in 1.5.5 a filter that was pushed into the scan of an encrypted file makes the engine refuse pages that are whole. */
const PUSHING_OPTIMIZERS = "filter_pushdown,join_filter_pushdown,late_materialization,top_n";

/**
 * INVARIANT: no network, no extension, no path outside `folders`, no spill to disk, no later change of settings;
 * an engine error never leaves it as it is, since its messages quote values.
 */
export async function openDuckdb({
  folders,
  files = [],
  threads,
  unordered = false,
  functions = [],
  keys = [],
}: DuckdbOptions): Promise<Duckdb> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    allow_community_extensions: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    memory_limit: MEMORY_LIMIT,
    temp_directory: "",
    preserve_insertion_order: String(!unordered),
    ...(threads === undefined ? {} : { threads: String(threads) }),
  });
  const connection = await instance.connect();
  if (keys.length > 0) await connection.run(`SET disabled_optimizers = '${PUSHING_OPTIMIZERS}'`);
  for (const key of keys) await quietly(async () => connection.run(keyText(key)));
  await lockDown(connection, folders, files, functions);
  const all = [connection];
  const runOn =
    (on: DuckDBConnection): Statements["run"] =>
    async (sql) =>
      quietly(async () => (await on.run(sql)).rowsChanged, keys.length > 0);
  return {
    run: runOn(connection),
    beside: async () => {
      const other = await instance.connect();
      all.push(other);
      return { run: runOn(other) };
    },
    rows: async (sql) => quietly(async () => (await connection.runAndReadAll(sql)).getRowsJson(), keys.length > 0),
    numbers: (sql) => numbersOf(connection, sql),
    texts: (sql) => textsOf(connection, sql),
    interrupt: () => all.forEach((of) => of.interrupt()),
    close: () => {
      for (const of of all) of.closeSync();
      instance.closeSync();
    },
  };
}

async function lockDown(
  connection: DuckDBConnection,
  folders: readonly string[],
  files: readonly string[],
  functions: readonly DuckDBScalarFunction[],
): Promise<void> {
  for (const of of functions) connection.registerScalarFunction(of);
  await connection.run(`SET allowed_directories = [${folders.map((folder) => literal(`${folder}/`)).join(", ")}]`);
  // WHY: an instant as text must not depend on where it is read.
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  await connection.run(`SET allowed_paths = [${files.map(literal).join(", ")}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}

async function* textsOf(connection: DuckDBConnection, sql: string): AsyncIterable<readonly string[]> {
  for await (const chunk of chunksOf(connection, sql)) yield chunk.getColumnValues(0).map(String);
}

async function* numbersOf(connection: DuckDBConnection, sql: string): AsyncIterable<readonly [readonly number[], readonly number[]]> {
  for await (const chunk of chunksOf(connection, sql)) yield [chunk.getColumnValues(0).map(Number), chunk.getColumnValues(1).map(Number)];
}

async function* chunksOf(connection: DuckDBConnection, sql: string): AsyncIterable<DuckDBDataChunk> {
  const result = await quietly(async () => connection.stream(sql));
  for (let chunk = await quietly(async () => result.fetchChunk()); chunk !== null && chunk.rowCount > 0;) {
    yield chunk;
    chunk = await quietly(async () => result.fetchChunk());
  }
}

/** What the engine says, in its message's first line, of a file that does not open. */
const UNREADABLE = /AES|crypt|magic bytes|enough bytes|parquet file|footer|TProtocol|thrift|decompress|\bZSTD\b|page header/i;

function unreadable(): ProblemError {
  const message = "stored data do not open: a file was altered or cut, or is under another key";
  const hint = "nothing was released; find it with `writ dataset show DATASET@YYYY-MM --verify`, then restore it or take it in again";
  return new ProblemError(problem("E_DATASET", message, { hint }));
}

/** `readsStored`: whether what cannot be read is then a stored file. */
async function quietly<T>(step: () => Promise<T>, readsStored = false): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const [first = ""] = error instanceof Error ? error.message.split("\n") : [];
    if (readsStored && UNREADABLE.test(first)) throw unreadable();
    const kind = error instanceof Error ? (/^([A-Za-z ]{1,40}) Error:/.exec(error.message)?.[1] ?? "unnamed") : "unnamed";
    const hint = /memory/i.test(kind) ? "free memory and try again" : "see that the stored files are whole; otherwise please report it";
    throw new ProblemError(problem("E_IO", `the engine could not do a step (${kind.toLowerCase()} error)`, { hint }));
  }
}
