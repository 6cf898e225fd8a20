import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { DatasetManifest } from "../intake/manifest.ts";

/** `tmsis/eligible@2025-12`: all accepted submissions of that month. */
export type DatasetReference = { readonly dataset: string; readonly period: string };

/** `FAMILY/NAME`, in small letters. */
export const isDatasetName = (text: string): boolean => /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)+$/.test(text);

export function parseDatasetReference(text: string): Checked<DatasetReference> {
  const match = /^(.*)@(\d{4}-(?:0[1-9]|1[0-2]))$/.exec(text);
  const [, dataset, period] = match ?? [];
  if (dataset !== undefined && period !== undefined && isDatasetName(dataset)) return pass({ dataset, period });
  return fail(problem("E_DATASET", `"${text}" is no dataset reference`, { hint: "write DATASET@YYYY-MM, such as tmsis/eligible@2025-12" }));
}

/** What all sequences of one submission have in common, as one text. */
export const submissionName = ({ dataset, period, origin, submitter }: DatasetManifest): string =>
  [dataset, period, origin, submitter].join(" ");

type Stored = { readonly digest: string; readonly manifest: DatasetManifest };

/** The submissions whose place no other has taken. INVARIANT: one for each sequence. */
export function standing<T extends Stored>(stored: readonly T[]): readonly T[] {
  const given = new Set(stored.map(({ manifest }) => manifest.insteadOf));
  return stored.filter(({ digest }) => !given.has(digest));
}

/**
 * The submissions a reference means: of each submitter, the one with the highest sequence, shredded or not. Sorted by origin, then
 * submitter.
 */
export function submissionsOf<T extends Stored>(reference: DatasetReference, stored: readonly T[]): readonly T[] {
  const latest = new Map<string, T>();
  for (const candidate of standing(stored)) {
    const { dataset, period, sequence } = candidate.manifest;
    if (dataset !== reference.dataset || period !== reference.period) continue;
    const name = submissionName(candidate.manifest);
    if (sequence > (latest.get(name)?.manifest.sequence ?? 0)) latest.set(name, candidate);
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, submission]) => submission);
}

/**
 * The other submissions of the same state and dataset: of each month and submitter, the one with the highest sequence. In the order
 * of months, then submitters.
 */
export function othersOf<T extends Stored>({ manifest: own }: T, stored: readonly T[]): readonly T[] {
  const { dataset, origin } = own;
  const same = stored.filter(({ manifest }) => manifest.dataset === dataset && manifest.origin === origin);
  const months = [...new Set(same.map(({ manifest }) => manifest.period))].sort();
  return months
    .flatMap((period) => submissionsOf({ dataset, period }, same))
    .filter(({ manifest }) => submissionName(manifest) !== submissionName(own));
}
