import type { Problem } from "./problem.ts";

/** A value that passed every check, or all the problems found (never none). */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

export const pass = <T>(value: T): Checked<T> => ({ ok: true, value });
export const fail = (...problems: readonly Problem[]): Checked<never> => ({ ok: false, problems });

/** Passes `value` when no problem was found. */
export const passIf = <T>(problems: readonly Problem[], value: () => T): Checked<T> =>
  problems.length === 0 ? pass(value()) : { ok: false, problems };

/** All values, or all problems of all the failures. */
export function all<T>(results: readonly Checked<T>[]): Checked<readonly T[]> {
  const problems = results.flatMap((result) => (result.ok ? [] : result.problems));
  return passIf(problems, () => results.flatMap((result) => (result.ok ? [result.value] : [])));
}
