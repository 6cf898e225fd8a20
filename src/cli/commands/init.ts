import { relative } from "node:path";
import { initWorkspace } from "../../app/init.ts";
import { workspaceFiles } from "../../store/workspace-files.ts";
import type { Command } from "../command.ts";
import { value } from "../value.ts";

const HELP = `Usage: writ init DIR [--custodian PARTY] [--practice [--at INSTANT]] [--json]

Makes a workspace: a folder with writ.yaml, keys, its own copy of the law that comes with writ, and room
for data, requests and a ledger. Law that lies there already is left as it is.
Never overwrites; a folder that is a workspace already is refused.

  --custodian PARTY   who works here; a request's \`from\` must equal it (default hhs-cms)
  --practice          for trying out: every grade of law counts and the clock stands still;
                      everything recorded there says that it is simulated
  --at INSTANT        the time of a practice workspace (default 2026-11-24T12:00:00Z)

  writ init my-workspace --practice
  writ init state --custodian ca-dhcs`;

const PRACTICE_INSTANT = "2026-11-24T12:00:00Z";

export const command: Command = {
  name: "init",
  summary: "make a workspace",
  help: HELP,
  options: { custodian: { type: "string" }, practice: { type: "boolean" }, at: { type: "string" } },
  operands: ["DIR"],
  run: async ({ values, positionals, out }) => {
    const custodian = typeof values["custodian"] === "string" ? values["custodian"] : "hhs-cms";
    const at = typeof values["at"] === "string" ? values["at"] : PRACTICE_INSTANT;
    const practice = values["practice"] === true || values["at"] !== undefined;
    const options = practice ? { custodian, practice: at } : { custodian };
    const workspace = value(await initWorkspace(positionals[0] ?? ".", options, workspaceFiles));
    const { root, admittedGrades, clock } = workspace;
    const simulated = clock.simulated ? clock.now() : undefined;
    if (out.json) out.data(JSON.stringify({ root, custodian, grades: admittedGrades, simulated: simulated ?? null }));
    else
      out.data(
        `workspace  ${relative(process.cwd(), root) || "."} · ${custodian} · ${simulated === undefined ? "real clock" : `practice, stands at ${simulated}`}`,
      );
    if (simulated === undefined) out.talk("law opens something here only at the grade `read`; writ.yaml says so");
    else out.talk("practice: every grade of law counts and every entry is marked simulated; nothing here is a real disclosure");
    out.talk(`next: cd ${relative(process.cwd(), root) || "."} && writ intake FILE`);
    return 0;
  },
};
