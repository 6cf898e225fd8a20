import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Measured } from "./measured.ts";

/** Runs one side in a process of its own, so that its memory and CPU are its own. */
export function runSide(name: string, args: readonly string[]): Measured {
  return JSON.parse(runProgram(name, args)) as Measured;
}

/** Runs a program of this folder, compiled as this file is; answers what it printed. */
export function runProgram(name: string, args: readonly string[]): string {
  const path = fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  return execFileSync(process.execPath, [path, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
