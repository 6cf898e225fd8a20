import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** The built command. */
export const BIN: string = join(root, "bin", "writ.mjs");

export type Ran = { readonly exit: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the built command in a folder, in a process of its own. */
export function writIn(cwd: string, ...argv: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...argv], { cwd, encoding: "utf8" });
  return { exit: status, stdout, stderr };
}
