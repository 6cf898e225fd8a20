import { join } from "node:path";
import type { Answer } from "../../src/app/decide.ts";
import { decider } from "../../src/app/decide.ts";
import { loadLawFrom } from "../../src/app/law.ts";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { Law } from "../../src/core/law/law.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { cedarJudge } from "../../src/engine/cedar-judge.ts";
import { lawFilesOnDisk } from "../../src/store/law-files.ts";

/** A question with the answer its author expects, and the citations that must be among the reasons. */
export type Scenario = {
  readonly id: string;
  readonly expected: "permit" | "forbid";
  readonly names?: readonly string[];
  readonly [asked: string]: unknown;
};

/** The law as shipped, read without any cache. */
export async function shippedLaw(): Promise<Law> {
  const folder = join(import.meta.dirname, "..", "..", "law");
  const loaded = await loadLawFrom(folder, { files: lawFilesOnDisk, judgeVersion: cedarJudge.version, judge: async () => cedarJudge });
  if (!loaded.ok) throw new AggregateError(loaded.problems.map((found) => new ProblemError(found)));
  return loaded.value;
}

/** Every citation that an answer gives, of rules that hold, of needs unmet and of permits that lack only evidence. */
export const citesOf = (answer: Answer): ReadonlySet<string> =>
  new Set(answer.reasons.flatMap((reason) => [...reason.cites, ...reason.missing.map((missing) => missing.cite)]));

/** What is wrong with the answers, one line each; judged at every grade. */
export function disagreements(law: Law, scenarios: readonly Scenario[]): readonly string[] {
  const decide = decider(law, GRADES, "2026-12-31" as CivilDate);
  return scenarios.flatMap(({ id, expected, names = [], ...asked }) => {
    const answer = decide.answer(asked);
    if (!answer.ok) return answer.problems.map((found) => `${id}: ${found.message}`);
    const opened = answer.value.outcome === "permitted" || answer.value.outcome === "masked";
    const cites = citesOf(answer.value);
    const unnamed = names.filter((name) => !cites.has(name));
    return [
      ...(opened === (expected === "permit") ? [] : [`${id}: expected ${expected}, is ${answer.value.outcome}`]),
      ...(unnamed.length === 0 ? [] : [`${id}: does not name ${unnamed.join(" | ")}`]),
    ];
  });
}
