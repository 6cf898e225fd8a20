import type { ReleaseHistory } from "../core/ledger/release-history.ts";
import { releaseHistories } from "../core/ledger/release-history.ts";
import type { KeyHolder } from "./ports/key-holder.ts";
import type { LedgerReader, Recorder } from "./ports/ledger.ts";
import type { PackageStore } from "./ports/package-store.ts";
import { allLeaves } from "./shred.ts";

/** Why a release is given up after its intent. WHY one text: two processes that both find out write one entry. */
export const UNPUBLISHED = "the package could not be published";

export type Recovered = { readonly finished: readonly string[]; readonly removed: readonly string[] };

/**
 * Ends what interrupted releases left. A package whose intent is in the log is finished: receipt, name, `released`;
 * one without an intent is removed with its key; an intent without a package is given up.
 * INVARIANT: afterwards every package has an intent, every intent an end, and nothing unsealed was kept.
 */
export async function recoverPackages(ports: {
  readonly packages: PackageStore;
  readonly ledger: LedgerReader;
  readonly record: Recorder;
  readonly keyHolder: KeyHolder;
}): Promise<Recovered> {
  const abandoned = ports.packages.abandoned();
  const histories = releaseHistories(await allLeaves(ports.ledger));
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
  const ended = new Set([...finished, ...removed]);
  for (const [releaseId, history] of histories) if (!ended.has(releaseId)) await endIntent(releaseId, history, ports);
  return { finished, removed };
}

/** An intent that nothing followed: its package got its name, or all that was made of it is gone. */
async function endIntent(
  releaseId: string,
  { intent, released, aborted, shredded }: ReleaseHistory,
  { packages, record, keyHolder }: Pick<Parameters<typeof recoverPackages>[0], "packages" | "record" | "keyHolder">,
): Promise<void> {
  if (intent === undefined || released !== undefined || aborted !== undefined || shredded !== undefined) return;
  const state = packages.stateOf(releaseId);
  if (state === "published") await record("released", { releaseId, intentIndex: intent.index });
  if (state !== "absent") return;
  await record("aborted", { releaseId, reason: UNPUBLISHED });
  await keyHolder.destroy(releaseId);
}
