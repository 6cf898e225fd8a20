import { join } from "node:path";
import type { KeyHolder } from "../app/ports/key-holder.ts";
import type { Ledger, Recorder } from "../app/ports/ledger.ts";
import type { PackageStore } from "../app/ports/package-store.ts";
import type { Unsealer } from "../app/ports/unsealer.ts";
import { recoverPackages } from "../app/recover-packages.ts";
import { ledgerRecorder } from "../app/record.ts";
import type { Workspace } from "../app/workspace.ts";
import { utf8 } from "../core/base/bytes.ts";
import type { ProofCrypto } from "../core/ledger/note.ts";
import { vkeyText } from "../core/ledger/note.ts";
import type { Trust } from "../core/ledger/verification.ts";
import { createDurably } from "../store/durable-file.ts";
import { ledgerFolder } from "../store/ledger-folder.ts";
import { packageFolder } from "../store/package-folder.ts";
import { privateFiles } from "../store/private-files.ts";
import { localKeyHolder, replayShreds } from "../vault/local-key-holder.ts";
import { openLogKey } from "../vault/log-key.ts";
import { proofCrypto, sha256 } from "../vault/node-crypto.ts";
import { unsealer } from "../vault/unsealer.ts";
import { originOf, skeyFile, VKEY_FILE } from "./ledger-reading.ts";

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
