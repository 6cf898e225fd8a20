import { describe, expect, it } from "vitest";
import { heldReleases, submittedBefore } from "./held-releases.ts";
import type { Leaf, LoggedLeaf } from "./leaf.ts";

const logged = (...leaves: readonly object[]): readonly LoggedLeaf[] => leaves.map((leaf, index) => ({ index, leaf: leaf as Leaf }));
const submission = (submissionDigest: string, dataset: string, origin = "CA", submitter = "06"): object => ({
  kind: "submission",
  dataset,
  origin,
  submitter,
  submissionDigest,
});
const intent = (releaseId: string, ...datasetDigests: readonly string[]): object => ({
  kind: "intent",
  releaseId,
  time: "2026-01-20T12:00:00Z",
  recipient: "hhs-oig",
  purpose: "oversight",
  datasetDigests,
});

describe("releases that went out", () => {
  it("are those with an intent that was not aborted, shredded ones too, each with what it held and how often it was opened", () => {
    const leaves = logged(
      intent("aa", "d1"),
      { kind: "released", releaseId: "aa", intentIndex: 0 },
      intent("bb", "d1"),
      { kind: "aborted", releaseId: "bb", reason: "interrupted" },
      intent("cc", "d1", "d2"),
      { kind: "key-opened", releaseId: "cc" },
      { kind: "shredded", releaseId: "cc", opened: 1 },
    );
    expect(heldReleases(leaves).map(({ entry, releaseId, submissions, opened }) => [entry, releaseId, submissions, opened])).toEqual([
      [0, "aa", ["d1"], 0],
      [4, "cc", ["d1", "d2"], 1],
    ]);
  });
});

describe("what was submitted before", () => {
  const leaves = logged(
    submission("d1", "tmsis/claimip@2025-11"),
    submission("d2", "tmsis/claimip@2025-11"),
    submission("d3", "tmsis/claimip@2025-10"),
    submission("d4", "tmsis/claimot@2025-10"),
    submission("d5", "tmsis/claimip@2025-10", "TX", "48"),
    submission("d6", "tmsis/claimip@2025-11"),
    submission("d7", "tmsis/claimip@2025-12"),
  );

  it("are earlier sequences, and other months of the same state and file; nothing that came later", () => {
    const { replaced, others } = submittedBefore("d6", leaves);
    expect([replaced.map((one) => one.submissionDigest), others.map((one) => one.submissionDigest)]).toEqual([["d1", "d2"], ["d3"]]);
  });

  it("is nothing where the log does not name the submission", () => {
    expect(submittedBefore("d9", leaves)).toEqual({ replaced: [], others: [] });
  });
});
