import { join } from "node:path";
import type { Checked } from "../core/base/checked.ts";
import { all, pass } from "../core/base/checked.ts";
import type { DataKey, DataKeys, DataVault, PlainPipes } from "./ports/data-vault.ts";
import type { IntakeStage, StoredDataset } from "./ports/dataset-store.ts";

/** Does what needs pipes, and leaves none behind. */
export async function throughPipes<T>(vault: Pick<DataVault, "openPipes">, work: (pipes: PlainPipes) => Promise<T>): Promise<T> {
  const pipes = await vault.openPipes();
  try {
    return await work(pipes);
  } finally {
    await pipes.close();
  }
}

/**
 * Keeps the key, then moves what it encrypts into the store.
 * WHY in this order: a key without data is nothing, data without its key would be lost.
 */
export function committed(
  stage: IntakeStage,
  manifestText: string,
  into: "datasets" | "evidence",
  key: DataKey,
  keys: DataKeys,
): ReturnType<IntakeStage["commit"]> {
  keys.keep(key);
  try {
    return stage.commit(manifestText, into);
  } catch (error) {
    keys.forget(key.id);
    throw error;
  }
}

/** The key of a stored submission. Where there is none, the problem says of which submission. */
export function dataKeyOf({ manifest, digest }: Pick<StoredDataset, "manifest" | "digest">, keys: DataKeys): Checked<DataKey> {
  const found = keys.find(manifest.keyId);
  if (found.ok) return found;
  const { origin, dataset, period } = manifest;
  const of = `${origin}'s ${dataset}@${period}, stored as ${digest.slice(0, 16)}…`;
  return { ok: false, problems: found.problems.map((one) => ({ ...one, message: `${of}: ${one.message}` })) };
}

/** Whether nobody can read it again. Any other fault of a key is left to whoever asks for it. */
export function isShredded({ manifest }: Pick<StoredDataset, "manifest">, keys: DataKeys): boolean {
  const found = keys.find(manifest.keyId);
  return !found.ok && found.problems.some(({ code }) => code === "E_SHREDDED");
}

/** The submissions that nobody shredded. */
export const unlessShredded = (stored: readonly StoredDataset[], keys: DataKeys): readonly StoredDataset[] =>
  stored.filter((one) => !isShredded(one, keys));

/** Opens every part of every segment of a submission by its key. */
export function openEach(stored: StoredDataset, { keys, check }: Pick<DataVault, "keys" | "check">): Checked<StoredDataset> {
  const key = dataKeyOf(stored, keys);
  if (!key.ok) return key;
  const { segments } = stored.manifest;
  const checked = all(segments.map(({ file }) => check({ key: key.value, name: file, path: join(stored.folder, file) })));
  return checked.ok ? pass(stored) : checked;
}
