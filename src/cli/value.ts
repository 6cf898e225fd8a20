import type { Checked } from "../core/base/checked.ts";
import { problem, ProblemError } from "../core/base/problem.ts";

/** The value, or its problems thrown for the shell to print. WHY a file of its own: whoever needs only this loads no data and no engine. */
export function value<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new ProblemError(...checked.problems);
}

export const usage = (message: string, hint: string): ProblemError => new ProblemError(problem("E_USAGE", message, { hint }));
