import type { MadePlan } from "../../app/plan.ts";
import { planFrom } from "../../app/plan.ts";
import { recordPlan } from "../../app/release.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { planLines } from "../../core/plan/wording.ts";
import { planFiles } from "../../store/plan-files.ts";
import type { Command } from "../command.ts";
import { dayOf, draftLine, text } from "../law-room.ts";
import { openLedgerRoom } from "../ledger-room.ts";
import { openPlanRoom } from "../plan-room.ts";
import { workspaceHere } from "../workspace-here.ts";

const HELP = `Usage: writ plan REQUEST.yaml [-o FILE] [--on DATE] [--sql] [--exact] [--json]

What of a request the loaded law permits today, what it withholds and by which paragraph. No row leaves
the engine. \`writ release\` does exactly the plan written down, today, or nothing. What was asked is logged.

  -o, --output FILE   write the plan, to be released
  --on DATE           a what-if for another day: not logged, and can never be released
  --sql               print the SQL too
  --exact             exit 20 if anything at all is withheld
  --json              the plan as one JSON object

Exit: 0 something is permitted · 20 nothing is · 2 the request or its evidence is refused

  writ plan requests/oig.yaml -o oig.plan
  writ plan requests/ice.yaml --on 2026-01-07`;

export const command: Command = {
  name: "plan",
  summary: "what a request gets, what it does not, and why",
  help: HELP,
  options: {
    output: { type: "string", short: "o" },
    on: { type: "string" },
    sql: { type: "boolean" },
    exact: { type: "boolean" },
  },
  operands: ["REQUEST"],
  async run({ values, positionals, out }) {
    const workspace = await workspaceHere();
    const room = await openPlanRoom(workspace);
    const on = text(values["on"]) === undefined ? undefined : dayOf(values, "9999-12-31" as never);
    const made = await planFrom(positionals[0] ?? "", on, room);
    if (!made.ok) throw new ProblemError(...made.problems);
    const { plan } = made.value;
    const output = text(values["output"]);
    if (output !== undefined && plan.whatIf) {
      const hint = "leave --on out to plan for today";
      throw new ProblemError(problem("E_PAST_DATE", "a what-if is not written down as a plan", { hint }));
    }
    if (!plan.whatIf) await recordPlan(made.value, (await openLedgerRoom(workspace)).record, room);
    if (output !== undefined) await planFiles.write(output, made.value.text, false);
    if (out.json) out.data(made.value.text.trimEnd());
    else
      for (const line of [...planLines(plan), ...digestLines(made.value, output), ...sqlLines(made.value, values["sql"] === true)])
        out.data(line);
    out.talk(draftLine(room.law));
    return plan.permitted.length === 0 || (values["exact"] === true && plan.withheld.length > 0) ? 20 : 0;
  },
};

const digestLines = ({ digest }: MadePlan, output: string | undefined): readonly string[] =>
  output === undefined ? [] : [`plan       ${digest.slice(0, 16)}… in ${output}; release it today with: writ release ${output}`];

const sqlLines = ({ plan }: MadePlan, wanted: boolean): readonly string[] =>
  wanted ? plan.sql.map(({ dataset, segment, sql }) => `\n-- ${dataset.slice(0, 16)} ${segment ?? "people"}\n${sql}`) : [];
