import { join } from "node:path";
import type { LedgerReader } from "../../app/ports/ledger.ts";
import { base64 } from "../../core/base/bytes.ts";
import { ProblemError } from "../../core/base/problem.ts";
import { QUORUM_NONE, judgeQuorum } from "../../core/ledger/quorum.ts";
import { ledgerReader } from "../../store/ledger-folder.ts";
import { proofCrypto } from "../../vault/node-crypto.ts";
import type { Command, OptionValues } from "../command.ts";
import { openLedgerReader, VKEY_FILE, vkeyFrom } from "../ledger-reading.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ log verify [FOLDER] [--vkey KEY] [--json]

Recomputes a ledger from its entries up: entries, leaf hashes, tiles, root, signature. Says every
file that does not fit. Without FOLDER: the ledger of this workspace. Exit 22 when anything is wrong.

  --vkey KEY   the log's verifier key, or a file that holds it; with FOLDER, else FOLDER/${VKEY_FILE}

  writ log verify
  writ log verify copy-of-ledger --vkey cms.vkey`;

export const command: Command = {
  name: "log verify",
  summary: "recompute the ledger from its entries up",
  help: HELP,
  options: { vkey: { type: "string" } },
  operands: ["[FOLDER]"],
  run: async ({ values, positionals, out }) => {
    const ledger = positionals[0] === undefined ? openLedgerReader(await workspaceHere()) : readerOf(positionals[0], values);
    const verified = await ledger.verify();
    if (!verified.ok) throw new ProblemError(...verified.problems);
    const { checkpoint, entries, files } = verified.value;
    const { says } = judgeQuorum(QUORUM_NONE, checkpoint);
    const root = base64(checkpoint.root);
    if (out.json) out.data(JSON.stringify({ verified: true, origin: checkpoint.origin, size: entries, root, files, quorum: says }));
    else out.data(`${checkpoint.origin}: ${entries} entries in ${files} files verify\nroot ${root}\n${says}`);
    return 0;
  },
};

function readerOf(folder: string, { vkey }: OptionValues): LedgerReader {
  const key = vkeyFrom(typeof vkey === "string" ? vkey : join(folder, VKEY_FILE));
  return ledgerReader(folder, key, { crypto: proofCrypto });
}
