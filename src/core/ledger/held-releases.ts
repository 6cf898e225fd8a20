import type { LeafOf, LoggedLeaf } from "./leaf.ts";
import type { Logged } from "./release-history.ts";
import { releaseHistories } from "./release-history.ts";

/** A release that went out, and the submissions it held rows of. */
export type HeldRelease = {
  /** The number of its intent in the log. */
  readonly entry: number;
  readonly releaseId: string;
  readonly time: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly submissions: readonly string[];
  /** How often its key was handed out. */
  readonly opened: number;
};

/** Releases that were not aborted, in the order of the log. */
export const heldReleases = (leaves: readonly LoggedLeaf[]): readonly HeldRelease[] =>
  [...releaseHistories(leaves).values()]
    .flatMap(({ intent, aborted, opened }) => (intent === undefined || aborted !== undefined ? [] : [held(intent, opened.length)]))
    .sort((a, b) => a.entry - b.entry);

const held = ({ index, leaf }: Logged<"intent">, opened: number): HeldRelease => {
  const { releaseId, time, recipient, purpose, datasetDigests } = leaf;
  return { entry: index, releaseId, time, recipient, purpose, submissions: datasetDigests, opened };
};

type Submission = LeafOf<"submission">;
const isSubmission = (leaf: LoggedLeaf["leaf"]): leaf is Submission => leaf.kind === "submission";

/** What was submitted before a submission, of the same state and dataset. */
export type Before = {
  /** Its own earlier sequences: what it takes the place of. */
  readonly replaced: readonly Submission[];
  /** Other months, and the same month of other submitters. */
  readonly others: readonly Submission[];
};

/** Empty where the log does not name the submission. */
export function submittedBefore(digest: string, leaves: readonly LoggedLeaf[]): Before {
  const submissions = leaves.map(({ leaf }) => leaf).filter(isSubmission);
  const own = submissions.findIndex((leaf) => leaf.submissionDigest === digest);
  const leaf = submissions[own];
  if (leaf === undefined) return { replaced: [], others: [] };
  const family = (one: Submission): string => `${one.origin} ${one.dataset.split("@")[0] ?? ""}`;
  const name = (one: Submission): string => `${one.origin} ${one.dataset} ${one.submitter}`;
  const before = submissions.slice(0, own).filter((one) => family(one) === family(leaf));
  return {
    replaced: before.filter((one) => name(one) === name(leaf)),
    others: before.filter((one) => name(one) !== name(leaf)),
  };
}
