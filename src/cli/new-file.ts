import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { utf8 } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { createDurably } from "../store/durable-file.ts";

/** Writes a whole new file, or none; one that exists is left alone and refused. */
export function writeNewFile(file: string, text: string): void {
  const folder = dirname(resolve(file));
  if (!existsSync(folder))
    throw new ProblemError(
      problem("E_IO", "there is no folder to write this file in", { at: { file }, hint: `mkdir -p ${dirname(file)}` }),
    );
  if (!createDurably(resolve(file), utf8(text)))
    throw new ProblemError(problem("E_IO", "a file of this name is there already", { at: { file }, hint: "name another file" }));
}
