import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Place } from "../base/problem.ts";
import { nearestHint } from "../base/nearest.ts";
import type { DutyWord } from "./vocabulary.ts";

/** What a recipient owes for what it was given. `days` belongs to the duties that run out. */
export type Duty = { readonly id: string; readonly days?: number };

const MOST_DAYS = 36_500;

/** Reads `destroy-by P90D; no-redisclosure`. INVARIANT: a duty that cannot be read refuses the law; it is never left out. */
export function parseDuties(text: string, known: readonly DutyWord[], at: Place, problems: Problem[]): readonly Duty[] {
  const refuse = (message: string, hint: string): void => {
    problems.push(problem("E_LAW", message, { at, hint }));
  };
  return text.split(";").map((part): Duty => {
    const [id = "", value, ...more] = part.trim().split(/\s+/);
    const word = known.find((one) => one.id === id);
    if (word === undefined) refuse(`unknown duty "${id}"`, nearestHint(id, known.map((one) => one.id), "law/vocabulary/duties.yaml")); // prettier-ignore
    if (word === undefined || (word.takes === undefined && value === undefined)) return { id };
    const days = Number(/^P(\d{1,5})D$/.exec(value ?? "")?.[1] ?? "NaN");
    if (word.takes === undefined || more.length > 0)
      refuse(`the duty "${id}" takes ${word.takes === undefined ? "no value" : "one value"}`, "write duties apart with ;"); // prettier-ignore
    else if (!(days >= 1 && days <= MOST_DAYS)) refuse(`the duty "${id}" needs a number of days`, `such as ${id} P90D`);
    return { id, days };
  });
}

/** All of several lists, the stricter where they differ: fewer days. Sorted by id. */
export function unionOfDuties(lists: readonly (readonly Duty[])[]): readonly Duty[] {
  const strictest = new Map<string, Duty>();
  for (const duty of lists.flat()) {
    const known = strictest.get(duty.id);
    if (known === undefined || (duty.days ?? Infinity) < (known.days ?? Infinity)) strictest.set(duty.id, duty);
  }
  return [...strictest.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** As written in a rule. */
export const dutyText = ({ id, days }: Duty): string => (days === undefined ? id : `${id} P${days}D`);
