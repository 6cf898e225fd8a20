import { dirname, join } from "node:path";
import type { CivilDate } from "../core/base/civil-date.ts";
import { addDays } from "../core/base/civil-date.ts";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalJson } from "../core/base/canonical-json.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { catalogueDigest } from "../core/catalog/digest.ts";
import { classSource } from "../core/catalog/class-source.ts";
import { readEvidence } from "../core/catalog/evidence-bits.ts";
import type { RowClass } from "../core/catalog/row-class.ts";
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
const RULES_VERSION = 1;

export type ClassQuestion = {
  readonly dataset: StoredDataset;
  readonly catalogue: Catalogue;
  readonly asOf: CivilDate;
  readonly statusSource?: StoredSidecar<StatusManifest>;
  readonly aidMap?: StoredSidecar<AidCodeManifest>;
};

export type ClassPorts = {
  readonly engine: ClassEngine;
  readonly classes: ClassStore;
  readonly sidecars: SidecarStore;
  readonly vocabulary: Vocabulary;
};

/** Who of a submission belongs to which row class on a day; from the cache when the same was asked before. */
export async function resolveClasses(question: ClassQuestion, ports: ClassPorts): Promise<Checked<StoredClasses>> {
  const { dataset, catalogue } = question;
  if (catalogueDigest(catalogue, sha256) !== dataset.manifest.catalogueSha256) {
    const hint = "use the catalogue the submission was taken in with, or take it in again";
    return fail(
      problem("E_DATASET", `the catalogue of ${catalogue.dataset} has changed since ${dataset.digest.slice(0, 16)}… was taken in`, {
        hint,
      }),
    );
  }
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

const sidecarDigests = ({ statusSource, aidMap }: ClassQuestion): { statusSource?: string; aidMap?: string } => ({
  ...(statusSource === undefined ? {} : { statusSource: statusSource.digest }),
  ...(aidMap === undefined ? {} : { aidMap: aidMap.digest }),
});

function keyOf(question: ClassQuestion, vocabulary: Vocabulary): string {
  const asked = {
    rules: RULES_VERSION,
    dataset: question.dataset.digest,
    asOf: question.asOf,
    ...sidecarDigests(question),
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
  { dataset, catalogue, asOf, statusSource }: ClassQuestion,
  vocabulary: Vocabulary,
  funding: ReadonlyMap<string, readonly string[]>,
  output: string,
  statusFile: string | undefined,
): ClassOrder {
  const segmentFiles = new Map(dataset.manifest.segments.map(({ id, file }) => [id, join(dataset.folder, file)]));
  const folders = [dataset.folder, dirname(output), ...(statusSource === undefined ? [] : [statusSource.folder])];
  const observedFrom = addDays(asOf, -FRESH_DAYS);
  const order = {
    source: classSource(catalogue),
    leaves: facetLeaves(vocabulary),
    asOf,
    people: dataset.manifest.people,
    segmentFiles,
    observedFrom,
    funding,
    output,
    folders,
  };
  return statusFile === undefined ? order : { ...order, statusFile };
}

function classesOf(groups: readonly BitGroup[], { dataset }: ClassQuestion, vocabulary: Vocabulary): ReturnType<typeof rowClasses> {
  const leaves = facetLeaves(vocabulary);
  const { origin: submitted, idIsSsn } = dataset.manifest;
  return rowClasses(
    groups.map(({ bits, origin, people }) => ({
      facets: facetsOf(readEvidence(bits, leaves), leaves, origin ?? submitted, idIsSsn),
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
