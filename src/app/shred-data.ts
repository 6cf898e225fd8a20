import { problem, ProblemError } from "../core/base/problem.ts";
import { submissionName } from "../core/catalog/dataset-reference.ts";
import type { LoggedLeaf } from "../core/ledger/leaf.ts";
import { releaseHistories } from "../core/ledger/release-history.ts";
import type { SidecarManifest } from "../core/sidecar/sidecar-manifest.ts";
import type { DataKeys } from "./ports/data-vault.ts";
import type { DatasetStore, StoredDataset } from "./ports/dataset-store.ts";
import type { LedgerReader, Recorder } from "./ports/ledger.ts";
import type { SidecarStore } from "./ports/sidecar-store.ts";
import { allLeaves } from "./shred.ts";

export type ShredDataPorts = {
  readonly store: DatasetStore;
  readonly sidecars: SidecarStore;
  readonly keys: DataKeys;
  readonly ledger: LedgerReader;
  readonly record: Recorder;
};

export type DataShredded = {
  readonly digest: string;
  readonly what: string;
  readonly index: number;
  /** False when it was shredded before. */
  readonly keyDestroyed: boolean;
  /** Other sequences of the same submission, which are read as before. */
  readonly others: readonly string[];
  /** Releases that were made of it and not shredded themselves. */
  readonly releases: readonly string[];
};

type Keyed = { readonly digest: string; readonly keyId: string; readonly what: string; readonly dataset?: StoredDataset };

/** What the first digits of a digest must be at least, so that they name one thing. */
const FEWEST_DIGITS = 16;

/**
 * Destroys the key of one stored submission or sidecar. INVARIANT: the log says so before the key is gone, so that a crash
 * between, or a restored backup, leaves no key that lives. Shredding again changes nothing.
 */
export async function shredData(asked: { readonly digest: string; readonly under?: string }, ports: ShredDataPorts): Promise<DataShredded> {
  const { dataset, ...found } = keyedBy(asked.digest, ports);
  const leaves = await allLeaves(ports.ledger);
  const before = leaves.find(({ leaf }) => leaf.kind === "data-shredded" && leaf.keyId === found.keyId);
  const body = { ...found, ...(asked.under === undefined ? {} : { under: asked.under }) };
  const { index } = before ?? (await ports.record("data-shredded", body));
  const keyDestroyed = ports.keys.shred(found.keyId);
  const others = dataset === undefined ? [] : othersOf(dataset, ports).filter(({ manifest }) => ports.keys.find(manifest.keyId).ok);
  return {
    digest: found.digest,
    what: found.what,
    index,
    keyDestroyed,
    others: others.map(({ digest }) => digest),
    releases: releasesOf(found.digest, leaves),
  };
}

/** Destroys every key the log calls shredded: what a crash left, and what a restored backup brought back. */
export async function replayDataShreds(ledger: LedgerReader, keys: DataKeys): Promise<void> {
  for (const { leaf } of await allLeaves(ledger)) if (leaf.kind === "data-shredded") keys.shred(leaf.keyId);
}

function keyedBy(given: string, ports: ShredDataPorts): Keyed {
  const [datasets, sidecars] = [ports.store.list(), ports.sidecars.list()];
  if (!datasets.ok) throw new ProblemError(...datasets.problems);
  if (!sidecars.ok) throw new ProblemError(...sidecars.problems);
  const keyed = [
    ...datasets.value.map((dataset): Keyed => {
      const { digest, manifest } = dataset;
      const what = `${manifest.origin}'s ${manifest.dataset}@${manifest.period}, sequence ${manifest.sequence}`;
      return { digest, keyId: manifest.keyId, what, dataset };
    }),
    ...sidecars.value.flatMap(({ digest, manifest }): readonly Keyed[] =>
      manifest.format === "writ-aid-codes/1" ? [] : [{ digest, keyId: manifest.keyId, what: sidecarName(manifest) }],
    ),
  ];
  const named = given.length < FEWEST_DIGITS ? [] : keyed.filter(({ digest }) => digest.startsWith(given));
  const [one] = named;
  if (one !== undefined && named.length === 1) return one;
  const hint = `give at least ${FEWEST_DIGITS} digits of a digest that is listed: writ dataset list`;
  throw new ProblemError(problem("E_DATASET", "no encrypted submission or sidecar is stored under this digest", { hint }));
}

const sidecarName = (manifest: Exclude<SidecarManifest, { readonly format: "writ-aid-codes/1" }>): string =>
  manifest.format === "writ-status/2" ? `status source ${manifest.name}` : `handles of ${manifest.origin}`;

function othersOf({ digest, manifest: one }: StoredDataset, { store }: ShredDataPorts): readonly StoredDataset[] {
  const stored = store.list();
  return stored.ok ? stored.value.filter((other) => other.digest !== digest && submissionName(other.manifest) === submissionName(one)) : [];
}

const releasesOf = (digest: string, leaves: readonly LoggedLeaf[]): readonly string[] =>
  [...releaseHistories(leaves)].flatMap(([releaseId, { intent, aborted, shredded }]) =>
    intent?.leaf.datasetDigests.includes(digest) === true && aborted === undefined && shredded === undefined ? [releaseId] : [],
  );
