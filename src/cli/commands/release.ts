import { relative } from "node:path";
import type { Released } from "../../app/release.ts";
import { release } from "../../app/release.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Command } from "../command.ts";
import { text } from "../law-room.ts";
import { openReleaseRoom } from "../plan-room.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ release PLAN [--form parquet|csv] [--json]

Does exactly what a plan says, or nothing: extracts, seals to the recipient with the key held back, writes
the intent to the ledger, and only then gives the package its receipt. Plaintext never touches the disk.
Takes no --on: the law of today, by this workspace's clock, is the law.

  --form parquet|csv   what the sealed files hold; default parquet
  --json               the release as one JSON object

Exit: 0 released · 20 nothing permitted · 21 law not reviewed · 23 the plan is stale
      2 refused; after every refusal nothing is released

  writ plan requests/oig.yaml -o oig.plan
  writ release oig.plan`;

export const command: Command = {
  name: "release",
  summary: "do exactly what a plan says, sealed and logged",
  help: HELP,
  // `--on` is known only so that its refusal can say why.
  options: { form: { type: "string" }, on: { type: "string" } },
  operands: ["PLAN"],
  async run({ values, positionals, out }) {
    if (values["on"] !== undefined) {
      const hint = "ask about other days with `writ decide --on` or `writ plan --on`";
      throw new ProblemError(problem("E_PAST_DATE", "a release takes no date but the clock's", { hint }));
    }
    const form = text(values["form"]) ?? "parquet";
    if (form !== "parquet" && form !== "csv")
      throw new ProblemError(problem("E_USAGE", `unknown form "${form}"`, { hint: "parquet or csv" }));
    const done = await release(positionals[0] ?? "", form, await openReleaseRoom(await workspaceHere()));
    if (out.json) out.data(JSON.stringify(done));
    else for (const line of linesOf(done)) out.data(line);
    return 0;
  },
};

function linesOf({ releaseId, folder, intentIndex, segments }: Released): readonly string[] {
  const sealed = segments.map(
    (one) => `sealed     ${one.name}  ${one.rows.toLocaleString("en-US")} rows, ${(one.sizeBytes / 1024).toFixed(0)} KiB`,
  );
  return [
    `released   ${releaseId}`,
    ...sealed,
    `logged     entry ${intentIndex}, before the key could be freed`,
    `package    ${relative(process.cwd(), folder)}`,
  ];
}
