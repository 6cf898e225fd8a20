import { releaseHistories } from "../core/ledger/release-history.ts";
import type { KeyHolder } from "./ports/key-holder.ts";
import type { LedgerReader, Recorder } from "./ports/ledger.ts";
import type { PackageStore } from "./ports/package-store.ts";
import { allLeaves } from "./shred.ts";

export type Recovered = { readonly finished: readonly string[]; readonly removed: readonly string[] };

/**
 * Ends what interrupted releases left. A package whose intent is in the log is finished: receipt, name, `released`;
 * one without an intent is removed with its key. INVARIANT: afterwards every package has an intent, and nothing unsealed was kept.
 */
export async function recoverPackages(ports: {
  readonly packages: PackageStore;
  readonly ledger: LedgerReader;
  readonly record: Recorder;
  readonly keyHolder: KeyHolder;
}): Promise<Recovered> {
  const abandoned = ports.packages.abandoned();
  const histories = releaseHistories(abandoned.length === 0 ? [] : await allLeaves(ports.ledger));
  const finished: string[] = [];
  const removed: string[] = [];
  for (const stage of abandoned) {
    const { releaseId, manifest } = stage;
    const history = histories.get(releaseId);
    const intent = history?.aborted === undefined && history?.shredded === undefined ? history?.intent : undefined;
    if (intent !== undefined && manifest?.payloadDigest === intent.leaf.payloadDigest) {
      stage.publish(await ports.ledger.receipt(intent.index));
      await ports.record("released", { releaseId, intentIndex: intent.index });
      finished.push(releaseId);
    } else {
      if (intent !== undefined) await ports.record("aborted", { releaseId, reason: "the sealed files are not those of the intent" });
      await ports.keyHolder.destroy(releaseId);
      stage.discard();
      removed.push(releaseId);
    }
  }
  return { finished, removed };
}
