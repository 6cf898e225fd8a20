import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalOf } from "../core/base/canonical-json.ts";
import { dayOfInstant } from "../core/base/civil-date.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { dutyText } from "../core/law/duties.ts";
import type { Law } from "../core/law/law.ts";
import type { LeafBodies, LoggedLeaf } from "../core/ledger/leaf.ts";
import { recipientKeyIdOf } from "../core/ledger/leaf.ts";
import { releaseHistories } from "../core/ledger/release-history.ts";
import type { PackageManifest } from "../core/package/manifest.ts";
import { payloadDigestOf } from "../core/package/manifest.ts";
import type { Plan } from "../core/plan/plan.ts";
import { sha256 } from "./sha256.ts";
import type { MadePlan, PlanPorts } from "./plan.ts";
import { planDigestOf, planFor, storedData } from "./plan.ts";
import type { ExtractedSegment, SegmentCount } from "./ports/engine.ts";
import { sealedName } from "./ports/engine.ts";
import type { KeyHolder } from "./ports/key-holder.ts";
import type { Ledger, Recorder } from "./ports/ledger.ts";
import type { PackageStage, PackageStore } from "./ports/package-store.ts";
import type { FileToSeal, SealedForm, Sealer } from "./ports/sealer.ts";
import { randomId } from "./record.ts";
import { UNPUBLISHED } from "./recover-packages.ts";
import { allLeaves } from "./shred.ts";

export type ReleasePorts = PlanPorts & {
  readonly ledger: Ledger;
  readonly record: Recorder;
  readonly keyHolder: KeyHolder;
  readonly packages: PackageStore;
  readonly sealer: Sealer;
  /** Seals a fresh file key to a package's own key. */
  readonly newHeader: (packageRecipient: string) => Promise<{ readonly header: Uint8Array; readonly fileKey: Uint8Array }>;
  /** Reads a recipient's public key file. */
  readonly recipientKey: (text: string, file: string) => string;
};

export type Released = {
  readonly releaseId: string;
  readonly folder: string;
  readonly intentIndex: number;
  readonly payloadDigest: string;
  readonly segments: readonly ExtractedSegment[];
};

/** Does exactly what a plan says, or nothing. Takes no date but the clock's. */
export async function release(planFile: string, form: SealedForm, ports: ReleasePorts): Promise<Released> {
  const { plan, text } = await readPlan(planFile, ports);
  const digest = planDigestOf(text);
  const leaves = await allLeaves(ports.ledger);
  refuseForeign(plan, digest, leaves, planFile);
  const made = await remake(plan, text, planFile, ports);
  refuseUnfit(plan, ports);
  refuseSecond(digest, leaves);
  const checked = await ports.extract.check(plan.spec);
  if (!checked.ok) throw new ProblemError(...checked.problems);
  const recipientKey = await recipientKeyOf(plan, ports);
  ports.keep({ text });
  return sealAndLog({ plan, digest, counts: made.counts, recipientKey, form }, ports);
}

async function readPlan(file: string, { files }: ReleasePorts): Promise<{ plan: Plan; text: string }> {
  const text = await files.read(file);
  if (text === undefined) throw new ProblemError(problem("E_IO", "the plan cannot be read", { at: { file } }));
  const plan = canonicalOf(utf8(text.replace(/\n$/, ""))) as Plan | null | undefined;
  if (plan?.format === "writ-plan/1" && text.endsWith("\n")) return { plan, text };
  throw new ProblemError(problem("E_STALE", "this is no plan as writ wrote it", { at: { file }, hint: ANEW }));
}

/** INVARIANT: nothing is released that was not asked on record: the ledger has an entry of every plan `writ plan` wrote down. */
function refuseForeign(plan: Plan, digest: string, leaves: readonly LoggedLeaf[], file: string): void {
  if (plan.whatIf) {
    const hint = "plan again without --on, and release that";
    throw new ProblemError(problem("E_PAST_DATE", "the plan is a what-if; only today's law releases", { at: { file }, hint }));
  }
  const isOnRecord = leaves.some(({ leaf }) => (leaf.kind === "request" || leaf.kind === "denied") && leaf.planDigest === digest);
  if (isOnRecord) return;
  throw new ProblemError(
    problem("E_STALE", "the ledger has no entry of this plan: it was altered, or made elsewhere", { at: { file }, hint: ANEW }),
  );
}

const ANEW = "make it anew with `writ plan REQUEST -o FILE`";

/** Plans the same request again today; anything that differs, a document that no longer holds included, makes the plan stale. */
async function remake(plan: Plan, text: string, file: string, ports: ReleasePorts): Promise<MadePlan> {
  const today = dayOfInstant(ports.workspace.clock.now());
  const stale = (what: string, why: readonly Problem[] = []): ProblemError =>
    new ProblemError(problem("E_STALE", `the plan is stale: ${what}`, { at: { file }, hint: ANEW }), ...why);
  if (plan.on !== today) throw stale(`it was made for ${plan.on}, and today is ${today}`);
  if (plan.sourceDigest !== ports.law.sourceDigest) throw stale("the law has changed since");
  const again = await planFor(plan.request, undefined, ports);
  if (!again.ok) throw stale("it could not be made today", again.problems);
  if (again.value.text !== text) throw stale(whatChanged(plan, again.value.plan));
  return again.value;
}

function whatChanged(before: Plan, after: Plan): string {
  const same = (of: (plan: Plan) => unknown): boolean => JSON.stringify(of(before)) === JSON.stringify(of(after));
  if (!same((plan) => plan.lawHash)) return "the law in force has changed since";
  if (!same((plan) => [plan.classes, plan.spec.datasets, plan.statusSourceSha256, plan.enrolment, plan.claims, plan.catalogueSha256]))
    return "the data or its classes have changed since";
  return "it is not what writ would plan now";
}

/** Refuses what must not go out whatever was planned: nothing, or law that nobody has reviewed. */
function refuseUnfit(plan: Plan, { law, workspace, isEntered }: ReleasePorts): void {
  if (plan.spec.segments.length === 0) {
    throw new ProblemError(
      problem("E_NOT_PERMITTED", "the plan permits nothing", { hint: "`writ plan` shows which paragraph withholds what" }),
    );
  }
  if (plan.request.action !== "disclose") {
    const hint = "ask with `action: disclose`, and release what that plan permits";
    throw new ProblemError(problem("E_NOT_PERMITTED", `a package is a copy to keep, and the plan is to ${plan.request.action}`, { hint }));
  }
  if (workspace.clock.simulated) return;
  const unread = plan.restsOn.filter((rule) => law.reviewed?.includes(rule) !== true);
  if (unread.length > 0) throw new ProblemError(...unread.map((name) => unreviewed(name, law)));
  if (isEntered) return;
  const hint = "have counsel enter it: `writ law enter --all --key FILE`";
  throw new ProblemError(problem("E_UNENTERED", "the law of this workspace was never entered", { hint }));
}

function unreviewed(name: string, law: Law): Problem {
  const rule = law.rules.find((one) => one.name === name);
  const file = rule?.at.file ?? "law";
  const hint = `have it read and signed: \`writ law review law/${file}#${name.slice((rule?.instrument.length ?? 0) + 1)} --key FILE\``;
  return problem("E_REVIEW", `${rule?.cite ?? name} is not reviewed`, { at: rule?.at ?? { file }, hint });
}

/** One plan is released once, unless what came of it was aborted or shredded. */
function refuseSecond(planDigest: string, leaves: readonly LoggedLeaf[]): void {
  const histories = [...releaseHistories(leaves).values()];
  const live = histories.find(
    (one) => one.intent?.leaf.planDigest === planDigest && one.aborted === undefined && one.shredded === undefined,
  );
  if (live?.intent === undefined) return;
  const hint = `it is in private/packages/${live.intent.leaf.releaseId}`;
  throw new ProblemError(problem("E_DUPLICATE", "this plan was already released", { hint }));
}

async function recipientKeyOf({ request }: Plan, ports: ReleasePorts): Promise<string> {
  if (request.recipientKey === undefined) {
    const hint = "add recipientKey: recipients/NAME.pub; the recipient makes it with `writ key new`";
    throw new ProblemError(problem("E_KEY", "the request names no recipient key", { hint }));
  }
  const text = await ports.files.read(resolve(ports.workspace.root, request.recipientKey));
  if (text === undefined)
    throw new ProblemError(problem("E_KEY", "the recipient's key cannot be read", { at: { file: request.recipientKey } }));
  return ports.recipientKey(text, request.recipientKey);
}

type Act = {
  readonly plan: Plan;
  readonly digest: string;
  readonly counts: readonly SegmentCount[];
  readonly recipientKey: string;
  readonly form: SealedForm;
};

/**
 * Seals to staging with the key held, then writes the intent, then publishes.
 * INVARIANT: whatever fails before the intent leaves no package and no key; whatever fails after it is logged as aborted.
 */
async function sealAndLog(act: Act, ports: ReleasePorts): Promise<Released> {
  const releaseId = randomId();
  const stage = ports.packages.stage(releaseId);
  let intentIndex: number | undefined;
  let sealed: Sealed;
  let folder: string;
  try {
    sealed = await seal(act, releaseId, stage, ports);
    intentIndex = (await ports.record("intent", intentBody(act, releaseId, sealed.manifest))).index;
    folder = stage.publish(await ports.ledger.receipt(intentIndex));
  } catch (thrown) {
    stage.discard();
    await ports.keyHolder.destroy(releaseId);
    if (intentIndex !== undefined) await ports.record("aborted", { releaseId, reason: UNPUBLISHED });
    throw thrown;
  }
  // WHY outside: the package is whole now; should this entry fail, the next command makes it (recover-packages.ts).
  await ports.record("released", { releaseId, intentIndex });
  return { releaseId, folder, intentIndex, payloadDigest: sealed.manifest.payloadDigest, segments: sealed.segments };
}

type Sealed = { readonly segments: readonly ExtractedSegment[]; readonly manifest: PackageManifest };

async function seal(
  { plan, digest, counts, recipientKey, form }: Act,
  releaseId: string,
  stage: PackageStage,
  ports: ReleasePorts,
): Promise<Sealed> {
  const { packageRecipient } = await ports.keyHolder.create(releaseId, recipientKey);
  const files: FileToSeal[] = [];
  for (const { segment } of plan.spec.segments)
    files.push({ name: sealedName(segment, form), ...(await ports.newHeader(packageRecipient)) });
  const session = await ports.sealer.open(stage.folder, files, form);
  const segments = await ports.extract.extract(plan.spec, session, {
    stored: storedData(
      plan.spec.datasets.map((one) => one.digest),
      ports,
    ),
    // WHY drawn here and kept nowhere: pseudonyms of two releases can never be joined, nor be turned back by anyone.
    pseudonymKey: randomBytes(32),
    form,
    counts,
  });
  const listed = segments.map(({ name, sizeBytes, sha256: hash }) => ({ name, sizeBytes, sha256: hash }));
  const manifest: PackageManifest = {
    format: "writ-package/1",
    releaseId,
    custodian: plan.request.from,
    planDigest: digest,
    recipient: plan.request.to,
    recipientKeyId: recipientKeyIdOf(sha256, recipientKey),
    packageRecipient,
    terms: termsOf(plan, ports.law),
    files: listed,
    payloadDigest: payloadDigestOf(sha256, listed),
  };
  stage.close(manifest);
  return { segments, manifest };
}

const termsOf = ({ request, on, lawHash, duties }: Plan, { vocabulary }: Law): readonly string[] => [
  `For ${request.purpose} by ${request.to} only.`,
  "Not to be passed on except as the law in force on the day of passing on permits.",
  ...duties.map((duty) => `${dutyText(duty)}: ${vocabulary.duties.find(({ id }) => id === duty.id)?.title ?? duty.id}.`),
  `Released under the law in force on ${on}, ${lawHash}.`,
];

const intentBody = ({ plan, digest }: Act, releaseId: string, manifest: PackageManifest): LeafBodies["intent"] => ({
  recipient: plan.request.to,
  purpose: plan.request.purpose,
  action: plan.request.action,
  dataset: datasetText(plan),
  fields: [...new Set(plan.permitted.flatMap((one) => one.fields))].sort(),
  sourceDigest: plan.sourceDigest,
  lawHash: plan.lawHash,
  releaseId,
  recipientKeyId: manifest.recipientKeyId,
  planDigest: digest,
  payloadDigest: manifest.payloadDigest,
  datasetDigests: plan.spec.datasets.map((one) => one.digest),
  people: Object.fromEntries(plan.permitted.map((one) => [one.origin, one.people])),
  ...(plan.duties.length === 0 ? {} : { terms: plan.duties.map(dutyText) }),
});

export const datasetText = ({ request }: Plan): string => `${request.dataset.dataset}@${request.dataset.period}`;

/** Records that something was asked: permitted in part, or not at all. What-ifs are questions and are not recorded. */
export async function recordPlan(made: MadePlan, record: Recorder, { keep }: Pick<PlanPorts, "keep">): Promise<void> {
  const { plan, digest } = made;
  if (plan.whatIf) return;
  // INVARIANT: what an entry names is kept before the entry is made.
  keep(made);
  const { request } = plan;
  const asked = {
    recipient: request.to,
    purpose: request.purpose,
    action: request.action,
    dataset: datasetText(plan),
    fields: plan.asked.fields,
    sourceDigest: plan.sourceDigest,
    lawHash: plan.lawHash,
    planDigest: digest,
  };
  const reasons = [...new Set(plan.withheld.flatMap((one) => one.cites))].slice(0, 20);
  if (plan.permitted.length === 0) await record("denied", { ...asked, reasons });
  else await record("request", { ...asked, people: Object.fromEntries(plan.permitted.map((one) => [one.origin, one.people])) });
}
