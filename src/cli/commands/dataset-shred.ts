import type { DataShredded } from "../../app/shred-data.ts";
import { shredData } from "../../app/shred-data.ts";
import type { Command } from "../command.ts";
import { openDataRoom } from "../data-room.ts";
import { usage } from "../value.ts";
import { text } from "../law-room.ts";
import { openLedgerRoom } from "../ledger-room.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ dataset shred DIGEST [--under CITE] [--json]

Destroys the key of one stored submission, status source or list of handles, after logging it. Its files
stay where they are and nobody can read them again; a request that would need them is refused (exit 20)
until the submission is taken in again: the same file, or a replacement with the next sequence. Releases
made before are not touched: they are listed.

  --under CITE   the order or law that asks for it, for the log

  writ dataset list
  writ dataset shred 4a94e0d9c31b77f2 --under nd-cal-25-5536
  writ log show --kind data-shredded`;

export const command: Command = {
  name: "dataset shred",
  summary: "destroy the key of one submission or sidecar, and log it",
  help: HELP,
  options: { under: { type: "string" } },
  operands: ["DIGEST"],
  run: async ({ values, positionals, out }) => {
    const [digest = ""] = positionals;
    if (!/^[0-9a-f]{16,64}$/.test(digest)) throw usage("this is no digest", "16 to 64 hex digits, as printed by: writ dataset list");
    const workspace = await workspaceHere();
    const { store, sidecars, vault } = await openDataRoom(workspace);
    const { ledger, record } = await openLedgerRoom(workspace);
    const under = text(values["under"]);
    const asked = { digest, ...(under === undefined ? {} : { under }) };
    const done = await shredData(asked, { store, sidecars, keys: vault.keys, ledger, record });
    out.data(out.json ? JSON.stringify(done) : linesOf(done).join("\n"));
    return 0;
  },
};

const linesOf = ({ digest, what, index, keyDestroyed, others, releases }: DataShredded): readonly string[] => [
  `shredded    ${what}, entry ${index}`,
  `files       private/…/${digest.slice(0, 16)}… stay, unreadable`,
  keyDestroyed ? "key         destroyed here; a copy in a backup is destroyed on sight" : "key         was destroyed before",
  ...others.map((other) => `readable    ${other.slice(0, 16)}, another sequence of the same submission`),
  ...releases.map((releaseId) => `not undone  release ${releaseId} was made of it; to end it: writ shred ${releaseId}`),
  ...(releases.length === 0
    ? ["not undone  the log has no release of it that still opens; copies made outside writ are not known to it"]
    : []),
];
