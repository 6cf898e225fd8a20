import type { DatasetManifest } from "../core/intake/manifest.ts";
import type { HeldRelease } from "../core/ledger/held-releases.ts";
import { heldReleases, submittedBefore } from "../core/ledger/held-releases.ts";
import type { LeafOf, LoggedLeaf } from "../core/ledger/leaf.ts";
import type { ClaimPorts } from "./claim-versions.ts";
import { weighAgainst } from "./claim-versions.ts";
import type { StoredDataset } from "./ports/dataset-store.ts";

/** Earlier data that a submission corrects, and the releases that held it. */
export type Correction = {
  readonly why: CorrectionKind;
  /** The submission corrected. */
  readonly submission: string;
  readonly dataset: string;
  /** Of adjusted claims: how many of their versions stand no more. */
  readonly versions?: number;
  /** Where it cannot be told: why. */
  readonly because?: string;
  readonly releases: readonly HeldRelease[];
};

/** `unknown`: the released data cannot be read any more, so whether claims of it were adjusted is not known. */
export type CorrectionKind = "replaced" | "adjusted" | "unknown";

/**
 * What of earlier releases a submission corrects: all that held its earlier sequences, and of claims those that held months of which
 * it voids or replaces claims. INVARIANT: where that cannot be told, the releases are named all the same.
 */
export async function correctionsOf(
  stored: StoredDataset,
  leaves: readonly LoggedLeaf[],
  ports: Omit<ClaimPorts, "store"> & { readonly stored: readonly StoredDataset[] },
): Promise<readonly Correction[]> {
  const releases = heldReleases(leaves);
  const { replaced, others } = submittedBefore(stored.digest, leaves);
  const of = (leaf: LeafOf<"submission">): Pick<Correction, "submission" | "dataset" | "releases"> => ({
    submission: leaf.submissionDigest,
    dataset: leaf.dataset,
    releases: releases.filter(({ submissions }) => submissions.includes(leaf.submissionDigest)),
  });
  const found: Correction[] = replaced.map((leaf) => ({ why: "replaced", ...of(leaf) }));
  const holdsClaims = stored.manifest.segments.some(({ marks }) => marks !== undefined);
  for (const leaf of holdsClaims ? others : []) {
    const held = of(leaf);
    // WHY only what was released: each of the others would be read for nothing.
    const adjusted = held.releases.length === 0 ? undefined : await adjustedBy(stored, leaf.submissionDigest, ports);
    if (adjusted !== undefined) found.push({ ...adjusted, ...held });
  }
  return found.filter((one) => one.releases.length > 0);
}

/** Undefined where no claim of a submission is adjusted. */
async function adjustedBy(
  stored: StoredDataset,
  digest: string,
  ports: Parameters<typeof correctionsOf>[2],
): Promise<Pick<Correction, "why" | "versions" | "because"> | undefined> {
  const earlier = ports.stored.find((one) => one.digest === digest);
  if (earlier === undefined) return { why: "unknown", because: "it is stored here no more" };
  const weighed = await weighAgainst(earlier, [stored], ports);
  if (!weighed.ok) return { why: "unknown", because: weighed.problems.map(({ message }) => message).join("; ") };
  if (weighed.value.shredded.length > 0) return { why: "unknown", because: "what would tell was shredded" };
  const { dataset, dictionary } = earlier.manifest;
  const catalogue = ports.catalogues.find((one) => one.dataset === dataset && one.version === dictionary);
  const headers = new Set(catalogue?.segments.flatMap(({ id, claim }) => (claim !== undefined && claim.header === undefined ? [id] : [])));
  const versions = weighed.value.segments
    .filter(({ id }) => headers.has(id))
    .reduce((sum, { id, marks }) => sum + marks.superseded - supersededAlone(earlier.manifest, id), 0);
  return versions === 0 ? undefined : { why: "adjusted", versions };
}

const supersededAlone = ({ segments }: DatasetManifest, segment: string): number =>
  segments.find(({ id }) => id === segment)?.marks?.superseded ?? 0;
