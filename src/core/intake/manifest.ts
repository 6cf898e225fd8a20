import { z } from "zod";
import { canonicalJson, canonicalOf } from "../base/canonical-json.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Subject } from "../catalog/catalogue.ts";
import type { MarkCounts } from "../catalog/special-mark.ts";
import type { Validation } from "../validate/validation.ts";
import type { Transaction } from "./header.ts";

export type StoredSegment = {
  readonly id: string;
  readonly file: string;
  readonly rows: number;
  /** Rows of claims by what is known of their special content. */
  readonly marks?: MarkCounts;
  readonly sha256: string;
};

/** What is known of one stored submission. docs/formats/dataset.md */
export type DatasetManifest = {
  readonly format: "writ-dataset/2";
  readonly dataset: string;
  /** The month it is about, YYYY-MM. */
  readonly period: string;
  /** Postal code of the state whose records these are, or `none`. */
  readonly origin: string;
  /** The code of whoever submitted; `none` for tables. */
  readonly submitter: string;
  readonly dictionary: string;
  readonly idIsSsn: boolean;
  readonly transaction: Transaction;
  readonly sequence: number;
  /** The shredded submission of the same sequence whose place this one has. */
  readonly insteadOf?: string;
  readonly people: number;
  /** What `people` counts where that is not people. */
  readonly about?: Exclude<Subject, "people">;
  readonly sourceSha256: string;
  /** The id of the key its files are encrypted under. */
  readonly keyId: string;
  readonly catalogueSha256: string;
  /** The lists of codes by which claims were marked. */
  readonly specialCodesSha256?: string;
  readonly segments: readonly StoredSegment[];
  /** Records left out, and how often each rule was the reason. */
  readonly rejected: { readonly records: number; readonly rules: Readonly<Record<string, number>> };
  /** What the rules found; absent where it was taken in without any. */
  readonly validation?: Validation;
  readonly taken: string;
};

const id = z.string().min(1);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();
const VALIDATION = z.strictObject({
  rulesSha256: digest,
  policySha256: digest,
  outcome: z.enum(["accepted", "accepted-with-findings"]),
  findings: z.array(z.strictObject({ rule: id, failed: count, of: count })),
  measures: z.array(z.strictObject({ rule: id, segment: id.exactOptional(), counted: count, of: count })),
  unseen: z.array(z.strictObject({ rule: id, why: id })),
});
const SHAPE = z.strictObject({
  format: z.literal("writ-dataset/2"),
  dataset: z.string().min(1),
  period: z.string().regex(/^\d{4}-\d{2}$/),
  origin: z.string().min(1),
  submitter: z.string().min(1),
  dictionary: z.string(),
  idIsSsn: z.boolean(),
  transaction: z.enum(["create", "replace", "update"]),
  sequence: z.number().int().positive(),
  insteadOf: digest.exactOptional(),
  people: count,
  about: z.enum(["providers", "plans"]).exactOptional(),
  sourceSha256: digest,
  keyId: z.string().regex(/^[0-9a-f]{32}$/),
  catalogueSha256: digest,
  specialCodesSha256: digest.exactOptional(),
  segments: z.array(
    z.strictObject({
      id: z.string(),
      file: z.string().regex(/^[A-Za-z0-9_-]+\.parquet$/),
      rows: count,
      marks: z.strictObject({ none: count, part2: count, unknown: count, superseded: count }).exactOptional(),
      sha256: digest,
    }),
  ),
  rejected: z.strictObject({ records: count, rules: z.record(z.string(), count) }),
  validation: VALIDATION.exactOptional(),
  taken: z.string(),
});

/** Reads a manifest; anything but its canonical bytes is refused, so that one manifest has one digest. */
export function parseManifest(file: string, bytes: Uint8Array): Checked<DatasetManifest> {
  const refused = fail(problem("E_DATASET", "the manifest is damaged", { at: { file }, hint: "take the submission in again" }));
  const found = canonicalOf(bytes);
  if (isUnencrypted(found)) {
    const hint = "move the folder away, take the submission in again, and destroy the folder";
    return fail(problem("E_DATASET", "this submission was stored unencrypted, by an earlier writ", { at: { file }, hint }));
  }
  const read = SHAPE.safeParse(found);
  return read.success ? pass(read.data) : refused;
}

const isUnencrypted = (found: unknown): boolean =>
  typeof found === "object" && found !== null && "format" in found && found.format === "writ-dataset/1";

export const manifestText = (manifest: DatasetManifest): string => canonicalJson(manifest);
