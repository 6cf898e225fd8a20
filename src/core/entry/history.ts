import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { LawChange } from "../ledger/law-change.ts";
import { changeOf } from "../ledger/law-change.ts";
import type { LeafOf, LoggedLeaf } from "../ledger/leaf.ts";
import type { ProofCrypto } from "../ledger/note.ts";
import type { LawSettings, Signer } from "./settings.ts";
import { parseSettingsBytes } from "./settings.ts";
import { lacking, signersOf, waitsUntil } from "./signing.ts";
import { entryStatement, signedStatement } from "./statement.ts";

/** One entry of law whose signatures, settings and waiting time were verified. INVARIANT: only `lawHistory` makes one. */
export type EnteredLaw = {
  readonly index: number;
  readonly time: string;
  readonly simulated: boolean;
  readonly change: LawChange;
  readonly settings: LawSettings;
  readonly signedBy: readonly Signer[];
};

/** A change that counsel proposed in the log, which has not been entered. INVARIANT: only `lawHistory` makes one. */
export type Proposal = {
  readonly index: number;
  readonly time: string;
  readonly simulated: boolean;
  readonly change: LawChange;
  readonly signatures: readonly string[];
};

export type LawHistory = { readonly entries: readonly EnteredLaw[]; readonly proposals: readonly Proposal[] };

export type HistoryPorts = {
  /** The name the log signs under. */
  readonly origin: string;
  readonly crypto: ProofCrypto;
  /** An archived object whose digest was compared, or undefined. */
  readonly archived: (digest: string) => Uint8Array | undefined;
};

/**
 * Every entry of law in a log, in order, each verified against the signers and the waiting time that counted just before it.
 * The first entry is signed by the signers it brings.
 */
export function lawHistory(leaves: readonly LoggedLeaf[], ports: HistoryPorts): Checked<LawHistory> {
  const entries: EnteredLaw[] = [];
  const proposed = new Map<number, LeafOf<"law-proposed">>();
  for (const { index, leaf } of leaves) {
    if (leaf.kind === "law-proposed" && isCounsels(leaf, entries.at(-1), ports)) proposed.set(index, leaf);
    if (leaf.kind !== "law") continue;
    const entered = verified(index, leaf, entries.at(-1), proposed, ports);
    if (!entered.ok) return entered;
    entries.push(entered.value);
  }
  const last = entries.at(-1);
  const proposals = [...proposed]
    .filter(([, leaf]) => last !== undefined && leaf.previous === last.index)
    .map(([index, leaf]) => ({
      index,
      time: leaf.time,
      simulated: leaf.simulated === true,
      change: changeOf(leaf),
      signatures: leaf.signatures,
    }));
  return pass({ entries, proposals });
}

/** WHY: the log's key alone must start no waiting time; what counsel did not sign is passed over. */
function isCounsels(leaf: LeafOf<"law-proposed">, last: EnteredLaw | undefined, ports: HistoryPorts): boolean {
  const note = signedStatement(entryStatement(ports.origin, changeOf(leaf)), leaf.signatures);
  const signed = note.ok && last !== undefined ? signersOf(note.value, last.settings.signers, ports.crypto) : undefined;
  return signed?.ok === true && signed.value.some(({ role }) => role === "counsel");
}

function verified(
  index: number,
  leaf: LeafOf<"law">,
  before: EnteredLaw | undefined,
  proposed: ReadonlyMap<number, LeafOf<"law-proposed">>,
  ports: HistoryPorts,
): Checked<EnteredLaw> {
  const refuse = (what: string): Checked<never> => fail(problem("E_LEDGER", `entry ${index} of the log, a change of law: ${what}`));
  const change = changeOf(leaf);
  if (change.previous !== before?.index || change.before !== before?.change.after) return refuse("it does not follow the entry before it");
  if ((change.effect === "starts") !== (before === undefined)) return refuse("only the first entry starts the law");
  const settings = settingsOf(change.settings, ports);
  if (!settings.ok) return settings;
  const rules = before?.settings ?? settings.value;
  const note = signedStatement(entryStatement(ports.origin, change), leaf.signatures);
  const signed = note.ok ? signersOf(note.value, rules.signers, ports.crypto) : note;
  if (!signed.ok) return refuse(signed.problems.map(({ message }) => message).join("; "));
  const missing = lacking(change, signed.value);
  if (missing.length > 0) return refuse(missing.map(({ message }) => message).join("; "));
  if (!hasWaited(leaf, change, rules, proposed)) return refuse("its waiting time was not over");
  return pass({ index, time: leaf.time, simulated: leaf.simulated === true, change, settings: settings.value, signedBy: signed.value });
}

function settingsOf(digest: string, { archived }: HistoryPorts): Checked<LawSettings> {
  const bytes = archived(digest);
  if (bytes !== undefined) return parseSettingsBytes(bytes);
  const hint = "put ledger/law back from a copy of the ledger";
  return fail(problem("E_LEDGER", `the archive lacks ${digest}, the settings of an entry of law, or holds it altered`, { hint }));
}

/** INVARIANT: a simulated clock shortens no waiting time of a real one. */
function hasWaited(
  leaf: LeafOf<"law">,
  change: LawChange,
  { waitingDays }: LawSettings,
  proposed: ReadonlyMap<number, LeafOf<"law-proposed">>,
): boolean {
  if (change.effect !== "opens" || change.order !== undefined || waitingDays === 0) return true;
  const proposal = leaf.proposedIndex === undefined ? undefined : proposed.get(leaf.proposedIndex);
  return (
    proposal !== undefined &&
    proposal.simulated === leaf.simulated &&
    sameChange(changeOf(proposal), change) &&
    waitsUntil(proposal.time, waitingDays) <= leaf.time
  );
}

export const sameChange = (a: LawChange, b: LawChange): boolean => canonicalJson(a) === canonicalJson(b);

/** The entry in force at an instant: what was known then. Undefined before the first. */
export function enteredAt(entries: readonly EnteredLaw[], instant: string): EnteredLaw | undefined {
  const later = entries.findIndex((entry) => entry.time > instant);
  return later === -1 ? entries.at(-1) : entries[later - 1];
}
