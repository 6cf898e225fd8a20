import { problemText } from "../../core/base/problem.ts";
import { checkTables } from "../../core/verdict/table-check.ts";
import type { Command } from "../command.ts";
import { draftLine, LAW_OPTIONS, openLawRoom } from "../law-room.ts";

const HELP = `Usage: writ law check [--law DIR]

Loads the law strictly (every rule cited, every word known, every rule valid) and runs the tables of
expected answers.

  --law DIR   default: the workspace's law, else the law that comes with writ
  --json      counts and problems as one JSON object

Exit: 0 all as expected · 2 something is wrong, with file, line and column

  writ law check
  writ law check --law ./law`;

export const command: Command = {
  name: "law check",
  summary: "validate the law and run its tables",
  help: HELP,
  options: { law: LAW_OPTIONS.law },
  operands: [],
  async run({ values, out }) {
    const { law, folder } = await openLawRoom(values, "as it stands");
    const report = checkTables(law);
    const counts = { instruments: law.instruments.length, rules: law.rules.length, rows: report.rows, problems: report.problems };
    if (out.json) out.data(JSON.stringify({ ...counts, sourceDigest: law.sourceDigest }));
    else {
      for (const found of report.problems) out.talk(problemText(found));
      out.data(
        `${counts.instruments} instruments, ${counts.rules} rules, ${counts.rows} expected answers: ${verdictOn(report.problems.length)}`,
      );
    }
    out.talk(`${draftLine(law)} ${folder}`);
    return report.problems.length === 0 ? 0 : 2;
  },
};

const verdictOn = (count: number): string => (count === 0 ? "all as expected" : `${count} not as expected`);
