import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { OutputFile, OutputFolder } from "../app/ports/output-folder.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { errorCode } from "./disk.ts";
import { temporaryName } from "./durable-file.ts";

/** A folder on this machine's disk; made when it is not there. Files bear a temporary name until they are kept. */
export function outputFolder(folder: string): OutputFolder {
  const written: { path: string; temporary: string; handle: number; open: boolean }[] = [];
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
  return {
    create(name): OutputFile {
      const path = join(folder, name);
      if (existsSync(path)) {
        const hint = "name another folder, or remove the file";
        throw new ProblemError(problem("E_IO", "a file of this name is there already", { hint, at: { file: path } }));
      }
      const temporary = temporaryName(path);
      const handle = attempt(path, () => openSync(temporary, "wx"));
      written.push({ path, temporary, handle, open: true });
      return {
        append: (bytes) => attempt(path, () => writeWhole(handle, bytes, null)),
        overwrite: (bytes, offset) => attempt(path, () => writeWhole(handle, bytes, offset)),
      };
    },
    keep(): void {
      for (const file of written) {
        // WHY: some media say that they are full only when asked to keep.
        attempt(file.path, () => fsyncSync(file.handle));
        closeSync(file.handle);
        file.open = false;
      }
      const named: string[] = [];
      try {
        for (const { path, temporary } of written) {
          attempt(path, () => renameSync(temporary, path));
          named.push(path);
        }
      } catch (thrown) {
        for (const path of named) rmSync(path, { force: true });
        throw thrown;
      }
      written.length = 0;
    },
    discard(): void {
      for (const { temporary, handle, open } of written.splice(0)) {
        if (open) closeSync(handle);
        rmSync(temporary, { force: true });
      }
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
