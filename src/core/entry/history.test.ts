/** Entries that whoever holds the log's key, but not the signers' keys, might write. */
import { describe, expect, it } from "vitest";
import { proofCrypto, sha256 } from "../../vault/node-crypto.ts";
import { newSignerKey, signerFrom } from "../../vault/signer-key.ts";
import { hex, utf8 } from "../base/bytes.ts";
import type { LawChange, SignedChange } from "../ledger/law-change.ts";
import type { LoggedLeaf } from "../ledger/leaf.ts";
import type { LawHistory } from "./history.ts";
import { enteredAt, lawHistory } from "./history.ts";
import { settingsBytes } from "./settings.ts";
import { entryStatement, signatureLines } from "./statement.ts";

const ORIGIN = "hhs-cms/writ";
const made = (name: string): { readonly vkey: string; sign(text: string): string } => {
  const { secret, vkey } = newSignerKey(name);
  const signer = signerFrom(utf8(secret), name);
  const signed = (text: string): string =>
    signatureLines({ text, signatures: [{ name, keyId: signer.key.keyId, signature: signer.sign(utf8(text)) }] }).join("");
  return { vkey, sign: signed };
};
const [counsel, monitor, stranger] = [made("counsel"), made("monitor"), made("stranger")] as const;
const SETTINGS = settingsBytes({
  grades: ["read"],
  signers: [
    { name: "counsel", role: "counsel", key: counsel.vkey },
    { name: "monitor", role: "monitor", key: monitor.vkey },
  ],
  waitingDays: 14,
});
const [SETTINGS_DIGEST, A, B] = [hex(sha256(SETTINGS)), "a".repeat(64), "b".repeat(64)];

const STARTS: LawChange = {
  effect: "starts",
  after: A,
  instruments: [],
  sources: [],
  summary: [],
  opensFor: [],
  settings: SETTINGS_DIGEST,
};
const OPENS: LawChange = { ...STARTS, effect: "opens", previous: 1, before: A, after: B, opensFor: ["CA"] };
const head = { type: "writ-leaf/1", id: "0".repeat(32), custodian: "hhs-cms" } as const;
const signedBy = (change: LawChange, ...signers: readonly (typeof counsel)[]): SignedChange => ({
  ...change,
  signatures: signers.map((one) => one.sign(entryStatement(ORIGIN, change))),
});
const law = (index: number, change: SignedChange & { proposedIndex?: number }, time: string, simulated?: true): LoggedLeaf => ({
  index,
  leaf: { ...head, kind: "law", time, ...(simulated === undefined ? {} : { simulated }), ...change },
});
const proposed = (index: number, change: SignedChange, time: string, simulated?: true): LoggedLeaf => ({
  index,
  leaf: { ...head, kind: "law-proposed", time, ...(simulated === undefined ? {} : { simulated }), ...change },
});

const read = (...leaves: readonly LoggedLeaf[]): string | LawHistory => {
  const archived = (digest: string): Uint8Array | undefined => (digest === SETTINGS_DIGEST ? SETTINGS : undefined);
  const history = lawHistory(leaves, { origin: ORIGIN, crypto: proofCrypto, archived });
  return history.ok ? history.value : history.problems.map(({ message }) => message).join("; ");
};
const START = law(1, signedBy(STARTS, counsel), "2026-01-01T00:00:00Z");
const ASKED = proposed(2, signedBy(OPENS, counsel), "2026-01-02T00:00:00Z");
const IN_TIME = "2026-01-16T00:00:00Z";

describe("the history of entered law", () => {
  it("holds what was signed and has waited, by when it was known", () => {
    const history = read(START, ASKED, law(3, { ...signedBy(OPENS, counsel, monitor), proposedIndex: 2 }, IN_TIME));
    expect(history).toMatchObject({ entries: [{ index: 1 }, { index: 3 }], proposals: [] });
    const { entries } = history as LawHistory;
    const known = ["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-15T23:59:59Z", IN_TIME].map(
      (at) => enteredAt(entries, at)?.index,
    );
    expect(known).toEqual([undefined, 1, 1, 3]);
  });

  it.each<[string, readonly LoggedLeaf[], RegExp]>([
    ["nobody signed", [law(1, { ...STARTS, signatures: [] }, IN_TIME)], /counsel has not signed/],
    ["a stranger signed", [law(1, signedBy(STARTS, stranger), IN_TIME)], /"stranger" with key [0-9a-f]{8} is no signer/],
    ["signed as something else", [START, law(2, { ...signedBy({ ...OPENS, effect: "closes" }, counsel), effect: "opens" }, IN_TIME)], /not under this text/], // prettier-ignore
    [
      "said to close, signed as opening",
      [START, law(2, { ...signedBy(OPENS, counsel), effect: "closes" }, IN_TIME)],
      /not under this text/,
    ],
    ["opened by one", [START, ASKED, law(3, { ...signedBy(OPENS, counsel), proposedIndex: 2 }, IN_TIME)], /needs a second signature/],
    [
      "opened early",
      [START, ASKED, law(3, { ...signedBy(OPENS, counsel, monitor), proposedIndex: 2 }, "2026-01-15T23:59:59Z")],
      /waiting time/,
    ],
    ["opened without a proposal", [START, law(2, signedBy(OPENS, counsel, monitor), "2027-01-01T00:00:00Z")], /waiting time/],
    ["opened on a proposal that only the log's key made", [START, proposed(2, { ...OPENS, signatures: [] }, "2026-01-02T00:00:00Z"), law(3, { ...signedBy(OPENS, counsel, monitor), proposedIndex: 2 }, IN_TIME)], /waiting time/], // prettier-ignore
    ["opened on the proposal of another change", [START, proposed(2, signedBy({ ...OPENS, after: A }, counsel), "2026-01-02T00:00:00Z"), law(3, { ...signedBy(OPENS, counsel, monitor), proposedIndex: 2 }, IN_TIME)], /waiting time/], // prettier-ignore
    ["opened on a simulated proposal", [START, proposed(2, signedBy(OPENS, counsel), "2026-01-02T00:00:00Z", true), law(3, { ...signedBy(OPENS, counsel, monitor), proposedIndex: 2 }, IN_TIME)], /waiting time/], // prettier-ignore
    ["started twice", [START, law(2, signedBy({ ...STARTS, previous: 1, before: A }, counsel), IN_TIME)], /only the first entry starts/],
    ["a step left out", [START, law(2, signedBy({ ...OPENS, before: B }, counsel, monitor), IN_TIME)], /does not follow/],
    ["under settings nobody kept", [law(1, signedBy({ ...STARTS, settings: B }, counsel), IN_TIME)], /the archive lacks b{64}/],
  ])("refuses a log in which law was %s", (_, leaves, message) => {
    expect(read(...leaves)).toMatch(message);
  });
});
