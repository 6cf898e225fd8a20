import { join } from "node:path";
import type { FreedKey, KeyHolder } from "../app/ports/key-holder.ts";
import type { LedgerReader, Recorder } from "../app/ports/ledger.ts";
import type { PrivateFiles } from "../app/ports/private-files.ts";
import { utf8, utf8Text } from "../core/base/bytes.ts";
import { canonicalJson } from "../core/base/canonical-json.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { LoggedLeaf } from "../core/ledger/leaf.ts";
import { recipientKeyIdOf } from "../core/ledger/leaf.ts";
import type { ReleaseHistory } from "../core/ledger/release-history.ts";
import { releaseHistories } from "../core/ledger/release-history.ts";
import type { Proven, Trust } from "../core/ledger/verification.ts";
import { verifyReceipt } from "../core/ledger/verification.ts";
import { sealText } from "./age-header.ts";
import { newKeyPair } from "./recipient-key.ts";

export type KeyHolderSettings = {
  /** `private/keys/packages`: one file per package. */
  readonly folder: string;
  readonly files: PrivateFiles;
  readonly ledger: LedgerReader;
  readonly record: Recorder;
  readonly trust: Trust;
};

type HeldKey = { readonly recipient: string; readonly packageRecipient: string; readonly identity: string };

/** A key-holder on the custodian's own disk, until one that another organisation runs takes its part. */
export function localKeyHolder(settings: KeyHolderSettings): KeyHolder {
  const { folder, files } = settings;
  const fileOf = (releaseId: string): string => join(folder, `${releaseId}.json`);
  return {
    create: async (releaseId, recipient) => {
      // INVARIANT: release ids come from us, but a path never does from anything but 32 hex digits.
      if (!/^[0-9a-f]{32}$/.test(releaseId)) throw new ProblemError(problem("E_BUG", "a release id that is none"));
      const pair = await newKeyPair();
      files.create(fileOf(releaseId), encodeKey({ recipient, packageRecipient: pair.recipient, identity: pair.identity }));
      const held = readKey(fileOf(releaseId), files);
      if (held?.recipient !== recipient) throw new ProblemError(problem("E_KEY", "a key for this release is held for another recipient"));
      return { packageRecipient: held.packageRecipient };
    },
    free: async ({ releaseId, payloadDigest, receipt }) => {
      const history = await historyOf(settings.ledger, releaseId);
      const ended = closedBy(history);
      if (ended !== undefined) {
        files.destroy(fileOf(releaseId));
        return refuse(settings, releaseId, ended);
      }
      const proof = verifyReceipt(receipt, "receipt", settings.trust);
      if (!proof.result.ok) return refuse(settings, releaseId, proof.result.problems[0] ?? foreign());
      const held = readKey(fileOf(releaseId), files);
      if (held === undefined) return refuse(settings, releaseId, noKey());
      const keyId = recipientKeyIdOf(settings.trust.crypto.sha256, held.recipient);
      if (!isIntentOf(proof.result.value, { releaseId, payloadDigest, keyId })) return refuse(settings, releaseId, foreign());
      return handOut(settings, releaseId, held, { keyId, intentIndex: proof.result.value.index });
    },
    destroy: async (releaseId) => files.destroy(fileOf(releaseId)),
  };
}

/** Destroys every held key whose release the log calls shredded or aborted: what a restored backup brought back. */
export async function replayShreds({ folder, files, ledger }: Pick<KeyHolderSettings, "folder" | "files" | "ledger">): Promise<number> {
  const held = files.list(folder).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
  if (held.length === 0) return 0;
  const histories = releaseHistories(await leavesOf(ledger, 0));
  const dead = held.filter((name) => closedBy(histories.get(name.slice(0, 32)) ?? { opened: [] }) !== undefined);
  for (const name of dead) files.destroy(join(folder, name));
  return dead.length;
}

async function handOut(
  { ledger, record }: KeyHolderSettings,
  releaseId: string,
  held: HeldKey,
  { keyId, intentIndex }: { readonly keyId: string; readonly intentIndex: number },
): Promise<FreedKey> {
  const sealedIdentity = await sealText(held.identity, held.recipient);
  const opened = await record("key-opened", { releaseId, recipientKeyId: keyId, intentIndex });
  // WHY: a shredding may have been logged between our look and our entry; the log's order decides.
  const ended = closedBy(await historyOf(ledger, releaseId));
  if (ended !== undefined) throw new ProblemError(ended);
  return { sealedIdentity, openedIndex: opened.index };
}

async function refuse({ record }: KeyHolderSettings, releaseId: string, why: Problem): Promise<never> {
  await record("key-refused", { releaseId, reason: why.code });
  throw new ProblemError(why);
}

function isIntentOf(
  { leaf }: Proven,
  asked: { readonly releaseId: string; readonly payloadDigest: string; readonly keyId: string },
): boolean {
  return (
    leaf.kind === "intent" &&
    leaf.releaseId === asked.releaseId &&
    leaf.payloadDigest === asked.payloadDigest &&
    leaf.recipientKeyId === asked.keyId
  );
}

function closedBy({ shredded, aborted }: ReleaseHistory): Problem | undefined {
  const hint = "nothing can open this package again; ask for a new release";
  if (shredded !== undefined)
    return problem("E_SHREDDED", `the package's key was destroyed on ${shredded.leaf.time} (entry ${shredded.index})`, { hint });
  if (aborted !== undefined) return problem("E_KEY", `the release was given up on ${aborted.leaf.time} (entry ${aborted.index})`, { hint });
  return undefined;
}

const foreign = (): Problem =>
  problem("E_PROOF", "the receipt is not for this package and this recipient", { hint: "use the receipt that was made for it" });
const noKey = (): Problem => problem("E_KEY", "no key is held for this package", { hint: "open it where its key-holder is" });

const historyOf = async (ledger: LedgerReader, releaseId: string): Promise<ReleaseHistory> =>
  releaseHistories(await leavesOf(ledger, 0)).get(releaseId) ?? { opened: [] };

async function leavesOf(ledger: LedgerReader, from: number): Promise<readonly LoggedLeaf[]> {
  const leaves: LoggedLeaf[] = [];
  for await (const logged of ledger.entries(from)) leaves.push(logged);
  return leaves;
}

const FORMAT = "writ-package-key/1";
const encodeKey = (held: HeldKey): Uint8Array => utf8(`${canonicalJson({ format: FORMAT, ...held })}\n`);

function readKey(file: string, files: PrivateFiles): HeldKey | undefined {
  const bytes = files.read(file);
  if (bytes === undefined) return undefined;
  try {
    const { format, recipient, packageRecipient, identity } = JSON.parse(utf8Text(bytes)) as Partial<HeldKey & { format: string }>;
    if (format === FORMAT && recipient !== undefined && packageRecipient !== undefined && identity !== undefined)
      return { recipient, packageRecipient, identity };
  } catch {
    // WHY: falls through to the refusal below, which is the same for every kind of damage.
  }
  throw new ProblemError(problem("E_KEY", "the package's key file is damaged", { at: { file }, hint: "restore it from a backup" }));
}
