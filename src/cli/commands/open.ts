import { readFileSync } from "node:fs";
import { openPackage } from "../../app/open.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { openLedgerRoom } from "../ledger-room.ts";
import { workspaceHere } from "../workspace-here.ts";
import type { Command, OptionValues } from "../command.ts";

const HELP = `Usage: writ open PACKAGE --receipt FILE --identity FILE -o DIR [--json]

Opens a sealed package for its recipient. Every sealed file is hashed first; then the key-holder of
this workspace checks the receipt for exactly this package, logs the opening, and frees the key;
then the files are decrypted. DIR appears whole or not at all. Once opened, nothing calls it back.

  --receipt FILE     the receipt of the release, such as PACKAGE/receipt.json
  --identity FILE    the recipient's identity, as \`writ key new\` made it
  -o, --output DIR   the folder to make; it must not exist

Exit 20 when the key was destroyed, 22 when package or receipt do not verify.

  cd private/packages/ID
  writ open . --receipt receipt.json --identity ~/hhs-oig.identity -o ~/opened`;

export const command: Command = {
  name: "open",
  summary: "open a sealed package for its recipient",
  help: HELP,
  options: { receipt: { type: "string" }, identity: { type: "string" }, output: { type: "string", short: "o" } },
  operands: ["PACKAGE"],
  run: async ({ values, positionals, out }) => {
    const [packageFolder = ""] = positionals;
    const receiptFile = required(values, "receipt", "without the receipt of its release no package opens; write --receipt FILE");
    const identityFile = required(values, "identity", "write --identity FILE");
    const outputFolder = required(values, "output", "write -o DIR");
    const room = await openLedgerRoom(await workspaceHere());
    const identity = room.unsealer.parseIdentity(readFileSync(identityFile, "utf8"), identityFile);
    if (!identity.ok) throw new ProblemError(...identity.problems);
    const receipt = new Uint8Array(readFileSync(receiptFile));
    const opened = await openPackage({ packageFolder, receipt, identity: identity.value, outputFolder }, room);
    out.data(out.json ? JSON.stringify({ ...opened, outputFolder }) : opened.files.map((name) => `${outputFolder}/${name}`).join("\n"));
    out.talk(`opened ${opened.releaseId}; logged as entry ${opened.openedIndex}. What is open now cannot be called back by shredding.`);
    return 0;
  },
};

function required(values: OptionValues, name: string, hint: string): string {
  const value = values[name];
  if (typeof value === "string") return value;
  throw new ProblemError(problem("E_USAGE", `\`writ open\` needs --${name}`, { hint }));
}
