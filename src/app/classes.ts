import { basename, join } from "node:path";
import type { CivilDate } from "../core/base/civil-date.ts";
import { addDays } from "../core/base/civil-date.ts";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalJson } from "../core/base/canonical-json.ts";
import type { Checked } from "../core/base/checked.ts";
import { all, fail, pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { catalogueDigest } from "../core/catalog/digest.ts";
import { classSource } from "../core/catalog/class-source.ts";
import { readEvidence } from "../core/catalog/evidence-bits.ts";
import type { ClassTable, RowClass } from "../core/catalog/row-class.ts";
import { facetLeaves, facetsOf, rowClasses } from "../core/catalog/row-class.ts";
import type { Vocabulary } from "../core/law/vocabulary.ts";
import type { AidCode } from "../core/sidecar/aid-codes.ts";
import { fundingByCode, parseAidCodes } from "../core/sidecar/aid-codes.ts";
import { wordsOf } from "./sidecars.ts";
import type { AidCodeManifest, StatusManifest } from "../core/sidecar/sidecar-manifest.ts";
import type { BitGroup, ClassEngine, ClassOrder } from "./ports/class-engine.ts";
import type { ClassStore, StoredClasses } from "./ports/class-store.ts";
import type { DataKey, DataKeys, DataVault, StoredFile } from "./ports/data-vault.ts";
import type { StoredDataset } from "./ports/dataset-store.ts";
import type { SidecarStore, StoredSidecar } from "./ports/sidecar-store.ts";
import { dataKeyOf, throughPipes } from "./stored-files.ts";
import { sha256, sha256Hex } from "./sha256.ts";

/** Findings older than this on the day asked about count as no findings. */
export const FRESH_DAYS = 30;
/** Part of every cache key: raise it when the meaning of evidence changes. */
const RULES_VERSION = 3;

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
  readonly vault: DataVault;
};

/** Who of a submission belongs to which row class on a day; from the cache when the same was asked before. */
export async function resolveClasses(question: ClassQuestion, ports: ClassPorts): Promise<Checked<StoredClasses>> {
  const { dataset, catalogue, enrolment } = question;
  const changed = [changedSince(catalogue, dataset), ...(enrolment?.datasets ?? []).map((one) => changedSince(enrolment?.catalogue, one))];
  const problems = changed.flatMap((found) => found ?? []);
  if (problems.length > 0) return { ok: false, problems };
  // WHY before the cache: classes of what was shredded must not be planned with.
  const opened = dataKeyOf(dataset, ports.vault.keys);
  if (!opened.ok) return opened;
  const key = keyOf(question, ports.vocabulary);
  const kept = await ports.classes.find(dataset.folder, key);
  if (kept !== undefined) return pass(kept);
  const funding = readFunding(question, ports);
  if (!funding.ok) return funding;
  const files = await storedFilesOf(question, ports);
  if (!files.ok) return files;
  const stage = ports.classes.stage(dataset.folder, key);
  try {
    let classes: readonly RowClass[] = [];
    const output: StoredFile = { key: files.value.dataKey, name: stage.name, path: stage.file };
    const { sha256: hash } = await throughPipes(ports.vault, async (pipes) =>
      ports.engine.resolve({ ...orderOf(question, ports.vocabulary, funding.value), ...files.value, output, pipes }, (groups) => {
        const resolved = classesOf(groups, question, ports.vocabulary);
        classes = resolved.classes;
        return resolved.classOf;
      }),
    );
    return pass(stage.keep({ format: "writ-classes/1", asOf: question.asOf, ...sidecarDigests(question), classes, sha256: hash }));
  } finally {
    stage.discard();
  }
}

function changedSince(catalogue: Catalogue | undefined, { manifest, digest }: StoredDataset): Problem | undefined {
  if (catalogue !== undefined && catalogueDigest(catalogue, sha256) === manifest.catalogueSha256) return undefined;
  const hint = "use the catalogue the submission was taken in with, or take it in again";
  return problem("E_DATASET", `the catalogue of ${manifest.dataset} has changed since ${digest.slice(0, 16)}… was taken in`, { hint });
}

type ConsultedFiles = Pick<ClassOrder, "segmentFiles" | "statusFile" | "enrolment"> & { readonly dataKey: DataKey };

/** The files to be consulted, with the keys that open them. */
async function storedFilesOf({ dataset, statusSource, enrolment }: ClassQuestion, ports: ClassPorts): Promise<Checked<ConsultedFiles>> {
  const { keys } = ports.vault;
  const own = filesOf(dataset, keys);
  if (!own.ok) return own;
  const enrolled = all((enrolment?.datasets ?? []).map((one) => filesOf(one, keys)));
  if (!enrolled.ok) return enrolled;
  const source = enrolment === undefined ? undefined : classSource(enrolment.catalogue);
  const told = source === undefined ? {} : { enrolment: { source, segmentFiles: together(enrolled.value) } };
  if (statusSource === undefined) return pass({ ...own.value, ...told });
  const path = await ports.sidecars.verifyTable(statusSource);
  if (!path.ok) return path;
  const statusKey = keys.find(statusSource.manifest.keyId);
  if (!statusKey.ok) return statusKey;
  const statusFile = { key: statusKey.value, name: basename(path.value), path: path.value };
  return pass({ ...own.value, ...told, statusFile });
}

type DatasetFiles = { readonly dataKey: DataKey; readonly segmentFiles: ReadonlyMap<string, StoredFile> };

function filesOf(dataset: StoredDataset, keys: DataKeys): Checked<DatasetFiles> {
  const { manifest, folder } = dataset;
  const found = dataKeyOf(dataset, keys);
  if (!found.ok) return found;
  const key = found.value;
  return pass({
    dataKey: key,
    segmentFiles: new Map(manifest.segments.map(({ id, file }) => [id, { key, name: file, path: join(folder, file) }])),
  });
}

function together(datasets: readonly DatasetFiles[]): ReadonlyMap<string, readonly StoredFile[]> {
  const files = new Map<string, StoredFile[]>();
  for (const { segmentFiles } of datasets) {
    for (const [id, file] of segmentFiles) files.set(id, [...(files.get(id) ?? []), file]);
  }
  return files;
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
  const codes = aidCodesOf(aidMap, ports);
  return codes.ok ? pass(fundingByCode(codes.value, dataset.manifest.origin, asOf)) : codes;
}

/** The lines of a stored aid-code map. */
export function aidCodesOf(
  aidMap: StoredSidecar<AidCodeManifest>,
  ports: Pick<ClassPorts, "sidecars" | "vocabulary">,
): Checked<readonly AidCode[]> {
  const text = ports.sidecars.readSource(aidMap);
  return text.ok ? parseAidCodes(`aid-code map ${aidMap.digest.slice(0, 16)}…`, text.value, wordsOf(ports.vocabulary)) : text;
}

function orderOf(
  { dataset, catalogue, asOf, statusSource, enrolment, lists = [] }: ClassQuestion,
  vocabulary: Vocabulary,
  funding: ReadonlyMap<string, readonly string[]>,
): Omit<ClassOrder, keyof ConsultedFiles | "output" | "pipes"> {
  return {
    source: classSource(catalogue),
    leaves: facetLeaves(vocabulary),
    asOf,
    people: dataset.manifest.people,
    observedFrom: addDays(asOf, -FRESH_DAYS),
    funding,
    named: lists.map((list) => list.keys),
    folders: [
      dataset.folder,
      ...(statusSource === undefined ? [] : [statusSource.folder]),
      ...(enrolment?.datasets ?? []).map(({ folder }) => folder),
    ],
  };
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
  const sources = stored.filter((one): one is StoredSidecar<StatusManifest> => one.manifest.format === "writ-status/2");
  const found = sources.find(({ manifest }) => manifest.name === name);
  if (found !== undefined) return pass(found);
  const known = sources.map(({ manifest }) => manifest.name).join(", ");
  const hint = known === "" ? "take it in with `writ intake --status FILE --name NAME --asserter PARTY`" : `known status sources: ${known}`;
  return fail(problem("E_EVIDENCE", `there is no status source "${name}"`, { hint }));
}
