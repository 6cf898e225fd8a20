import { existsSync, readFileSync } from "node:fs";
import type { Decided } from "../../app/replay.ts";
import { replay } from "../../app/replay.ts";
import { allLeaves } from "../../app/shred.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { LoggedLeaf } from "../../core/ledger/leaf.ts";
import { verifyReceipt } from "../../core/ledger/verification.ts";
import { proofCrypto } from "../../vault/node-crypto.ts";
import type { Command } from "../command.ts";
import { usage, value } from "../value.ts";
import { archiveOf, openEntryRoom, plansOf } from "../entry-room.ts";
import { logKeyOf, openLedgerReader } from "../ledger-reading.ts";
import { openPlanRoom } from "../plan-room.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ law replay ENTRY [--json]

Makes a recorded decision again, offline: loads the law it names from the ledger's archive, every byte of it
compared with its digest; computes the law in force on that day; and, where the plan and the data are still
here, plans the same request under it. Says for each whether it comes out as recorded.

  ENTRY    the index of a request, denied or intent entry, or the file of its receipt
  --json   the parts as one JSON object

Exit: 0 all that could be made again is the same · 22 something differs · 2 the entry decides nothing

  writ law replay 7
  writ law replay private/packages/0123456789abcdef0123456789abcdef/receipt.json`;

export const command: Command = {
  name: "law replay",
  summary: "make a recorded decision again",
  help: HELP,
  options: {},
  operands: ["ENTRY"],
  async run({ positionals, out }) {
    const workspace = await workspaceHere();
    const { history } = await openEntryRoom(workspace);
    const ledger = openLedgerReader(workspace);
    value(await ledger.verify());
    const key = logKeyOf(workspace);
    const { index, leaf } = decidedIn(positionals[0] ?? "", await allLeaves(ledger), (bytes, file) =>
      value(verifyReceipt(bytes, file, { key, quorum: workspace.quorum, crypto: proofCrypto }).result),
    );
    const { cedarJudge: judge } = await import("../../engine/cedar-judge.ts");
    const parts = await replay(index, leaf, {
      law: archiveOf(workspace),
      plans: plansOf(workspace),
      judge,
      history,
      grades: workspace.admittedGrades,
      planning: async (law, admittedGrades) => openPlanRoom({ ...workspace, admittedGrades }, law),
    });
    if (out.json) out.data(JSON.stringify({ index, kind: leaf.kind, parts }));
    else {
      out.data(`entry ${index}: ${leaf.kind} of ${leaf.time}, ${leaf.custodian} → ${leaf.recipient}, ${leaf.purpose}`);
      for (const { part, state, says } of parts) out.data(`${part.padEnd(8)} ${state.padEnd(8)} ${says}`);
    }
    return parts.some(({ state }) => state === "differs") ? 22 : 0;
  },
};

type OpenReceipt = (bytes: Uint8Array, file: string) => LoggedLeaf;

/** The entry an operand names. */
function decidedIn(operand: string, leaves: readonly LoggedLeaf[], open: OpenReceipt): { readonly index: number; readonly leaf: Decided } {
  const found = existsSync(operand)
    ? open(new Uint8Array(readFileSync(operand)), operand)
    : /^\d+$/.test(operand)
      ? leaves[Number(operand)]
      : undefined;
  if (found === undefined) throw usage(`there is no entry "${operand}"`, `name an index below ${leaves.length}, or the file of a receipt`);
  const { leaf, index } = found;
  if (leaf.kind === "request" || leaf.kind === "denied" || leaf.kind === "intent") return { index, leaf };
  throw new ProblemError(
    problem("E_REQUEST", `entry ${index} is a ${leaf.kind}, which decides nothing`, { hint: "`writ log show` lists entries" }),
  );
}
