import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { OutputFile, OutputFolder } from "../app/ports/output-folder.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { errorCode } from "./disk.ts";
import { temporaryName } from "./durable-file.ts";

/** A folder on this machine's disk; made when it is not there. Files bear a temporary name until they are kept. */
export function outputFolder(folder: string): OutputFolder {
  const written: { path: string; temporary: string; handle: number }[] = [];
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
  const close = (): void => {
    for (const { handle } of written) closeSync(handle);
  };
  return {
    create(name): OutputFile {
      const path = join(folder, name);
      if (existsSync(path)) {
        const hint = "name another folder, or remove the file";
        throw new ProblemError(problem("E_IO", "a file of this name is there already", { hint, at: { file: path } }));
      }
      const temporary = temporaryName(path);
      const handle = attempt(path, () => openSync(temporary, "wx"));
      written.push({ path, temporary, handle });
      return {
        append: (bytes) => attempt(path, () => writeWhole(handle, bytes, null)),
        overwrite: (bytes, offset) => attempt(path, () => writeWhole(handle, bytes, offset)),
      };
    },
    keep(): void {
      close();
      for (const { path, temporary } of written.splice(0)) attempt(path, () => renameSync(temporary, path));
    },
    discard(): void {
      close();
      for (const { temporary } of written.splice(0)) rmSync(temporary, { force: true });
    },
  };
}

/** Writes all of `bytes`, at the end or at `offset`. */
function writeWhole(handle: number, bytes: Uint8Array, offset: number | null): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(handle, bytes, done, bytes.length - done, offset === null ? null : offset + done);
  }
}

function attempt<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (thrown) {
    const hint = "check the folder's rights and the medium's space";
    throw new ProblemError(problem("E_IO", `cannot be written: ${errorCode(thrown)}`, { hint, at: { file: path } }));
  }
}
