import type { IncomingFile } from "../app/ports/incoming-file.ts";
import type { Checked } from "../core/base/checked.ts";
import { parquetFile } from "../engine/duckdb-parquet-file.ts";
import { fileDigest } from "../store/file-digest.ts";
import { incomingFile, isParquet } from "../store/incoming-file.ts";

/** A file as the user named it: text, packed text, or Parquet, told by its first bytes. */
export async function openIncoming(path: string): Promise<Checked<IncomingFile>> {
  const file = incomingFile(path);
  if (!file.ok || !isParquet(path)) return file;
  return parquetFile(file.value, await fileDigest(path));
}
