import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Measured } from "./measured.ts";

/** Runs one side in a process of its own, so that its memory and CPU are its own. */
export function runSide(file: string, args: readonly string[]): Measured {
  return JSON.parse(runProgram(file, args)) as Measured;
}

/** Runs a program of this folder; answers what it printed. */
export function runProgram(file: string, args: readonly string[]): string {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return execFileSync(process.execPath, ["--import", "tsx", path, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
