import { join } from "node:path";
import { utf8 } from "../core/base/bytes.ts";
import { canonicalJson } from "../core/base/canonical-json.ts";
import type { Checked } from "../core/base/checked.ts";
import { all, fail, pass } from "../core/base/checked.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { claimColumns } from "../core/catalog/claim-columns.ts";
import type { ClaimTable } from "../core/catalog/claim-table.ts";
import { changedCounts } from "../core/catalog/claim-table.ts";
import { othersOf } from "../core/catalog/dataset-reference.ts";
import { catalogueDigest } from "../core/catalog/digest.ts";
import type { SpecialCodes } from "../core/catalog/special-codes.ts";
import type { ClaimEngine, ClaimSegment, Told, WeighedChanges } from "./ports/claim-engine.ts";
import type { ClaimStore } from "./ports/claim-store.ts";
import { tellingName } from "./ports/claim-store.ts";
import type { DataKey, DataVault } from "./ports/data-vault.ts";
import type { DatasetStore, StoredDataset } from "./ports/dataset-store.ts";
import { dataKeyOf, throughPipes, unlessShredded } from "./stored-files.ts";
import { sha256, sha256Hex } from "./sha256.ts";

/** Part of every cache key: raise it when the meaning of what is kept changes. */
const RULES_VERSION = 1;

export type ClaimPorts = {
  readonly catalogues: readonly Catalogue[];
  readonly specialCodes: SpecialCodes;
  readonly store: Pick<DatasetStore, "list">;
  readonly vault: DataVault;
  readonly claimEngine: ClaimEngine;
  readonly claims: ClaimStore;
};

/** A submission of claims that can be read. */
type ClaimSubmission = {
  readonly stored: StoredDataset;
  readonly key: DataKey;
  readonly catalogueSha256: string;
  readonly segments: readonly ClaimSegment[];
};

/**
 * What the other submissions of a state make of a submission's claims; from the cache when the same were looked at before.
 * Undefined where it holds none. INVARIANT: a submission that cannot be read is a refusal, unless it was shredded.
 */
export async function weighClaims(stored: StoredDataset, ports: ClaimPorts): Promise<Checked<ClaimTable | undefined>> {
  if (stored.manifest.segments.every(({ marks }) => marks === undefined)) return pass(undefined);
  const listed = ports.store.list();
  return listed.ok ? weighAgainst(stored, othersOf(stored, listed.value), ports) : listed;
}

/** The same against some submissions only. */
export async function weighAgainst(
  stored: StoredDataset,
  others: readonly StoredDataset[],
  ports: Omit<ClaimPorts, "store">,
): Promise<Checked<ClaimTable>> {
  const readable = unlessShredded(others, ports.vault.keys);
  const consulted = readable.map(({ digest }) => digest);
  const shredded = others.filter((one) => !readable.includes(one)).map(({ digest }) => digest);
  const opened = all([stored, ...readable].map((one) => openedClaims(one, ports)));
  if (!opened.ok) return opened;
  const [own, ...rest] = opened.value as [ClaimSubmission, ...ClaimSubmission[]];
  if (rest.length === 0) return pass(tableOf(own, { consulted, shredded }, new Map()));
  const key = keyOf({ submissions: opened.value.map(namedOf), shredded, codes: ports.specialCodes.sha256 });
  const kept = await ports.claims.findTable(stored.folder, key);
  if (kept !== undefined) return pass(kept);
  const told: Told[] = [];
  const order = [...readable, stored].sort(byMonth);
  // WHY one after another: each may use all the memory an engine is allowed.
  for (const one of opened.value) {
    const telling = await tellingOf(one, order.indexOf(one.stored), ports);
    if (!telling.ok) return telling;
    told.push(telling.value);
  }
  return weighed(own, told, { key, consulted, shredded }, ports);
}

const byMonth = ({ manifest: a }: StoredDataset, { manifest: b }: StoredDataset): number =>
  a.period + a.submitter < b.period + b.submitter ? -1 : 1;

const namedOf = ({ stored, catalogueSha256 }: ClaimSubmission): { readonly dataset: string; readonly catalogue: string } => ({
  dataset: stored.digest,
  catalogue: catalogueSha256,
});

const keyOf = (looked: object): string => sha256Hex(utf8(canonicalJson({ rules: RULES_VERSION, ...looked })));

/** WHY by the catalogue of today: what tells versions apart lies in the same columns, and a list may name more of them. */
function openedClaims(stored: StoredDataset, ports: Pick<ClaimPorts, "catalogues" | "vault">): Checked<ClaimSubmission> {
  const { manifest, folder, digest } = stored;
  const key = dataKeyOf(stored, ports.vault.keys);
  if (!key.ok) return key;
  const catalogue = ports.catalogues.find((one) => one.dataset === manifest.dataset && one.version === manifest.dictionary);
  if (catalogue === undefined) {
    const hint = "add it under catalog/: other months of a state are looked at for later versions of its claims";
    const message = `no catalogue describes ${manifest.dataset} ${manifest.dictionary}, of which ${digest.slice(0, 16)}… is`;
    return fail(problem("E_DATASET", message, { hint }));
  }
  const segments = manifest.segments.flatMap(({ id, file }): readonly ClaimSegment[] => {
    const segment = catalogue.segments.find((one) => one.id === id);
    const claim = segment === undefined ? undefined : claimColumns(segment);
    return claim === undefined ? [] : [{ id, claim, file: { key: key.value, name: file, path: join(folder, file) } }];
  });
  return pass({ stored, key: key.value, catalogueSha256: catalogueDigest(catalogue, sha256), segments });
}

type Ports = Omit<ClaimPorts, "store">;

async function tellingOf(one: ClaimSubmission, place: number, ports: Ports): Promise<Checked<Told>> {
  const { stored, key: dataKey, segments } = one;
  const key = keyOf({ ...namedOf(one), codes: ports.specialCodes.sha256 });
  const kept = await ports.claims.findTelling(stored.folder, key);
  const name = tellingName(key);
  const file = { key: dataKey, name, path: join(stored.folder, name) };
  if (kept !== undefined) return pass({ file, place, rows: kept.rows });
  const stage = ports.claims.stage(stored.folder, key);
  try {
    const output = { ...stage.file(), key: dataKey };
    const { codes } = ports.specialCodes;
    const written = await throughPipes(ports.vault, async (pipes) =>
      ports.claimEngine.tell({ segments, codes, output, pipes, folders: [stored.folder] }),
    );
    stage.keep({ format: "writ-claim-versions/1", rows: written.rows, sha256: written.sha256 });
    return pass({ file, place, rows: written.rows });
  } catch (thrown) {
    return failedOver(stored, thrown);
  } finally {
    stage.discard();
  }
}

function failedOver({ manifest, digest }: StoredDataset, thrown: unknown): Checked<never> {
  if (!(thrown instanceof ProblemError)) throw thrown;
  const of = `versions of claims of ${manifest.origin}'s ${manifest.dataset}@${manifest.period}, stored as ${digest.slice(0, 16)}…`;
  return { ok: false, problems: thrown.problems.map((found) => ({ ...found, message: `${of}: ${found.message}` })) };
}

type Looked = Pick<ClaimTable, "consulted" | "shredded">;

async function weighed(
  own: ClaimSubmission,
  told: readonly Told[],
  looked: Looked & { readonly key: string },
  ports: Ports,
): Promise<Checked<ClaimTable>> {
  const { stored, key: dataKey, segments } = own;
  const [ownTold, ...others] = told as [Told, ...Told[]];
  const stage = ports.claims.stage(stored.folder, looked.key);
  try {
    const names = new Map<string, string>();
    const folders = [...new Set(told.map(({ file }) => join(file.path, "..", "..")))];
    const output = (segment: string): ClaimSegment["file"] => {
      const file = stage.file(segment);
      names.set(segment, file.name);
      return { ...file, key: dataKey };
    };
    const changes = await throughPipes(ports.vault, async (pipes) =>
      ports.claimEngine.weigh({ segments, own: ownTold, others, output, pipes, folders }),
    );
    const table = tableOf(own, looked, changes, names);
    stage.keep(table);
    return pass(table);
  } catch (thrown) {
    return failedOver(stored, thrown);
  } finally {
    stage.discard();
  }
}

function tableOf(
  { stored }: ClaimSubmission,
  { consulted, shredded }: Looked,
  weighed: ReadonlyMap<string, WeighedChanges>,
  names: ReadonlyMap<string, string> = new Map(),
): ClaimTable {
  const segments = stored.manifest.segments.flatMap(({ id, marks }): ClaimTable["segments"] => {
    if (marks === undefined) return [];
    const [found, file] = [weighed.get(id), names.get(id)];
    if (found === undefined || file === undefined) return [{ id, marks }];
    return [{ id, marks: changedCounts(marks, found.changes), changed: { file, sha256: found.file.sha256 } }];
  });
  return { format: "writ-claims/1", consulted, shredded, segments };
}
