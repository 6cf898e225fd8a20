import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import type { IncomingFile } from "../app/ports/incoming-file.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";
import { isGzip, unpacked } from "./unpacking.ts";

const CHUNK_BYTES = 1 << 20;

/** A file on this machine, read in chunks; a gzip file, whatever its name, as what it holds. */
export function incomingFile(path: string): Checked<IncomingFile> {
  const found = statSync(path, { throwIfNoEntry: false });
  const at = { file: path };
  if (found === undefined) return fail(problem("E_IO", "there is no such file", { at, hint: "check the path" }));
  if (!found.isFile()) return fail(problem("E_IO", "this is no regular file", { at, hint: "name the submission itself" }));
  const packed = isGzip(firstBytes(path));
  const chunks = (): AsyncIterable<Uint8Array> => {
    // WHY a stream for packed files: whoever unpacks holds more than one chunk at a time.
    return packed ? unpacked(path, createReadStream(path, { highWaterMark: CHUNK_BYTES })) : readInChunks(path);
  };
  return pass({ name: path, sizeBytes: found.size, ...(packed ? { packed } : {}), chunks });
}

/** Whether a file starts as Parquet files do. */
export const isParquet = (path: string): boolean => new TextDecoder().decode(firstBytes(path)) === "PAR1";

/** WHY one buffer, filled again and again: fresh ones cost as much as cutting the records in them. */
async function* readInChunks(path: string): AsyncIterable<Uint8Array> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  const file = await open(path, "r");
  try {
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function firstBytes(path: string): Uint8Array {
  const start = new Uint8Array(4);
  const handle = openSync(path, "r");
  try {
    return start.subarray(0, readSync(handle, start));
  } finally {
    closeSync(handle);
  }
}

/** SHA-256 by which a submission knows its file: of what it holds, unpacked. */
export async function contentDigest(file: IncomingFile): Promise<string> {
  if (file.table !== undefined) return file.table.sha256;
  const hash = createHash("sha256");
  for await (const chunk of file.chunks()) hash.update(chunk);
  return hash.digest("hex");
}
