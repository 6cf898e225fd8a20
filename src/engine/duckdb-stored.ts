import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { DataKey, Pipe, StoredFile, WrittenFile, WrittenTable } from "../app/ports/data-vault.ts";
import { base64, equalBytes, utf8 } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { identifier, literal, printFile } from "../core/extract/duckdb-printer.ts";
import { ENCRYPTED_MAGIC, fileCryptoAt, readFileCrypto } from "../core/parquet/modules.ts";
import { isFile } from "../core/parquet/stored-identity.ts";
import type { Duckdb } from "./duckdb.ts";

/** A stored file as a source of rows. The text names the key; the key itself is told to the engine apart. */
export const storedText = ({ path, key }: StoredFile): string => printFile({ path, keyName: key.id });

/** The same with `file_row_number`, the place of each row in its file. */
export const placedText = ({ path, key }: StoredFile): string => printFile({ path, keyName: key.id }, true);

/** One column of several files. WHY not `union_by_name`: together with a key it ends the engine. */
export const columnOfText = (column: string, files: readonly StoredFile[]): string =>
  files.map((file) => `SELECT ${identifier(column)} FROM ${storedText(file)}`).join(" UNION ALL ");

/**
 * The one statement that holds a key's bytes.
 * WHY it cannot be otherwise: the engine takes keys as text only. It runs on a connection of our own, before any other statement; it
 * is a pragma, which no plan shows; the engine keeps no log; and its errors go through the same filter as all others.
 */
export const keyText = ({ id, secret }: DataKey): string => `PRAGMA add_parquet_key(${literal(id)}, ${literal(base64(secret))})`;

/** The keys that files are under, each once. */
export const keysOf = (files: readonly StoredFile[]): readonly DataKey[] => [...new Map(files.map(({ key }) => [key.id, key])).values()];

/** The pipe rows are written through. */
export type CopyOut = { readonly out: Pipe<WrittenFile>; readonly groupRows?: number };

/** Writes rows as a stored file. */
export async function copyStored(engine: Pick<Duckdb, "run">, rows: string, { out, groupRows }: CopyOut): Promise<WrittenTable> {
  const groups = groupRows === undefined ? "" : `, ROW_GROUP_SIZE ${groupRows}`;
  const copy = engine.run(
    `COPY (${rows}) TO ${literal(out.path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false${groups})`,
  );
  try {
    const [count, written] = await Promise.all([copy, out.done]);
    return { ...written, rows: count };
  } catch (error) {
    out.abort();
    const [copied] = await Promise.allSettled([copy]);
    // WHY: a pipe that broke is the cause; one that ended too early only shows that the statement failed.
    throw copied.status === "rejected" && !out.broken ? copied.reason : error;
  }
}

/**
 * INVARIANT: a stored file is read only under its own key and as what it is. The engine proves that the file is what its end says;
 * this proves that its end says what was asked for.
 */
export function refuseForeign(files: readonly StoredFile[]): void {
  for (const file of files) if (!isOwn(file)) throw foreign(file.name);
}

function foreign(name: string): ProblemError {
  const hint = "nothing was released; take the submission in again";
  return new ProblemError(problem("E_DATASET", `the stored file ${name} was altered, cut, or put in another's place`, { hint }));
}

const TRAILER_BYTES = 8;
/** What stands before the encrypted footer takes some hundred bytes. */
const CRYPTO_BYTES = 4096;

function isOwn({ path, key, name }: StoredFile): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const read = (from: number, length: number): Uint8Array => {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, from));
      };
      if (!equalBytes(read(0, ENCRYPTED_MAGIC.length), ENCRYPTED_MAGIC)) return false;
      const from = fileCryptoAt(read(Math.max(0, size - TRAILER_BYTES), TRAILER_BYTES), size);
      const { fileUnique, keyMetadata, aadPrefix } = readFileCrypto(read(from, CRYPTO_BYTES)).crypto;
      return aadPrefix === undefined && equalBytes(keyMetadata, utf8(key.id)) && isFile(fileUnique, key.id, name);
    } finally {
      closeSync(file);
    }
  } catch {
    // WHY: missing, unreadable and malformed files have one remedy.
    return false;
  }
}
