import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyHolder } from "../app/ports/key-holder.ts";
import type { Ledger, LedgerReader, Recorder } from "../app/ports/ledger.ts";
import type { PackageStore } from "../app/ports/package-store.ts";
import type { Unsealer } from "../app/ports/unsealer.ts";
import { recoverPackages } from "../app/recover-packages.ts";
import { ledgerRecorder } from "../app/record.ts";
import type { Workspace } from "../app/workspace.ts";
import { utf8 } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { NoteKey, ProofCrypto } from "../core/ledger/note.ts";
import { parseVkey, vkeyText } from "../core/ledger/note.ts";
import type { Trust } from "../core/ledger/verification.ts";
import { createDurably } from "../store/durable-file.ts";
import { ledgerFolder, ledgerReader } from "../store/ledger-folder.ts";
import { packageFolder } from "../store/package-folder.ts";
import { privateFiles } from "../store/private-files.ts";
import { localKeyHolder, replayShreds } from "../vault/local-key-holder.ts";
import { openLogKey } from "../vault/log-key.ts";
import { proofCrypto, sha256 } from "../vault/node-crypto.ts";
import { unsealer } from "../vault/unsealer.ts";

/** All that records, holds keys and keeps packages in one workspace. */
export type LedgerRoom = {
  readonly ledger: Ledger;
  readonly record: Recorder;
  readonly keyHolder: KeyHolder;
  readonly packages: PackageStore;
  readonly unsealer: Unsealer;
  readonly trust: Trust;
  readonly crypto: ProofCrypto;
};

/** Where the workspace's log key is published, for whoever verifies without the private part. */
export const VKEY_FILE = "log.vkey";

/** The name the log signs under. */
export const originOf = ({ custodian }: Pick<Workspace, "custodian">): string => `${custodian}/writ`;

const skeyFile = ({ paths }: Workspace): string => join(paths.keys, "log", "log.skey");

/**
 * Opens the workspace's ledger to write, making its key on first use. Keys of shredded packages that a backup brought back
 * are destroyed, and releases that were interrupted are ended, before anything else happens.
 */
export async function openLedgerRoom(workspace: Workspace): Promise<LedgerRoom> {
  const { paths, quorum } = workspace;
  const files = privateFiles();
  const signer = openLogKey(skeyFile(workspace), originOf(workspace), files);
  const ledger = ledgerFolder({ folder: paths.ledger, stateFolder: join(paths.keys, "log") }, signer, { crypto: proofCrypto });
  createDurably(join(paths.ledger, VKEY_FILE), utf8(`${vkeyText(signer.key)}\n`));
  const record = ledgerRecorder(ledger, workspace);
  const trust: Trust = { key: signer.key, quorum, crypto: proofCrypto };
  const holding = { folder: join(paths.keys, "packages"), files, ledger, record, trust };
  const room = {
    ledger,
    record,
    trust,
    unsealer,
    crypto: proofCrypto,
    keyHolder: localKeyHolder(holding),
    packages: packageFolder(paths.packages, sha256),
  };
  await replayShreds(holding);
  await recoverPackages(room);
  return room;
}

/** Opens the workspace's ledger to read; changes nothing on disk. */
export function openLedgerReader(workspace: Workspace): LedgerReader {
  return ledgerReader(workspace.paths.ledger, logKeyOf(workspace), { crypto: proofCrypto });
}

/** The key the workspace's log signs with: from the private part where it is, else as published. */
export function logKeyOf(workspace: Workspace): NoteKey {
  if (existsSync(skeyFile(workspace))) return openLogKey(skeyFile(workspace), originOf(workspace), privateFiles()).key;
  return vkeyFrom(join(workspace.paths.ledger, VKEY_FILE));
}

/** A verifier key given as text or as a file that holds it. */
export function vkeyFrom(given: string): NoteKey {
  const isText = /^[^\s/\\+]+(\/[^\s/\\+]+)*\+[0-9a-f]{8}\+/.test(given) && !existsSync(given);
  if (!isText && !existsSync(given))
    throw new ProblemError(
      problem("E_KEY", "there is no verifier key here", { at: { file: given }, hint: "give the custodian's published key with --vkey" }),
    );
  const key = parseVkey(sha256, isText ? given : readFileSync(given, "utf8").replace(/\n$/, ""));
  if (!key.ok) throw new ProblemError(...key.problems.map((found) => (isText ? found : { ...found, at: { file: given } })));
  return key.value;
}
