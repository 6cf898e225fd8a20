/** Reads stored datasets as whoever has the keys, and encrypts what a test wrote in plain. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DataKey } from "../src/app/ports/data-vault.ts";
import { openDuckdb } from "../src/engine/duckdb.ts";
import { storedText } from "../src/engine/duckdb-stored.ts";
import { privateFiles } from "../src/store/private-files.ts";
import { openDataKeys } from "../src/vault/data-keys.ts";
import { DatasetFileWriter } from "../src/vault/dataset-file-writer.ts";

/** The key of a stored dataset or sidecar in a workspace: `WORKSPACE/private/(datasets|evidence)/DIGEST`. */
export function keyOfStored(folder: string): DataKey {
  const { keyId } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { readonly keyId: string };
  const key = openDataKeys(join(dirname(dirname(folder)), "keys"), privateFiles()).find(keyId);
  if (!key.ok) throw new Error(key.problems[0]?.message);
  return key.value;
}

/** Rows of a query over a dataset's files, named by what `table` answers. */
export async function storedRows(
  folder: string,
  query: (table: (name: string) => string) => string,
): Promise<readonly (readonly unknown[])[]> {
  const key = keyOfStored(folder);
  const engine = await openDuckdb({ folders: [folder], keys: [key] });
  try {
    return await engine.rows(query((name) => storedText({ key, name, path: join(folder, name) })));
  } finally {
    engine.close();
  }
}

/** Takes a plain Parquet file's place with its encrypted form. */
export function encryptInPlace(key: DataKey, name: string, path: string): void {
  const bytes = readFileSync(path);
  const writer = new DatasetFileWriter({ key, name, path });
  writer.feed(bytes);
  writer.finish();
}
