import { problem, ProblemError } from "../core/base/problem.ts";
import type { LoggedLeaf } from "../core/ledger/leaf.ts";
import type { Logged, ReleaseHistory } from "../core/ledger/release-history.ts";
import { releaseHistories } from "../core/ledger/release-history.ts";
import type { KeyHolder } from "./ports/key-holder.ts";
import type { LedgerReader, Recorder } from "./ports/ledger.ts";

export type Shredded = {
  readonly releaseId: string;
  readonly index: number;
  /** False when the key was gone before: shredded again, or held elsewhere. */
  readonly keyDestroyed: boolean;
  /** Openings before: what no shredding takes back. */
  readonly opened: readonly Logged<"key-opened">[];
};

/**
 * Destroys the key of exactly one package. INVARIANT: the log says so before the key is gone, so that no crash between
 * leaves a key that would be served, and no restored backup revives it. Shredding again changes nothing.
 */
export async function shred(
  asked: { readonly releaseId: string; readonly under?: string },
  ports: { readonly ledger: LedgerReader; readonly record: Recorder; readonly keyHolder: KeyHolder },
): Promise<Shredded> {
  const { releaseId } = asked;
  const history = await releaseHistory(ports.ledger, releaseId);
  if (history.intent === undefined) {
    const hint = "the release ids are in the log: writ log show";
    throw new ProblemError(problem("E_KEY", "the log knows no release of this id", { hint }));
  }
  const { opened } = history;
  const index = history.shredded?.index ?? (await record(asked, opened.length, ports.record));
  return { releaseId, index, keyDestroyed: await ports.keyHolder.destroy(releaseId), opened };
}

const record = async (
  { releaseId, under }: { readonly releaseId: string; readonly under?: string },
  opened: number,
  into: Recorder,
): Promise<number> => (await into("shredded", { releaseId, opened, ...(under === undefined ? {} : { under }) })).index;

/** What the log says of one release; an empty history when it says nothing. */
export async function releaseHistory(ledger: LedgerReader, releaseId: string): Promise<ReleaseHistory> {
  return releaseHistories(await allLeaves(ledger)).get(releaseId) ?? { opened: [] };
}

export async function allLeaves(ledger: LedgerReader): Promise<readonly LoggedLeaf[]> {
  const leaves: LoggedLeaf[] = [];
  for await (const logged of ledger.entries()) leaves.push(logged);
  return leaves;
}
