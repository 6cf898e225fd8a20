import { resolve } from "node:path";
import { loadLawFrom } from "../app/law.ts";
import { openWorkspace } from "../app/workspace.ts";
import type { CivilDate } from "../core/base/civil-date.ts";
import { civilDate, dayOfInstant } from "../core/base/civil-date.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Law } from "../core/law/law.ts";
import type { Grade } from "../core/law/source.ts";
import { GRADES } from "../core/law/source.ts";
import { lawCacheOnDisk, lawFilesOnDisk } from "../store/law-files.ts";
import { workspaceFiles } from "../store/workspace-files.ts";
import type { OptionValues } from "./command.ts";

/** The version of the pinned Cedar. INVARIANT: equals what the engine reports (src/engine/cedar-judge.test.ts). */
export const CEDAR_VERSION = "4.13.0";

export type LawRoom = { readonly law: Law; readonly folder: string; readonly admitted: readonly Grade[]; readonly today: CivilDate };

/** Options every question to the law understands. */
export const LAW_OPTIONS = { law: { type: "string" }, on: { type: "string" } } as const;

/** Law and day for a question: `--law DIR`, else the workspace's, else the law that comes with writ, judged at every grade. */
export async function openLawRoom(values: OptionValues, trust: "cached" | "from-source" = "cached"): Promise<LawRoom> {
  const workspace = await openWorkspace(process.cwd(), workspaceFiles);
  const named = text(values["law"]);
  const folder = named === undefined ? (workspace.ok ? workspace.value.paths.law : workspaceFiles.shipped("law")) : resolve(named);
  const law = await loadLawFrom(folder, {
    files: lawFilesOnDisk,
    judgeVersion: CEDAR_VERSION,
    judge: async () => (await import("../engine/cedar-judge.ts")).cedarJudge,
    ...(trust === "cached" ? { cache: lawCacheOnDisk } : {}),
  });
  if (!law.ok) throw new ProblemError(...law.problems);
  const now = workspace.ok ? workspace.value.clock.now() : new Date().toISOString();
  return { law: law.value, folder, admitted: workspace.ok ? workspace.value.admittedGrades : GRADES, today: dayOfInstant(now) };
}

export const text = (value: OptionValues[string]): string | undefined => (typeof value === "string" ? value : undefined);

/** The day a question is about: `--on`, else today. */
export function dayOf(values: OptionValues, today: CivilDate, option = "on"): CivilDate {
  const said = text(values[option]);
  if (said === undefined) return today;
  const checked = civilDate(said);
  if (!checked.ok)
    throw new ProblemError(
      ...checked.problems.map((found) => problem(found.code, `--${option}: ${found.message}`, { hint: found.hint ?? "" })),
    );
  return checked.value;
}

/** One line that says how far the loaded law may be relied on. */
export function draftLine(law: Law): string {
  const reviewed = law.instruments.filter((instrument) => instrument.reviewed).length;
  return reviewed === law.instruments.length
    ? `Law: all ${reviewed} instruments reviewed by counsel.`
    : `Draft law: ${reviewed} of ${law.instruments.length} instruments reviewed by counsel. Not legal advice.`;
}
