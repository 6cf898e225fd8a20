import type { ProblemCode } from "./problem-catalogue.ts";
import { PROBLEM_CATALOGUE } from "./problem-catalogue.ts";

/** Where a problem lies: a file, with 1-based line and column, or a 0-based byte offset. */
export type Place = {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly byte?: number;
};

/** One thing wrong with an input, or one refusal. INVARIANT: `message` and `hint` hold no personal data. */
export type Problem = {
  readonly code: ProblemCode;
  /** Lower case, no full stop. */
  readonly message: string;
  /** Names the remedy. */
  readonly hint?: string;
  readonly at?: Place;
};

/** Carries problems through asynchronous shells; the only exception class of the project. */
export class ProblemError extends Error {
  readonly problems: readonly Problem[];

  constructor(...problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join("; "));
    this.name = "ProblemError";
    this.problems = problems;
  }
}

export function problem(code: ProblemCode, message: string, rest: { hint?: string; at?: Place } = {}): Problem {
  return { code, message, ...rest };
}

/** `file:line:column`, as far as known. */
export function placeText(at: Place): string {
  if (at.byte !== undefined) return `${at.file}: byte ${at.byte}`;
  return [at.file, at.line, at.column].filter((part) => part !== undefined).join(":");
}

/** Position first, then what is wrong, then the remedy on a line of its own. */
export function problemText(found: Problem): string {
  const place = found.at === undefined ? "" : `${placeText(found.at)}: `;
  const hint = found.hint === undefined ? "" : `\nhint: ${found.hint}`;
  return `error: ${place}${found.message}${hint}`;
}

/** The process exit code the problems call for: that of the first. */
export const exitCodeOf = (problems: readonly Problem[]): number => {
  const first = problems[0];
  return first === undefined ? 70 : PROBLEM_CATALOGUE[first.code].exit;
};
