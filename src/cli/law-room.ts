import { resolve } from "node:path";
import { lawWithReviews } from "../app/law-reviews.ts";
import { loadLawFrom } from "../app/law.ts";
import type { Workspace } from "../app/workspace.ts";
import { isInstant, openWorkspace, realClock } from "../app/workspace.ts";
import type { CivilDate } from "../core/base/civil-date.ts";
import { civilDate, dayOfInstant } from "../core/base/civil-date.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { EnteredLaw } from "../core/entry/history.ts";
import type { Law } from "../core/law/law.ts";
import type { Grade, SourceFile } from "../core/law/source.ts";
import { GRADES } from "../core/law/source.ts";
import { lawCacheOnDisk, lawFilesOnDisk } from "../store/law-files.ts";
import { proofCrypto } from "../vault/node-crypto.ts";
import { workspaceFiles } from "../store/workspace-files.ts";
import type { OptionValues } from "./command.ts";
import { lawThatCounts, reviewNote } from "./entry-room.ts";

/** The version of the pinned Cedar. INVARIANT: equals what the engine reports (src/engine/cedar-judge.test.ts). */
export const CEDAR_VERSION = "4.13.0";

export type LawRoom = {
  readonly law: Law;
  readonly folder: string;
  /** The very texts the law was loaded from. */
  readonly files: readonly SourceFile[];
  readonly admitted: readonly Grade[];
  readonly today: CivilDate;
  /** By when, and from what, the law is known. */
  readonly known: Known;
};

/** `entry`: the entry of the ledger that brought the law; absent where law is known from its own files alone. */
export type Known = { readonly by: string; readonly entry?: number; readonly says?: string };

/** Options every question to the law understands. */
export const LAW_OPTIONS = { law: { type: "string" }, on: { type: "string" }, known: { type: "string" } } as const;

/** `as it stands`: the files, entered or not, for who is still writing them. Nothing but `cached` trusts a cache. */
type Reading = "cached" | "from source" | "as it stands";

/**
 * Law and day for a question: `--law DIR` as it stands there, else the workspace's as entered, else the law that comes with
 * writ, judged at every grade.
 */
export async function openLawRoom(values: OptionValues, reading: Reading = "cached"): Promise<LawRoom> {
  const opened = await openWorkspace(process.cwd(), workspaceFiles);
  return roomOf(opened.ok ? opened.value : undefined, values, reading);
}

/** The law of one workspace as it counts there, read from its sources. */
export const openWorkspaceLaw = async (workspace: Workspace): Promise<LawRoom> => roomOf(workspace, {}, "from source");

async function roomOf(workspace: Workspace | undefined, values: OptionValues, reading: Reading): Promise<LawRoom> {
  const now = workspace?.clock.now() ?? realClock.now();
  const asked = knownBy(values, now);
  const named = text(values["law"]);
  const isEntered = named === undefined && workspace !== undefined && reading !== "as it stands";
  const counting = isEntered ? await lawThatCounts(workspace, asked) : undefined;
  const folder = named === undefined ? (workspace?.paths.law ?? workspaceFiles.shipped("law")) : resolve(named);
  const files = counting?.files ?? (await lawFilesOnDisk.read(folder));
  const law = await loadLawFrom(folder, {
    files: { read: () => Promise.resolve(files) },
    judgeVersion: CEDAR_VERSION,
    judge: async () => (await import("../engine/cedar-judge.ts")).cedarJudge,
    ...(reading === "cached" ? { cache: lawCacheOnDisk } : {}),
  });
  if (!law.ok) throw new ProblemError(...law.problems);
  const admitted = counting?.entered.settings.grades ?? workspace?.admittedGrades ?? GRADES;
  const signers = counting?.entered.settings.signers ?? workspace?.signers ?? [];
  const note = (path: string): string | undefined => reviewNote(folder, path);
  const reviewed = lawWithReviews(law.value, { files, note, signers, crypto: proofCrypto });
  return { law: reviewed, folder, files, admitted, today: dayOfInstant(now), known: knownAs(asked, now, counting?.entered) };
}

/** `--known DATE` or INSTANT as an instant; a day counts to its end. */
function knownBy(values: OptionValues, now: string): string | undefined {
  const said = text(values["known"]);
  if (said === undefined) return undefined;
  const instant = isInstant(said) ? said : `${dayOf(values, dayOfInstant(now), "known")}T23:59:59Z`;
  if (instant.slice(0, 10) > now.slice(0, 10))
    throw new ProblemError(
      problem("E_DATE", "--known: nobody knows yet what will be known then", { hint: `today is ${now.slice(0, 10)}` }),
    );
  return instant;
}

function knownAs(asked: string | undefined, now: string, entered: EnteredLaw | undefined): Known {
  const by = asked ?? dayOfInstant(now);
  if (entered !== undefined) {
    const practice = entered.simulated ? ", under a simulated clock" : "";
    return { by, entry: entered.index, says: `Law as entered ${entered.time}, entry ${entered.index}${practice}.` };
  }
  return asked === undefined ? { by } : { by, says: "No law is entered here: all of it counts as known since it was loaded." };
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

/** How far a room's law may be relied on, and since when it is known where that was asked or entered. */
export const standingText = ({ law, known }: LawRoom): string =>
  [draftLine(law), ...(known.says === undefined ? [] : [known.says])].join("\n");

/** One line that says how far the loaded law may be relied on. */
export function draftLine(law: Law): string {
  const reviewed = law.instruments.filter((instrument) => instrument.reviewed).length;
  return reviewed === law.instruments.length
    ? `Law: all ${reviewed} instruments reviewed by counsel.`
    : `Draft law: ${reviewed} of ${law.instruments.length} instruments reviewed by counsel. Not legal advice.`;
}
