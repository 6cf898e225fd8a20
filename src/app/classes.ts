import { dirname, join } from "node:path";
import type { CivilDate } from "../core/base/civil-date.ts";
import { addDays } from "../core/base/civil-date.ts";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalJson } from "../core/base/canonical-json.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { catalogueDigest } from "../core/catalog/digest.ts";
import { classSource } from "../core/catalog/class-source.ts";
import { readEvidence } from "../core/catalog/evidence-bits.ts";
import type { ClassTable, RowClass } from "../core/catalog/row-class.ts";
import { facetLeaves, facetsOf, rowClasses } from "../core/catalog/row-class.ts";
import type { Vocabulary } from "../core/law/vocabulary.ts";
import { fundingByCode, parseAidCodes } from "../core/sidecar/aid-codes.ts";
import type { AidCodeManifest, StatusManifest } from "../core/sidecar/sidecar-manifest.ts";
import type { BitGroup, ClassEngine, ClassOrder } from "./ports/class-engine.ts";
import type { ClassStore, StoredClasses } from "./ports/class-store.ts";
import type { StoredDataset } from "./ports/dataset-store.ts";
import type { SidecarStore, StoredSidecar } from "./ports/sidecar-store.ts";
import { sha256, sha256Hex } from "./sha256.ts";

/** Findings older than this on the day asked about count as no findings. */
export const FRESH_DAYS = 30;
/** Part of every cache key: raise it when the meaning of evidence changes. */
const RULES_VERSION = 2;

export type ClassQuestion = {
  readonly dataset: StoredDataset;
  readonly catalogue: Catalogue;
  readonly asOf: CivilDate;
  readonly statusSource?: StoredSidecar<StatusManifest>;
  readonly aidMap?: StoredSidecar<AidCodeManifest>;
  /** Submissions of the same origin that tell who the people are. */
  readonly enrolment?: Enrolment;
  /** Lists of people that documents of a request name. */
  readonly lists?: readonly PeopleList[];
};

/** Submissions of one dataset, by one catalogue. */
export type Enrolment = { readonly catalogue: Catalogue; readonly datasets: readonly StoredDataset[] };

/** A list by its digest, with the keys of those on it who are of this submission's state. */
export type PeopleList = { readonly sha256: string; readonly keys: readonly string[] };

export type ClassPorts = {
  readonly engine: ClassEngine;
  readonly classes: ClassStore;
  readonly sidecars: SidecarStore;
  readonly vocabulary: Vocabulary;
};

/** Who of a submission belongs to which row class on a day; from the cache when the same was asked before. */
export async function resolveClasses(question: ClassQuestion, ports: ClassPorts): Promise<Checked<StoredClasses>> {
  const { dataset, catalogue, enrolment } = question;
  const changed = [changedSince(catalogue, dataset), ...(enrolment?.datasets ?? []).map((one) => changedSince(enrolment?.catalogue, one))];
  const problems = changed.flatMap((found) => found ?? []);
  if (problems.length > 0) return { ok: false, problems };
  const key = keyOf(question, ports.vocabulary);
  const kept = await ports.classes.find(dataset.folder, key);
  if (kept !== undefined) return pass(kept);
  const funding = readFunding(question, ports);
  if (!funding.ok) return funding;
  const status = question.statusSource === undefined ? undefined : await ports.sidecars.verifyTable(question.statusSource);
  if (status?.ok === false) return status;
  const stage = ports.classes.stage(dataset.folder, key);
  try {
    let classes: readonly RowClass[] = [];
    await ports.engine.resolve(orderOf(question, ports.vocabulary, funding.value, stage.file, status?.value), (groups) => {
      const resolved = classesOf(groups, question, ports.vocabulary);
      classes = resolved.classes;
      return resolved.classOf;
    });
    return pass(await stage.keep({ format: "writ-classes/1", asOf: question.asOf, ...sidecarDigests(question), classes }));
  } finally {
    stage.discard();
  }
}

function changedSince(catalogue: Catalogue | undefined, { manifest, digest }: StoredDataset): Problem | undefined {
  if (catalogue !== undefined && catalogueDigest(catalogue, sha256) === manifest.catalogueSha256) return undefined;
  const hint = "use the catalogue the submission was taken in with, or take it in again";
  return problem("E_DATASET", `the catalogue of ${manifest.dataset} has changed since ${digest.slice(0, 16)}… was taken in`, { hint });
}

const sidecarDigests = ({ statusSource, aidMap, enrolment }: ClassQuestion): Pick<ClassTable, "statusSource" | "aidMap" | "enrolment"> => ({
  ...(statusSource === undefined ? {} : { statusSource: statusSource.digest }),
  ...(aidMap === undefined ? {} : { aidMap: aidMap.digest }),
  ...(enrolment === undefined ? {} : { enrolment: enrolment.datasets.map(({ digest }) => digest) }),
});

function keyOf(question: ClassQuestion, vocabulary: Vocabulary): string {
  const asked = {
    rules: RULES_VERSION,
    dataset: question.dataset.digest,
    asOf: question.asOf,
    ...sidecarDigests(question),
    ...(question.lists === undefined ? {} : { lists: question.lists.map((list) => list.sha256) }),
    leaves: facetLeaves(vocabulary),
  };
  return sha256Hex(utf8(canonicalJson(asked)));
}

function readFunding({ aidMap, dataset, asOf }: ClassQuestion, ports: ClassPorts): Checked<ReadonlyMap<string, readonly string[]>> {
  if (aidMap === undefined) return pass(new Map());
  const text = ports.sidecars.readSource(aidMap);
  if (!text.ok) return text;
  const { population, funding } = facetLeaves(ports.vocabulary);
  const states = ports.vocabulary.jurisdictions.map(({ id }) => id);
  const codes = parseAidCodes(`aid-code map ${aidMap.digest.slice(0, 16)}…`, text.value, { states, populations: population, funding });
  return codes.ok ? pass(fundingByCode(codes.value, dataset.manifest.origin, asOf)) : codes;
}

function orderOf(
  { dataset, catalogue, asOf, statusSource, enrolment, lists = [] }: ClassQuestion,
  vocabulary: Vocabulary,
  funding: ReadonlyMap<string, readonly string[]>,
  output: string,
  statusFile: string | undefined,
): ClassOrder {
  const segmentFiles = new Map(dataset.manifest.segments.map(({ id, file }) => [id, join(dataset.folder, file)]));
  const others = [...(statusSource === undefined ? [] : [statusSource.folder]), ...(enrolment?.datasets ?? []).map(({ folder }) => folder)];
  const folders = [dataset.folder, dirname(output), ...others];
  const observedFrom = addDays(asOf, -FRESH_DAYS);
  const order = {
    source: classSource(catalogue),
    leaves: facetLeaves(vocabulary),
    asOf,
    people: dataset.manifest.people,
    segmentFiles,
    observedFrom,
    funding,
    named: lists.map((list) => list.keys),
    output,
    folders,
    ...(enrolment === undefined ? {} : { enrolment: { source: classSource(enrolment.catalogue), segmentFiles: filesOf(enrolment) } }),
  };
  return statusFile === undefined ? order : { ...order, statusFile };
}

function filesOf({ datasets }: Enrolment): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const { folder, manifest } of datasets) {
    for (const { id, file } of manifest.segments) files.set(id, [...(files.get(id) ?? []), join(folder, file)]);
  }
  return files;
}

function classesOf(
  groups: readonly BitGroup[],
  { dataset, enrolment, lists }: ClassQuestion,
  vocabulary: Vocabulary,
): ReturnType<typeof rowClasses> {
  const leaves = facetLeaves(vocabulary);
  const { origin: submitted } = dataset.manifest;
  const idIsSsn = [dataset, ...(enrolment?.datasets ?? [])].some(({ manifest }) => manifest.idIsSsn);
  return rowClasses(
    groups.map(({ bits, origin, people }) => ({
      facets: facetsOf(
        readEvidence(bits, leaves),
        leaves,
        origin ?? submitted,
        idIsSsn,
        lists?.map((list) => list.sha256),
      ),
      people,
    })),
  );
}

/** The map that counts for a state: of those that speak about it, the one taken in last. */
export const aidMapFor = (stored: readonly StoredSidecar[], state: string): StoredSidecar<AidCodeManifest> | undefined =>
  stored
    .filter(
      (one): one is StoredSidecar<AidCodeManifest> => one.manifest.format === "writ-aid-codes/1" && one.manifest.states.includes(state),
    )
    .sort((a, b) => b.manifest.sequence - a.manifest.sequence)[0];

/** The status source a request names. */
export function statusSourceNamed(stored: readonly StoredSidecar[], name: string): Checked<StoredSidecar<StatusManifest>> {
  const sources = stored.filter((one): one is StoredSidecar<StatusManifest> => one.manifest.format === "writ-status/1");
  const found = sources.find(({ manifest }) => manifest.name === name);
  if (found !== undefined) return pass(found);
  const known = sources.map(({ manifest }) => manifest.name).join(", ");
  const hint = known === "" ? "take it in with `writ intake --status FILE --name NAME --asserter PARTY`" : `known status sources: ${known}`;
  return fail(problem("E_EVIDENCE", `there is no status source "${name}"`, { hint }));
}
