import { readFile } from "node:fs/promises";
import type { PlanFiles } from "../app/ports/plan-files.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { utf8 } from "../core/base/bytes.ts";
import { errorCode } from "./disk.ts";
import { writeDurably } from "./durable-file.ts";
import { fileDigest } from "./file-digest.ts";

/** Plans, requests and documents on disk. */
export const planFiles: PlanFiles = {
  read: (file) => readFile(file, "utf8").catch(() => undefined),
  digest: (file) => fileDigest(file).catch(() => undefined),
  async write(file, text, privately) {
    try {
      writeDurably(file, utf8(text), { mode: privately ? 0o600 : 0o644 });
    } catch (thrown) {
      if (thrown instanceof ProblemError) throw thrown;
      throw new ProblemError(problem("E_IO", `the file cannot be written: ${errorCode(thrown)}`, { at: { file } }));
    }
  },
};
