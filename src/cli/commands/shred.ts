import type { Shredded } from "../../app/shred.ts";
import { shred } from "../../app/shred.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { openLedgerRoom } from "../ledger-room.ts";
import { workspaceHere } from "../workspace-here.ts";
import type { Command } from "../command.ts";

const HELP = `Usage: writ shred RELEASE-ID [--under CITE] [--json]

Destroys the key of exactly one package, after logging it. Nobody can open the package from then
on, the custodian included. What was opened before stays open: earlier openings are listed.

  --under CITE   the order or law that asks for it, for the log

  writ shred 3f0c… --under nd-cal-25-5536
  writ log show --kind shredded`;

export const command: Command = {
  name: "shred",
  summary: "destroy the key of one package, and log it",
  help: HELP,
  options: { under: { type: "string" } },
  operands: ["RELEASE-ID"],
  run: async ({ values, positionals, out }) => {
    const [releaseId = ""] = positionals;
    if (!/^[0-9a-f]{32}$/.test(releaseId))
      throw new ProblemError(
        problem("E_USAGE", "this is no release id", { hint: "32 hex digits, as printed by: writ log show --kind intent" }),
      );
    const under = typeof values["under"] === "string" ? { under: values["under"] } : {};
    const done = await shred({ releaseId, ...under }, await openLedgerRoom(await workspaceHere()));
    out.data(out.json ? jsonOf(done) : linesOf(done).join("\n"));
    return 0;
  },
};

function linesOf({ releaseId, index, keyDestroyed, opened }: Shredded): readonly string[] {
  return [
    `shredded    ${releaseId}, entry ${index}`,
    keyDestroyed
      ? "key         destroyed here; a copy in a backup is refused and destroyed on sight"
      : "key         was not held here any more",
    ...opened.map(({ index: at, leaf }) => `opened      ${leaf.time} by key ${leaf.recipientKeyId.slice(0, 8)}…, entry ${at}`),
    opened.length === 0
      ? "not undone  the log has no opening of it; copies made outside writ are not known to it"
      : "not undone  whoever opened it has the plaintext, and what was made from it",
  ];
}

function jsonOf({ opened, ...done }: Shredded): string {
  const openings = opened.map(({ index, leaf }) => ({ index, time: leaf.time, recipientKeyId: leaf.recipientKeyId }));
  return JSON.stringify({ ...done, opened: openings });
}
