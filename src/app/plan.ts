import { resolve } from "node:path";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalJson } from "../core/base/canonical-json.ts";
import type { Checked } from "../core/base/checked.ts";
import { all, fail, pass } from "../core/base/checked.ts";
import type { CivilDate } from "../core/base/civil-date.ts";
import { dayOfInstant } from "../core/base/civil-date.ts";
import { nearestHint } from "../core/base/nearest.ts";
import type { Place } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { WeighedSegment } from "../core/catalog/claim-table.ts";
import { submissionsOf } from "../core/catalog/dataset-reference.ts";
import type { SpecialCodes } from "../core/catalog/special-codes.ts";
import type { DatasetManifest } from "../core/intake/manifest.ts";
import type { Law } from "../core/law/law.ts";
import type { Plan, PlanInput } from "../core/plan/plan.ts";
import type { PlanDataset } from "../core/plan/plan-dataset.ts";
import { marksOf } from "../core/plan/plan-dataset.ts";
import { makePlan } from "../core/plan/plan.ts";
import type { ExtractFacts } from "../core/plan/whole-extract.ts";
import { groupOf, isSameAside, NOTHING_ASIDE, setAsideBy } from "../core/plan/whole-extract.ts";
import type { Locate, ReleaseRequest } from "../core/plan/release-request.ts";
import { evidenceProblems } from "../core/plan/attached-evidence.ts";
import { locator, NOWHERE, parseReleaseRequest } from "../core/plan/release-request.ts";
import type { StatusManifest } from "../core/sidecar/sidecar-manifest.ts";
import { dayView } from "../core/verdict/day-view.ts";
import { lawHash } from "../core/verdict/law-hash.ts";
import type { ClassPorts, ClassQuestion, Enrolment } from "./classes.ts";
import type { ClaimPorts } from "./claim-versions.ts";
import { weighClaims } from "./claim-versions.ts";
import { aidMapFor, resolveClasses, statusSourceNamed } from "./classes.ts";
import type { NamingPorts } from "./named-people.ts";
import { namedPeople } from "./named-people.ts";
import { dataKeyOf } from "./stored-files.ts";
import { sha256, sha256Hex } from "./sha256.ts";
import type { DataKey } from "./ports/data-vault.ts";
import type { DatasetStore, StoredDataset } from "./ports/dataset-store.ts";
import type { ExtractEngine, SegmentCount, StoredData } from "./ports/engine.ts";
import type { PlanFiles } from "./ports/plan-files.ts";
import type { StoredSidecar } from "./ports/sidecar-store.ts";
import type { Workspace } from "./workspace.ts";

export type PlanPorts = ClassPorts &
  ClaimPorts &
  NamingPorts & {
    readonly workspace: Workspace;
    /** Loaded from source: a plan trusts no cache. */
    readonly law: Law;
    /** Whether the ledger says that this law was entered. */
    readonly isEntered: boolean;
    readonly store: DatasetStore;
    readonly extract: ExtractEngine;
    readonly files: PlanFiles;
    /** Keeps the law and the plan by their digests, so that the decision can be made again. */
    readonly keep: (made: Pick<MadePlan, "text">) => void;
  };

/** A plan, its exact bytes, and the exact counts that stay private. */
export type MadePlan = { readonly plan: Plan; readonly text: string; readonly digest: string; readonly counts: readonly SegmentCount[] };

export const planDigestOf = (text: string): string => sha256Hex(utf8(text));

/** Plans what a request file asks for, on the clock's day or, as a what-if, on another. */
export async function planFrom(file: string, on: CivilDate | undefined, ports: PlanPorts): Promise<Checked<MadePlan>> {
  const text = await ports.files.read(file);
  if (text === undefined) return fail(problem("E_IO", "the request cannot be read", { at: { file } }));
  const request = parseReleaseRequest(file, text, ports.law);
  return request.ok ? planFor(request.value, on, ports, locator(file, text)) : request;
}

/** The same from a request already read, as a release does again before it acts. */
export async function planFor(
  request: ReleaseRequest,
  on: CivilDate | undefined,
  ports: PlanPorts,
  locate: Locate = NOWHERE,
): Promise<Checked<MadePlan>> {
  const { workspace, law } = ports;
  const today = dayOfInstant(workspace.clock.now());
  const day = on ?? today;
  const refused = await standing(request, day, ports, locate);
  if (!refused.ok) return refused;
  const gathered = await gather(request, day, ports, locate);
  if (!gathered.ok) return gathered;
  const view = dayView(law, day, workspace.admittedGrades);
  const hash = lawHash(view, sha256);
  const [whatIf, simulated] = [day !== today, workspace.clock.simulated];
  return settled({ ...gathered.value, view, lawHash: hash, request, whatIf, simulated, locate }, ports);
}

/** Plans, counts, and plans again without the permits whose terms the whole extract does not meet, until all that count are met. */
async function settled(input: PlanInput, ports: PlanPorts): Promise<Checked<MadePlan>> {
  const stored = storedData(
    input.datasets.map(({ digest }) => digest),
    ports,
  );
  let setAside = NOTHING_ASIDE;
  for (;;) {
    const made = makePlan({ ...input, setAside });
    if (!made.ok) return made;
    const plan = made.value;
    const counts = plan.spec.segments.length === 0 ? [] : await ports.extract.count(plan.spec, stored);
    const rules = input.view.permits.filter((rule) => rule.whole !== undefined && plan.restsOn.includes(rule.name));
    const next = setAsideBy(rules, factsOf(plan, input.datasets, counts), setAside);
    if (isSameAside(setAside, next)) {
      const text = `${canonicalJson(plan)}\n`;
      return pass({ plan, text, digest: planDigestOf(text), counts });
    }
    setAside = next;
  }
}

function factsOf(plan: Plan, datasets: readonly PlanDataset[], counts: readonly SegmentCount[]): ExtractFacts {
  const groups = new Map(
    datasets.flatMap(({ digest, classes }) => classes.classes.map((one) => [`${digest} ${one.id}`, groupOf(one.facets)] as const)),
  );
  const people = new Map<string, ExtractFacts["counts"][number]>();
  for (const { segment, classes } of counts) {
    for (const one of classes) {
      const group = groups.get(`${one.dataset} ${one.classId}`) ?? "";
      const key = `${segment} ${group}`;
      people.set(key, { segment, group, people: one.people + (people.get(key)?.people ?? 0) });
    }
  }
  return { counts: [...people.values()], categories: [...new Set(plan.permitted.flatMap((one) => one.fields))] };
}

/** The datasets an extract reads, with the keys that open them. Throws E_KEY where one is missing. */
export function storedData(digests: readonly string[], { store, vault, workspace }: PlanPorts): StoredData {
  const stored = store.list();
  if (!stored.ok) throw new ProblemError(...stored.problems);
  const keys = stored.value
    .filter(({ digest }) => digests.includes(digest))
    .map((one): [string, DataKey] => {
      const key = dataKeyOf(one, vault.keys);
      if (!key.ok) throw new ProblemError(...key.problems);
      return [one.digest, key.value];
    });
  return { folder: workspace.paths.datasets, keys: new Map(keys) };
}

/** Whether the request may be judged at all here: by its own custodian, on documents that are what they say. */
async function standing(request: ReleaseRequest, day: CivilDate, { workspace, files }: PlanPorts, locate: Locate): Promise<Checked<true>> {
  if (request.from !== workspace.custodian) {
    const hint = `this workspace is ${workspace.custodian}'s`;
    return fail(problem("E_REQUEST", `the request asks ${request.from} to disclose`, { hint, ...placed(locate("from")) }));
  }
  const expired = evidenceProblems(request, day);
  if (expired.length > 0) return { ok: false, problems: expired };
  const checked = request.evidence.map(async ({ file, sha256: said }): Promise<Checked<true>> => {
    const found = await files.digest(resolve(workspace.root, file));
    if (found === undefined)
      return fail(problem("E_EVIDENCE", "the document cannot be read", { at: { file }, hint: "paths are from the workspace" }));
    const hint = "attach the document that was verified";
    return found === said
      ? pass(true)
      : fail(problem("E_EVIDENCE", "the document is not the one with that sha256", { at: { file }, hint }));
  });
  const results = all(await Promise.all(checked));
  return results.ok ? pass(true) : results;
}

const placed = (at: Place | undefined): { at?: Place } => (at === undefined ? {} : { at });

type Gathered = Pick<Parameters<typeof makePlan>[0], "catalogue" | "catalogueSha256" | "datasets" | "statusSourceSha256">;

async function gather(request: ReleaseRequest, day: CivilDate, ports: PlanPorts, locate: Locate): Promise<Checked<Gathered>> {
  const { dataset, period } = request.dataset;
  const versions = ports.catalogues.filter((one) => one.dataset === dataset && one.form !== "unread");
  const names = ports.catalogues.map((one) => one.dataset);
  const at = placed(locate("dataset"));
  if (versions.length === 0)
    return fail(problem("E_DATASET", `unknown dataset "${dataset}"`, { hint: nearestHint(dataset, names, "catalog/"), ...at }));
  const stored = ports.store.list();
  if (!stored.ok) return stored;
  const submissions = submissionsOf(request.dataset, stored.value);
  const asked = submissions.filter(({ manifest }) => request.origins.length === 0 || request.origins.includes(manifest.origin));
  const [first] = asked;
  if (first === undefined) {
    const hint = `take submissions in with \`writ intake\`; there are ${submissions.length} of ${dataset}@${period}`;
    return fail(problem("E_DATASET", "no submission holds what is asked for", { hint, ...at }));
  }
  const catalogue = versions.find((one) => one.version === first.manifest.dictionary);
  if (catalogue === undefined || asked.some(({ manifest }) => manifest.dictionary !== catalogue.version)) {
    const hint = "name origins of one dictionary version, or add the catalogue the submission was taken in with";
    return fail(problem("E_DATASET", `the submissions of ${dataset}@${period} are not all of one known dictionary`, { hint, ...at }));
  }
  const status = statusFor(request, ports, locate);
  if (!status.ok) return status;
  const enrolled = enrolmentFor(request, stored.value, ports, locate);
  if (!enrolled.ok) return enrolled;
  const people = await namedPeople(request, ports.workspace.root, ports);
  if (!people.ok) return people;
  const resolved: Checked<PlanDataset>[] = [];
  // WHY one after another: each resolution may use all the memory an engine is allowed.
  for (const one of asked) {
    const told = enrolled.value.find(({ origin }) => origin === one.manifest.origin)?.enrolment;
    const lists = people.value(one.manifest.origin);
    const known = {
      ...(lists.length === 0 ? {} : { lists }),
      ...(status.value === undefined ? {} : { statusSource: status.value }),
      ...(told === undefined ? {} : { enrolment: told }),
    };
    resolved.push(await planDataset({ dataset: one, catalogue, asOf: day, ...known }, ports));
  }
  const datasets = all(resolved);
  if (!datasets.ok) return datasets;
  return pass({
    catalogue,
    catalogueSha256: first.manifest.catalogueSha256,
    datasets: datasets.value,
    ...(status.value === undefined ? {} : { statusSourceSha256: status.value.manifest.sourceSha256 }),
  });
}

/** INVARIANT: nobody opens records by what they themselves assert of the people in them. */
function statusFor(request: ReleaseRequest, ports: PlanPorts, locate: Locate): Checked<StoredSidecar<StatusManifest> | undefined> {
  if (request.statusSource === undefined) return pass(undefined);
  const sidecars = ports.sidecars.list();
  if (!sidecars.ok) return sidecars;
  const found = statusSourceNamed(sidecars.value, request.statusSource);
  if (!found.ok || found.value.manifest.asserter !== request.to) return found;
  const hint = "status must be asserted by a party other than the one who receives the records";
  const at = placed(locate("statusSource"));
  return fail(problem("E_EVIDENCE", `the status source "${request.statusSource}" is asserted by the recipient`, { hint, ...at }));
}

type OriginEnrolment = { readonly origin: string; readonly enrolment: Enrolment };

/** Submissions of the dataset a request names for who its people are, by origin. An origin without one is left unknown. */
function enrolmentFor(
  request: ReleaseRequest,
  stored: readonly StoredDataset[],
  ports: PlanPorts,
  locate: Locate,
): Checked<readonly OriginEnrolment[]> {
  if (request.enrolment === undefined) return pass([]);
  const found = submissionsOf(request.enrolment, stored);
  const at = placed(locate("enrolment"));
  const { dataset, period } = request.enrolment;
  if (found.length === 0) return fail(problem("E_DATASET", `nothing is stored for ${dataset}@${period}`, at));
  const perOrigin = [...new Set(found.map(({ manifest }) => manifest.origin))].map((origin): Checked<OriginEnrolment> => {
    const datasets = found.filter(({ manifest }) => manifest.origin === origin);
    const versions = new Set(datasets.map(({ manifest }) => manifest.dictionary));
    const catalogue = ports.catalogues.find((one) => one.dataset === dataset && versions.has(one.version));
    if (catalogue !== undefined && versions.size === 1) return pass({ origin, enrolment: { catalogue, datasets } });
    return fail(problem("E_DATASET", `the submissions of ${dataset}@${period} from ${origin} are not all of one known dictionary`, at));
  });
  return all(perOrigin);
}

async function planDataset(known: ClassQuestion, ports: PlanPorts): Promise<Checked<PlanDataset>> {
  const sidecars = ports.sidecars.list();
  if (!sidecars.ok) return sidecars;
  const { manifest, folder, digest } = known.dataset;
  const aidMap = aidMapFor(sidecars.value, manifest.origin);
  const question = aidMap === undefined ? known : { ...known, aidMap };
  const classes = await resolveClasses(question, ports);
  if (!classes.ok) return classes;
  const claims = await weighClaims(known.dataset, ports);
  if (!claims.ok) return claims;
  return pass({
    digest,
    origin: manifest.origin,
    idIsSsn: manifest.idIsSsn,
    classes: classes.value.table,
    classesFile: classes.value.parquetFile.slice(folder.length + 1).replaceAll("\\", "/"),
    segmentFiles: Object.fromEntries(manifest.segments.map(({ id, file }) => [id, file])),
    marks: markedSegments(claims.value?.segments ?? [], manifest, ports.specialCodes),
    ...(claims.value === undefined ? {} : { claims: claims.value }),
  });
}

const markedSegments = (
  weighed: readonly WeighedSegment[],
  { specialCodesSha256 }: DatasetManifest,
  { sha256: loaded }: SpecialCodes,
): NonNullable<PlanDataset["marks"]> =>
  Object.fromEntries(weighed.map(({ id, marks }) => [id, marksOf(marks, specialCodesSha256 === loaded)]));
