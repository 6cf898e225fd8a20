import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { realClock } from "../../app/workspace.ts";
import { utf8 } from "../../core/base/bytes.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { recipientKeyIdOf } from "../../core/ledger/leaf.ts";
import { privateFiles } from "../../store/private-files.ts";
import { sha256 } from "../../vault/node-crypto.ts";
import { identityFileText, newKeyPair } from "../../vault/recipient-key.ts";
import type { Command } from "../command.ts";

const HELP = `Usage: writ key new --recipient NAME -o FILE [--json]

Makes a recipient's key pair. The identity goes to FILE, which only you can read; keep it, packages
open with nothing else. The recipient key, to hand to custodians, is printed: one line, age1….

  --recipient NAME   whose key it is, such as hhs-oig
  -o, --output FILE  the identity file to make; never overwritten

  writ key new --recipient hhs-oig -o hhs-oig.identity > recipients/hhs-oig.pub`;

export const command: Command = {
  name: "key new",
  summary: "make a recipient's key pair",
  help: HELP,
  options: { recipient: { type: "string" }, output: { type: "string", short: "o" } },
  operands: [],
  run: async ({ values, out }) => {
    const { recipient: name, output: file } = values;
    if (typeof name !== "string" || !/^[a-z0-9][a-z0-9-]*$/.test(name))
      throw new ProblemError(problem("E_USAGE", "whose key it is must be said", { hint: "write --recipient NAME, such as hhs-oig" }));
    if (typeof file !== "string") throw new ProblemError(problem("E_USAGE", "no identity file is named", { hint: "write -o FILE" }));
    const pair = await newKeyPair();
    const made = !existsSync(file) && privateFiles().create(resolve(file), utf8(identityFileText(name, realClock.now(), pair)));
    if (!made)
      throw new ProblemError(
        problem("E_IO", "the file exists already", { at: { file }, hint: "an identity is never overwritten; name another file" }),
      );
    const recipientKeyId = recipientKeyIdOf(sha256, pair.recipient);
    out.data(
      out.json ? JSON.stringify({ recipient: name, recipientKey: pair.recipient, recipientKeyId, identityFile: file }) : pair.recipient,
    );
    out.talk(`identity of ${name} written to ${file}; keep it secret and keep a copy`);
    return 0;
  },
};
