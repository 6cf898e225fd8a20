import { readFileSync } from "node:fs";
import { ProblemError } from "../../core/base/problem.ts";
import { parseReceipt } from "../../core/ledger/receipt.ts";
import type { Command } from "../command.ts";
import { leafLines } from "../leaf-text.ts";

const HELP = `Usage: writ receipt show FILE [--json]

Prints what a receipt says, without verifying it.

  writ receipt show private/packages/ID/receipt.json
  writ receipt verify private/packages/ID/receipt.json`;

export const command: Command = {
  name: "receipt show",
  summary: "print what a receipt says",
  help: HELP,
  options: {},
  operands: ["FILE"],
  run: async ({ positionals, out }) => {
    const [file = ""] = positionals;
    const receipt = parseReceipt(new Uint8Array(readFileSync(file)), file);
    if (!receipt.ok) throw new ProblemError(...receipt.problems);
    const { leaf, proof } = receipt.value;
    const [origin = "", size = ""] = proof.checkpoint.split("\n");
    const place = [`${"log".padEnd(16)} ${origin}`, `${"entry".padEnd(16)} ${proof.index} of ${size}`];
    out.data(
      out.json ? JSON.stringify({ leaf, index: proof.index, size: Number(size), origin }) : [...place, ...leafLines(leaf)].join("\n"),
    );
    out.talk("not verified; run: writ receipt verify");
    return 0;
  },
};
