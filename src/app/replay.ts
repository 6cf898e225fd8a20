import { canonicalJson, canonicalOf } from "../core/base/canonical-json.ts";
import { utf8, utf8Text } from "../core/base/bytes.ts";
import { dayOfInstant } from "../core/base/civil-date.ts";
import type { LawHistory } from "../core/entry/history.ts";
import type { Judge } from "../core/law/judge.ts";
import type { Law } from "../core/law/law.ts";
import { loadLaw } from "../core/law/load.ts";
import type { Grade, SourceFile } from "../core/law/source.ts";
import type { LeafOf } from "../core/ledger/leaf.ts";
import type { Plan } from "../core/plan/plan.ts";
import { dayView } from "../core/verdict/day-view.ts";
import { lawHash } from "../core/verdict/law-hash.ts";
import { archivedFiles, archivedManifest, keepLaw } from "./entered-law.ts";
import type { MadePlan, PlanPorts } from "./plan.ts";
import { planFor } from "./plan.ts";
import type { LawArchive } from "./ports/law-archive.ts";
import { sha256 } from "./sha256.ts";

/** An entry that says what law it was decided by. */
export type Decided = LeafOf<"request"> | LeafOf<"denied"> | LeafOf<"intent">;

/** One part of a decision, decided again. `unknown`: it could not be, for the reason given. */
export type ReplayedPart = {
  readonly part: "sources" | "law" | "plan";
  readonly state: "same" | "differs" | "unknown";
  readonly says: string;
};

/** Keeps what a decision rests on, so that it can be made again: law by its digests, the plan by its own. */
export function keepDecision(
  { text }: Pick<MadePlan, "text">,
  law: { readonly files: readonly SourceFile[]; readonly manifest: Uint8Array },
  archives: { readonly law: LawArchive; readonly plans: LawArchive },
): void {
  keepLaw(law.files, law.manifest, archives.law);
  archives.plans.keep(utf8(text));
}

export type ReplayPorts = {
  readonly law: LawArchive;
  readonly plans: LawArchive;
  readonly judge: Judge;
  readonly history: LawHistory;
  /** Grades that open here where no law was entered before the decision. */
  readonly grades: readonly Grade[];
  /** Planning as then: by that law, at those grades. */
  readonly planning: (law: Law, grades: readonly Grade[]) => Promise<PlanPorts>;
};

/** Makes a recorded decision again: from the archived sources to the law of that day, and from that and the data to the plan. */
export async function replay(index: number, leaf: Decided, ports: ReplayPorts): Promise<readonly ReplayedPart[]> {
  const files = archivedFiles(leaf.sourceDigest, ports.law);
  if (!files.ok) {
    const says = files.problems.map(({ message }) => message).join("; ");
    return [
      { part: "sources", state: "differs", says },
      unknown("law", "its sources are not whole"),
      unknown("plan", "its law is not known"),
    ];
  }
  const sources: ReplayedPart = { part: "sources", state: "same", says: `${files.value.length} files of ${leaf.sourceDigest}` };
  const law = loadLaw(files.value, ports.judge, sha256);
  if (!law.ok) return [sources, unknown("law", `this version of writ does not load it${engineThen(leaf, law.problems.length, ports)}`), unknown("plan", "its law is not known")]; // prettier-ignore
  const grades = ports.history.entries.findLast((entry) => entry.index < index)?.settings.grades ?? ports.grades;
  const found = lawHash(dayView(law.value, dayOfInstant(leaf.time), grades), sha256);
  const lawPart: ReplayedPart =
    found === leaf.lawHash
      ? { part: "law", state: "same", says: `${found} on ${leaf.time.slice(0, 10)}` }
      : { part: "law", state: "differs", says: `recorded ${leaf.lawHash}, now ${found}${engineThen(leaf, 0, ports)}` };
  return [sources, lawPart, await replayPlan(leaf, law.value, grades, ports)];
}

const unknown = (part: ReplayedPart["part"], says: string): ReplayedPart => ({ part, state: "unknown", says });

/** What else may explain a difference: another engine. */
function engineThen({ sourceDigest }: Decided, problemCount: number, { law, judge }: ReplayPorts): string {
  const manifest = archivedManifest(sourceDigest, law);
  const then = manifest.ok
    ? `, judged then by Cedar ${manifest.value.cedar} and ${manifest.value.engine}, now by Cedar ${judge.version}`
    : "";
  return problemCount === 0 ? then : `: ${problemCount} problems${then}`;
}

async function replayPlan(leaf: Decided, law: Law, grades: readonly Grade[], ports: ReplayPorts): Promise<ReplayedPart> {
  const kept = ports.plans.read(leaf.planDigest);
  if (kept === undefined) return unknown("plan", `the plan ${leaf.planDigest} is not kept here`);
  const plan = canonicalOf(utf8(utf8Text(kept).trimEnd())) as unknown as Plan;
  const planning = await ports.planning(law, grades);
  const again = await planFor(plan.request, dayOfInstant(leaf.time), planning);
  if (!again.ok) return unknown("plan", `it cannot be made again: ${again.problems.map(({ message }) => message).join("; ")}`);
  // WHY: whose clock, and that the day is past, is no part of what was decided; an engine of another version names the law otherwise.
  const now: Plan = { ...again.value.plan, whatIf: plan.whatIf, simulated: plan.simulated, sourceDigest: plan.sourceDigest };
  if (canonicalJson(now) === canonicalJson(plan)) return { part: "plan", state: "same", says: leaf.planDigest };
  const differing = (Object.keys({ ...plan, ...now }) as (keyof Plan)[]).filter(
    (key) => JSON.stringify(plan[key]) !== JSON.stringify(now[key]),
  );
  const isData = differing.some(
    (key) => key === "classes" || key === "claims" || key === "catalogueSha256" || key === "statusSourceSha256",
  );
  if (isData) return unknown("plan", "the data, their classes or the catalogue have changed since");
  return { part: "plan", state: "differs", says: `in ${differing.join(", ")}` };
}
