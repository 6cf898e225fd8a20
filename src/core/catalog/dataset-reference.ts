import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { DatasetManifest } from "../intake/manifest.ts";

/** `tmsis/eligible@2025-12`: all accepted submissions of that month. */
export type DatasetReference = { readonly dataset: string; readonly period: string };

export function parseDatasetReference(text: string): Checked<DatasetReference> {
  const match = /^([a-z][a-z0-9-]*(?:\/[a-z][a-z0-9-]*)+)@(\d{4}-(?:0[1-9]|1[0-2]))$/.exec(text);
  const [, dataset, period] = match ?? [];
  if (dataset !== undefined && period !== undefined) return pass({ dataset, period });
  return fail(problem("E_DATASET", `"${text}" is no dataset reference`, { hint: "write DATASET@YYYY-MM, such as tmsis/eligible@2025-12" }));
}

/** The submissions a reference means: of each submitter, the one with the highest sequence. Sorted by origin, then submitter. */
export function submissionsOf<T extends { readonly manifest: DatasetManifest }>(
  reference: DatasetReference,
  stored: readonly T[],
): readonly T[] {
  const latest = new Map<string, T>();
  for (const candidate of stored) {
    const { dataset, period, origin, submitter, sequence } = candidate.manifest;
    if (dataset !== reference.dataset || period !== reference.period) continue;
    const name = `${origin} ${submitter}`;
    if (sequence > (latest.get(name)?.manifest.sequence ?? 0)) latest.set(name, candidate);
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, submission]) => submission);
}
