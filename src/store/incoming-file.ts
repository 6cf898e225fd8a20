import { createReadStream, statSync } from "node:fs";
import type { IncomingFile } from "../app/ports/incoming-file.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";

const CHUNK_BYTES = 1 << 20;

/** A file on this machine, read in chunks. */
export function incomingFile(path: string): Checked<IncomingFile> {
  const found = statSync(path, { throwIfNoEntry: false });
  const at = { file: path };
  if (found === undefined) return fail(problem("E_IO", "there is no such file", { at, hint: "check the path" }));
  if (!found.isFile()) return fail(problem("E_IO", "this is no regular file", { at, hint: "name the submission itself" }));
  const chunks = (): AsyncIterable<Uint8Array> => createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return pass({ name: path, sizeBytes: found.size, chunks });
}
