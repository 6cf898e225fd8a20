import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatasetStore, StoredDataset } from "../app/ports/dataset-store.ts";
import type { Checked } from "../core/base/checked.ts";
import { all, fail, passIf } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { DatasetReference } from "../core/catalog/dataset-reference.ts";
import { parseDatasetReference, submissionsOf } from "../core/catalog/dataset-reference.ts";
import { parseManifest } from "../core/intake/manifest.ts";
import { realDisk } from "./disk.ts";
import { fileDigest } from "./file-digest.ts";
import type { DatasetFolders } from "./intake-stage.ts";
import { openStage, sweepStages } from "./intake-stage.ts";
import { withLock } from "./lock.ts";

const LOCK_FOLDER = ".lock";

export function datasetStore(folders: DatasetFolders): DatasetStore {
  return {
    list: () => listDatasets(folders.datasets),
    stage: () => {
      sweepStages(folders.tmp);
      return openStage(folders);
    },
    alone: async (act) => withLock({ folder: join(folders.datasets, LOCK_FOLDER), disk: realDisk, waitMs: 60_000, what: "the store" }, act),
  };
}

/** Every stored submission, by digest. */
export function listDatasets(datasetsFolder: string): Checked<readonly StoredDataset[]> {
  if (!existsSync(datasetsFolder)) return all([]);
  const names = readdirSync(datasetsFolder).filter((name) => /^[0-9a-f]{64}$/.test(name));
  return all(names.sort().map((digest) => readStored(join(datasetsFolder, digest), digest)));
}

function readStored(folder: string, digest: string): Checked<StoredDataset> {
  const file = join(folder, "manifest.json");
  const damaged = (message: string): Checked<never> =>
    fail(problem("E_DATASET", message, { at: { file }, hint: "move the folder away and take the submission in again" }));
  if (!existsSync(file)) return damaged("a stored dataset has lost its manifest");
  const bytes = readFileSync(file);
  if (createHash("sha256").update(bytes).digest("hex") !== digest) return damaged("the manifest is not the one the folder is named after");
  const manifest = parseManifest(file, bytes);
  return manifest.ok ? { ok: true, value: { digest, folder, manifest: manifest.value } } : manifest;
}

/** The submissions that `tmsis/eligible@2025-12` means. E_DATASET when there is none. */
export function findDatasets(datasetsFolder: string, reference: string): Checked<readonly StoredDataset[]> {
  const parsed = parseDatasetReference(reference);
  const stored = listDatasets(datasetsFolder);
  if (!parsed.ok) return parsed;
  if (!stored.ok) return stored;
  const found = submissionsOf(parsed.value, stored.value);
  return found.length > 0 ? { ok: true, value: found } : fail(notFound(reference, parsed.value, stored.value));
}

function notFound(reference: string, { dataset }: DatasetReference, stored: readonly StoredDataset[]): Problem {
  const periods = [...new Set(stored.filter((one) => one.manifest.dataset === dataset).map((one) => one.manifest.period))].sort();
  const hint = periods.length > 0 ? `months taken in: ${periods.join(", ")}` : "take a submission in with `writ intake FILE`";
  return problem("E_DATASET", `nothing is stored for ${reference}`, { hint });
}

/** Whether every file of a stored submission still has the digest its manifest names. */
export async function verifyDatasetFiles(stored: StoredDataset): Promise<Checked<StoredDataset>> {
  const problems: Problem[] = [];
  for (const segment of stored.manifest.segments) {
    const file = join(stored.folder, segment.file);
    const intact = existsSync(file) && (await fileDigest(file)) === segment.sha256;
    if (!intact)
      problems.push(
        problem("E_DATASET", `the stored segment ${segment.id} was altered or lost`, {
          at: { file },
          hint: "take the submission in again",
        }),
      );
  }
  return passIf(problems, () => stored);
}
