import { exitCodeOf, problem, ProblemError, problemText, type Problem } from "../core/base/problem.ts";
import type { Output } from "./command.ts";

type Reported = Output & { readonly wroteData: () => boolean };

/** Prints problems and gives the exit code they call for. In JSON mode stdout gets them too, unless data is already there. */
export function reportProblems(problems: readonly Problem[], out: Reported): number {
  for (const found of problems) out.talk(problemText(found));
  if (out.json && !out.wroteData()) out.data(JSON.stringify({ problems }));
  return exitCodeOf(problems);
}

/** Turns whatever a command threw into problems, printed. INVARIANT: the message of an unexpected exception is never printed; it may hold data. */
export function reportFailure(thrown: unknown, command: string, debug: boolean, out: Reported): number {
  if (thrown instanceof ProblemError) return reportProblems(thrown.problems, out);
  const denied = systemProblem(thrown);
  if (denied !== undefined) return reportProblems([denied], out);
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  const hint = debug ? "please report it with the lines below" : "set WRIT_DEBUG=1 to see where; please report it";
  const code = reportProblems([problem("E_BUG", `this is a defect in writ (${kind} in \`writ ${command}\`)`, { hint })], out);
  if (debug && thrown instanceof Error) for (const frame of framesOf(thrown)) out.talk(frame);
  return code;
}

const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "this is a folder, not a file",
  ENOTDIR: "this is no folder",
  ENOSPC: "no space left on the disk",
  EROFS: "the disk is read-only",
  EEXIST: "this exists already",
  EMFILE: "too many open files",
};

/** A refusal of the operating system that nobody worded on the way up. */
function systemProblem(thrown: unknown): Problem | undefined {
  if (!(thrown instanceof Error) || !("syscall" in thrown) || !("code" in thrown) || typeof thrown.code !== "string") return undefined;
  const words = SYSTEM_WORDS[thrown.code];
  if (words === undefined) return undefined;
  const path = "path" in thrown && typeof thrown.path === "string" ? thrown.path : undefined;
  return problem("E_IO", words, path === undefined ? {} : { at: { file: path } });
}

/** The places of an exception's stack, without its message, which may span lines. */
function framesOf(thrown: Error): string[] {
  const stack = thrown.stack ?? "";
  const start = thrown.message === "" ? 0 : stack.indexOf(thrown.message) + thrown.message.length;
  return stack
    .slice(start)
    .split("\n")
    .filter((line) => /^\s+at /.test(line));
}
