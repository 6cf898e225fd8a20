import { readFileSync } from "node:fs";
import { QUORUM_NONE } from "../../core/ledger/quorum.ts";
import type { Step, Trust, Verification } from "../../core/ledger/verification.ts";
import { firstBroken, verifyReceipt } from "../../core/ledger/verification.ts";
import { proofCrypto } from "../../vault/node-crypto.ts";
import type { Command } from "../command.ts";
import { logKeyOf, vkeyFrom } from "../ledger-reading.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ receipt verify FILE [--vkey KEY] [--json]

Verifies a receipt offline, in five steps: the leaf, its path into the tree, the checkpoint's
signature, the quorum of witnesses, the law it names. The first broken step is said, with what
that means. Exit 22 when any step is broken.

  --vkey KEY   the log's verifier key, or a file that holds it; get it from the custodian, not
               with the receipt. Without it: the key of the workspace in this folder.

  writ receipt verify private/packages/ID/receipt.json
  writ receipt verify receipt.json --vkey ledger/log.vkey`;

export const command: Command = {
  name: "receipt verify",
  summary: "verify a receipt offline, step by step",
  help: HELP,
  options: { vkey: { type: "string" } },
  operands: ["FILE"],
  run: async ({ values, positionals, out }) => {
    const [file = ""] = positionals;
    const verification = verifyReceipt(new Uint8Array(readFileSync(file)), file, await trustFor(values["vkey"]));
    const broken = firstBroken(verification);
    out.data(out.json ? jsonOf(verification) : verification.steps.map(stepText).join("\n"));
    if (broken !== undefined)
      out.talk(`error: ${file}: the receipt does not verify at the step "${broken.step}"\nhint: ${MEANING[broken.step]}`);
    return broken === undefined ? 0 : 22;
  },
};

/** What it means that a step is broken: the others may hold, and still nothing is proven. */
const MEANING: Readonly<Record<Step["step"], string>> = {
  leaf: "the file is no receipt, or its leaf was altered; ask the custodian for it again",
  inclusion: "this leaf is not in the log that was signed: leaf or path were altered, or it was never logged",
  checkpoint: "the log's key did not sign this tree: it was altered, or the key is another log's",
  quorum: "too few witnesses saw this tree; the custodian may show others a different one",
  law: "the leaf does not name the law it rests on",
};

async function trustFor(vkey: unknown): Promise<Trust> {
  if (typeof vkey === "string") return { key: vkeyFrom(vkey), quorum: QUORUM_NONE, crypto: proofCrypto };
  const workspace = await workspaceHere();
  return { key: logKeyOf(workspace), quorum: workspace.quorum, crypto: proofCrypto };
}

const WORDS = { holds: "ok       ", broken: "BROKEN   ", unreached: "unreached" } as const;
const stepText = ({ step, state, says }: Step, at: number): string => `${at + 1} ${step.padEnd(10)}  ${WORDS[state]}  ${says}`;

function jsonOf({ steps, result }: Verification): string {
  const proven = result.ok ? { index: result.value.index, size: result.value.checkpoint.size, leaf: result.value.leaf } : {};
  return JSON.stringify({ verified: result.ok, steps, ...proven });
}
