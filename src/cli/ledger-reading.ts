// WHY apart from what writes: a question to the law reads the ledger, and would load all that seals and opens packages.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LedgerReader } from "../app/ports/ledger.ts";
import type { Workspace } from "../app/workspace.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { NoteKey } from "../core/ledger/note.ts";
import { parseVkey } from "../core/ledger/note.ts";
import { ledgerReader } from "../store/ledger-folder.ts";
import { privateFiles } from "../store/private-files.ts";
import { openLogKey } from "../vault/log-key.ts";
import { proofCrypto, sha256 } from "../vault/node-crypto.ts";

/** Where the workspace's log key is published, for whoever verifies without the private part. */
export const VKEY_FILE = "log.vkey";

/** The name the log signs under. */
export const originOf = ({ custodian }: Pick<Workspace, "custodian">): string => `${custodian}/writ`;

/** The private part of the log's key. */
export const skeyFile = ({ paths }: Workspace): string => join(paths.keys, "log", "log.skey");

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
