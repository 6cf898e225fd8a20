import { standing, submissionName } from "../core/catalog/dataset-reference.ts";
import type { DatasetManifest } from "../core/intake/manifest.ts";
import type { LeafBodies } from "../core/ledger/leaf.ts";
import { bandOf } from "../core/ledger/band.ts";
import type { Refused } from "./intake.ts";
import type { StoredDataset } from "./ports/dataset-store.ts";
import type { LedgerReader, Recorder } from "./ports/ledger.ts";
import { allLeaves } from "./shred.ts";

/**
 * Records every stored submission that the ledger does not name yet, oldest first: the ones just taken in, and any whose
 * intake was interrupted between store and ledger. Harmless to repeat. Answers how many were recorded.
 */
export async function recordSubmissions(stored: readonly StoredDataset[], ledger: LedgerReader, record: Recorder): Promise<number> {
  const named = new Set<string>();
  for (const { leaf } of await allLeaves(ledger)) if (leaf.kind === "submission") named.add(leaf.submissionDigest);
  const missing = stored.filter(({ digest }) => !named.has(digest)).sort((a, b) => order(a.manifest, b.manifest));
  for (const one of missing) await record("submission", bodyOf(one, stored));
  return missing.length;
}

const order = (a: DatasetManifest, b: DatasetManifest): number =>
  a.taken === b.taken ? a.sequence - b.sequence : a.taken < b.taken ? -1 : 1;

function bodyOf({ digest, manifest }: StoredDataset, stored: readonly StoredDataset[]): LeafBodies["submission"] {
  const { dataset, period, origin, submitter, dictionary, sequence, segments, people, about } = manifest;
  const before = standing(stored).find(
    ({ manifest: other }) => submissionName(other) === submissionName(manifest) && other.sequence === sequence - 1,
  );
  const replaces = manifest.insteadOf ?? before?.digest;
  return {
    dataset: `${dataset}@${period}`,
    origin,
    submitter,
    submissionDigest: digest,
    dictionary,
    segments: segments.length,
    people: bandOf(people),
    ...(about === undefined ? {} : { about }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** Records that a file was refused whole: by kinds of problem, and where it was read to its end, by the rules it broke. */
export async function recordRefusal(
  asked: { readonly dataset?: string; readonly origin?: string },
  { problems, found }: Pick<Refused, "problems" | "found">,
  record: Recorder,
): Promise<void> {
  const reasons = [...new Set(problems.map(({ code }) => code))];
  if (found === undefined) {
    await record("submission-refused", { dataset: asked.dataset ?? "unknown", origin: asked.origin ?? "none", reasons });
    return;
  }
  const { dataset, period, origin, sourceSha256, validation } = found.manifest;
  const broken = (validation?.findings ?? []).filter(({ failed }) => failed > 0).map(({ rule, failed }) => [rule, bandOf(failed)] as const);
  await record("submission-refused", {
    dataset: `${dataset}@${period}`,
    origin,
    reasons,
    fileDigest: sourceSha256,
    broken: Object.fromEntries(broken),
  });
}
