import { problem, ProblemError } from "../core/base/problem.ts";

/** A locked-down engine in memory, for writing and resolving stored data. */
export type Workbench = {
  /** Runs one statement; answers the rows it changed. */
  run(sql: string): Promise<number>;
  rows(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): void;
};

/** Half again of this may be used, as the engine counts only its own buffers. */
const MEMORY_LIMIT = "600MB";

/**
 * An engine that may touch `folders` only: no other path, no network, no extension, no spill to disk, no later change of settings.
 * INVARIANT: an error of the engine never leaves it, since its messages quote rows and values.
 */
export async function openWorkbench(folders: readonly string[]): Promise<Workbench> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    memory_limit: MEMORY_LIMIT,
    preserve_insertion_order: "false",
    temp_directory: "",
  });
  const connection = await instance.connect();
  await connection.run(`SET allowed_directories = [${folders.map((folder) => literal(`${folder}/`)).join(", ")}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
  return {
    run: async (sql) => quietly(async () => Number((await connection.run(sql)).rowsChanged)),
    rows: async (sql) => quietly(async () => (await connection.runAndReadAll(sql)).getRowsJson()),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function quietly<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const kind = error instanceof Error ? (/^([A-Za-z ]{1,40}) Error:/.exec(error.message)?.[1] ?? "unnamed") : "unnamed";
    const hint = /memory/i.test(kind) ? "free memory and try again" : "check the space left on the disk; otherwise please report it";
    throw new ProblemError(problem("E_IO", `the engine could not do a step (${kind.toLowerCase()} error)`, { hint }));
  }
}

/** Text as an SQL literal, whatever it holds. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** A name as an SQL identifier, whatever it holds. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
