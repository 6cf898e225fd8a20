import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { realClock } from "../../app/workspace.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { recipientKeyIdOf } from "../../core/ledger/leaf.ts";
import { privateFiles } from "../../store/private-files.ts";
import { sha256 } from "../../vault/node-crypto.ts";
import { identityFileText, newKeyPair } from "../../vault/recipient-key.ts";
import { newSignerKey } from "../../vault/signer-key.ts";
import type { Command } from "../command.ts";
import { usage } from "../value.ts";

const HELP = `Usage: writ key new --recipient NAME -o FILE [--json]
       writ key new --signer NAME -o FILE [--json]

Makes a key pair. The secret goes to FILE, which only you can read; keep it. What to hand out is printed
on one line: a recipient's key age1…, or a signer's key for writ.yaml, NAME+….

  --recipient NAME   who opens packages with it, such as hhs-oig
  --signer NAME      who signs law with it, such as cms-counsel
  -o, --output FILE  the secret file to make; never overwritten

  writ key new --recipient hhs-oig -o hhs-oig.identity > recipients/hhs-oig.pub
  writ key new --signer cms-counsel -o cms-counsel.key`;

export const command: Command = {
  name: "key new",
  summary: "make a recipient's or a signer's key pair",
  help: HELP,
  options: { recipient: { type: "string" }, signer: { type: "string" }, output: { type: "string", short: "o" } },
  operands: [],
  run: async ({ values, out }) => {
    const { recipient, signer, output: file } = values;
    const name = recipient ?? signer;
    if (typeof name !== "string" || (recipient !== undefined && signer !== undefined) || !/^[a-z0-9][a-z0-9-]*$/.test(name))
      throw usage("whose key it is must be said", "write --recipient NAME, such as hhs-oig, or --signer NAME, such as cms-counsel");
    if (typeof file !== "string") throw usage("no file for the secret is named", "write -o FILE");
    const made = signer === undefined ? await recipientPair(name) : signerPair(name);
    if (existsSync(file) || !privateFiles().create(resolve(file), utf8(made.secret)))
      throw new ProblemError(
        problem("E_IO", "the file exists already", { at: { file }, hint: "a key is never overwritten; name another file" }),
      );
    out.data(out.json ? JSON.stringify({ ...made.told, [signer === undefined ? "identityFile" : "keyFile"]: file }) : made.line);
    out.talk(`${signer === undefined ? "identity" : "signing key"} of ${name} written to ${file}; keep it secret and keep a copy`);
    return 0;
  },
};

/** What goes to the secret file, what is printed, and what is said in JSON. */
type Pair = { readonly secret: string; readonly line: string; readonly told: Readonly<Record<string, string>> };

async function recipientPair(name: string): Promise<Pair> {
  const pair = await newKeyPair();
  const recipientKeyId = recipientKeyIdOf(sha256, pair.recipient);
  return {
    secret: identityFileText(name, realClock.now(), pair),
    line: pair.recipient,
    told: { recipient: name, recipientKey: pair.recipient, recipientKeyId },
  };
}

function signerPair(name: string): Pair {
  const { secret, vkey } = newSignerKey(name);
  return { secret: `${secret}\n`, line: vkey, told: { signer: name, key: vkey } };
}
