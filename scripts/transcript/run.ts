import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { stepsOf, type CommandStep } from "./blocks.ts";
import { outputMatches } from "./match.ts";

export type Outcome = { readonly step: CommandStep; readonly ok: boolean; readonly output: readonly string[]; readonly exit: number };

const ROOT = join(import.meta.dirname, "..", "..");
const LIMIT_MS = 180_000;

/**
 * Runs every command of a document in order, in one fresh folder with `writ` on the PATH and as a package, and compares what came out.
 * A command sees no terminal, no input, no colour, and its own home. `cd` lasts until the end of the document.
 */
export async function runDocument(markdown: string): Promise<Outcome[]> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "writ-docs-")));
  try {
    const home = join(scratch, "home");
    const bin = join(scratch, "bin");
    const packages = join(scratch, "node_modules");
    for (const folder of [home, bin, packages]) mkdirSync(folder);
    symlinkSync(ROOT, join(packages, "writ"), "dir");
    const shim = `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "bin", "writ.mjs")}" "$@"\n`;
    writeFileSync(join(bin, "writ"), shim, { mode: 0o755 });
    return await runSteps(markdown, home, bin);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function runSteps(markdown: string, home: string, bin: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let folder = home;
  for (const step of stepsOf(markdown)) {
    if (step.kind === "file") {
      const path = join(folder, step.path);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, step.text);
      continue;
    }
    const ran = await runCommand(step.command, folder, home, bin);
    folder = ran.folder;
    const output = ran.output.replaceAll(home, "~").replace(/\n$/, "").split("\n");
    const shown = output.length === 1 && output[0] === "" ? [] : output;
    outcomes.push({ step, output: shown, exit: ran.exit, ok: ran.exit === step.exit && outputMatches(step.expected, shown) });
  }
  return outcomes;
}

type Ran = { readonly output: string; readonly exit: number; readonly folder: string };

function runCommand(command: string, folder: string, home: string, bin: string): Promise<Ran> {
  // WHY: the third descriptor tells where the command left the shell, so that `cd` lasts.
  const script = `exec 2>&1\ntrap 'pwd >&3' EXIT\n${command}\n`;
  const environment = {
    PATH: [bin, dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    HOME: home,
    TMPDIR: tmpdir(),
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    TERM: "dumb",
    NO_COLOR: "1",
  };
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", script], {
      cwd: folder,
      env: environment,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      timeout: LIMIT_MS,
    });
    const texts = { output: "", left: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (texts.output += text));
    child.stdio[3]?.on("data", (text: Buffer) => (texts.left += text.toString("utf8")));
    child.on("error", () => resolve({ output: "bash could not be started", exit: 127, folder }));
    child.on("close", (exit) => resolve({ output: texts.output, exit: exit ?? 124, folder: texts.left.trim() || folder }));
  });
}
