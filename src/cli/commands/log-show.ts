import { problem, ProblemError } from "../../core/base/problem.ts";
import type { LoggedLeaf } from "../../core/ledger/leaf.ts";
import type { Command, OptionValues } from "../command.ts";
import { leafLine, leafLines } from "../leaf-text.ts";
import { openLedgerReader } from "../ledger-reading.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ log show [INDEX] [--kind KIND] [--json]

Prints the ledger of this workspace, an entry a line, the oldest first; with INDEX that entry in
full. Reads only.

  --kind KIND   only entries of one kind, such as intent, key-opened, shredded

  writ log show
  writ log show 3
  writ log show --kind intent --json`;

export const command: Command = {
  name: "log show",
  summary: "print the ledger's entries",
  help: HELP,
  options: { kind: { type: "string" } },
  operands: ["[INDEX]"],
  run: async ({ values, positionals, out }) => {
    const ledger = openLedgerReader(await workspaceHere());
    const size = await ledger.size();
    const index = indexOf(positionals[0], size);
    const entries: LoggedLeaf[] = [];
    for await (const logged of ledger.entries(index ?? 0)) {
      if (index !== undefined && logged.index > index) break;
      if (isOfKind(logged, values)) entries.push(logged);
    }
    if (out.json) out.data(JSON.stringify({ origin: ledger.key.name, size, entries }));
    else if (entries.length > 0)
      out.data(entries.flatMap((logged) => (index === undefined ? line(logged) : leafLines(logged.leaf))).join("\n"));
    out.talk(`${ledger.key.name}: ${size} ${size === 1 ? "entry" : "entries"}`);
    return 0;
  },
};

const isOfKind = ({ leaf }: LoggedLeaf, { kind }: OptionValues): boolean => kind === undefined || leaf.kind === kind;

const line = ({ index, leaf }: LoggedLeaf): string =>
  `${String(index).padStart(4)}  ${leaf.time}${leaf.simulated ? " simulated" : ""}  ${leaf.kind.padEnd(18)}  ${leafLine(leaf)}`;

function indexOf(text: string | undefined, size: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^(0|[1-9]\d{0,14})$/.test(text) && Number(text) < size) return Number(text);
  throw new ProblemError(problem("E_USAGE", `there is no entry "${text}"`, { hint: `entries are numbered from 0; the log has ${size}` }));
}
