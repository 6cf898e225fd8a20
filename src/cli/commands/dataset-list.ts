import { isShredded } from "../../app/stored-files.ts";
import type { Command } from "../command.ts";
import { openDataRoom } from "../data-room.ts";
import { value } from "../value.ts";
import { workspaceHere } from "../workspace-here.ts";
import { sidecarText } from "./intake.ts";

const HELP = `Usage: writ dataset list [--json]

Lists the submissions and sidecars this workspace has taken in; those whose key was destroyed are marked
as shredded.

  writ dataset list
  writ dataset list --json`;

export const command: Command = {
  name: "dataset list",
  summary: "list what was taken in",
  help: HELP,
  options: {},
  operands: [],
  run: async ({ out }) => {
    const { store, sidecars, vault } = await openDataRoom(await workspaceHere());
    const datasets = sorted(
      value(store.list()),
      ({ manifest: one }) => `${one.dataset} ${one.period} ${one.origin} ${one.submitter} ${sortable(one.sequence)}`,
    );
    const beside = sorted(value(sidecars.list()), ({ manifest }) => `${manifest.format} ${sortable(manifest.sequence)}`);
    if (out.json) {
      const listed = datasets.map((one) => ({
        digest: one.digest,
        ...(isShredded(one, vault.keys) ? { shredded: true } : {}),
        ...one.manifest,
      }));
      out.data(JSON.stringify({ datasets: listed, sidecars: beside.map(({ digest, manifest }) => ({ digest, ...manifest })) }));
      return 0;
    }
    for (const dataset of datasets) {
      const { digest, manifest: one } = dataset;
      const by = one.submitter === "none" ? one.origin : `${one.origin} ${one.submitter}`;
      out.data(
        `${one.dataset}@${one.period}  ${by}  ${one.transaction} ${one.sequence}  ${one.people} ${one.about ?? "people"}  ${digest.slice(0, 16)}${isShredded(dataset, vault.keys) ? "  shredded" : ""}`,
      );
    }
    for (const { digest, manifest } of beside) out.data(`${sidecarText(manifest)}  ${manifest.rows} lines  ${digest.slice(0, 16)}`);
    if (datasets.length + beside.length === 0) out.talk("nothing was taken in yet; `writ intake FILE` does");
    return 0;
  },
};

const sortable = (count: number): string => String(count).padStart(6, "0");

function sorted<T>(list: readonly T[], name: (one: T) => string): readonly T[] {
  return [...list].sort((a, b) => (name(a) < name(b) ? -1 : 1));
}
