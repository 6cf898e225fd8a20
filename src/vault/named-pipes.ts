import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { problem, ProblemError } from "../core/base/problem.ts";

/** Makes named pipes that only this user can open. */
export async function makePipes(paths: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
  } catch {
    const hint = "see that mkfifo is installed and TMPDIR can be written";
    throw new ProblemError(problem("E_IO", "cannot make a named pipe", { hint }));
  }
}
