import type { DataKey, DataKeys, DataVault, PlainPipes } from "./ports/data-vault.ts";
import type { IntakeStage } from "./ports/dataset-store.ts";
import type { SegmentTable } from "./ports/intake-engine.ts";

/** Does what needs pipes, and leaves none behind. */
export async function throughPipes<T>(vault: Pick<DataVault, "openPipes">, work: (pipes: PlainPipes) => Promise<T>): Promise<T> {
  const pipes = await vault.openPipes();
  try {
    return await work(pipes);
  } finally {
    await pipes.close();
  }
}

/** A segment's spool, as far as there is one. */
export function spooled(stage: IntakeStage, segment: string): Pick<SegmentTable, "spool"> {
  const chunks = stage.spool(segment);
  return chunks === undefined ? {} : { spool: () => chunks };
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
    keys.destroy(key.id);
    throw error;
  }
}
