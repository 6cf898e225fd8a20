import { problemText } from "../../core/base/problem.ts";
import type { Analysis } from "../../core/verdict/analysis.ts";
import { analyse } from "../../core/verdict/analysis.ts";
import type { Finding } from "../../core/verdict/finding.ts";
import { parseInvariants } from "../../core/verdict/invariant.ts";
import { checkTables } from "../../core/verdict/table-check.ts";
import type { Command } from "../command.ts";
import { value } from "../value.ts";
import { draftLine, LAW_OPTIONS, openLawRoom } from "../law-room.ts";

const HELP = `Usage: writ law check [--law DIR] [--quick] [--findings]

Loads the law strictly (every rule cited, every word known, every rule valid), runs the tables of expected
answers, and proves the invariants in invariants/ over the whole space on every day on which the law differs.

  --law DIR    default: the workspace's law, else the law that comes with writ
  --quick      the tables only
  --findings   also name what is odd and changes no answer: rules that never hold or that others cover,
               permits that bars cover, orders that open what another bars, words for which nothing ever opens
  --json       counts, problems and findings as one JSON object

Exit: 0 all as expected · 2 something is wrong, with file, line and column

  writ law check
  writ law check --law ./law --findings`;

export const command: Command = {
  name: "law check",
  summary: "validate the law, run its tables, prove its invariants",
  help: HELP,
  options: { law: LAW_OPTIONS.law, quick: { type: "boolean" }, findings: { type: "boolean" } },
  operands: [],
  async run({ values, out }) {
    const { law, files, folder, admitted } = await openLawRoom(values, "as it stands");
    const invariants = value(parseInvariants(files, law));
    const report = checkTables(law);
    const analysis =
      values["quick"] === true
        ? undefined
        : analyse(law, invariants, admitted, {
            findings: values["findings"] === true,
            progress: (done, of) => out.draw?.(`day ${done + 1} of ${of} on which the law differs`),
          });
    out.draw?.("");
    const problems = [...report.problems, ...(analysis?.broken ?? [])];
    const counts = { instruments: law.instruments.length, rules: law.rules.length, rows: report.rows, problems };
    if (out.json) {
      const { findings = [], defaultOnly, days } = analysis ?? {};
      const proven = analysis === undefined ? {} : { invariants: invariants.length, days, findings, defaultOnly };
      out.data(JSON.stringify({ ...counts, ...proven, sourceDigest: law.sourceDigest }));
    } else {
      for (const found of problems) out.talk(problemText(found));
      out.data(
        `${counts.instruments} instruments, ${counts.rules} rules, ${counts.rows} expected answers: ${verdictOn(report.problems.length)}`,
      );
      if (analysis !== undefined)
        for (const line of analysisLines(analysis, invariants.length, values["findings"] === true)) out.data(line);
    }
    out.talk(`${draftLine(law)} ${folder}`);
    return problems.length === 0 ? 0 : 2;
  },
};

const verdictOn = (count: number): string => (count === 0 ? "all as expected" : `${count} not as expected`);

function analysisLines({ broken, findings, defaultOnly, days }: Analysis, invariants: number, all: boolean): readonly string[] {
  const held = broken.length === 0 ? "all hold" : `${broken.length} do not hold`;
  const lines = [`${invariants} invariants over ${days} states of the law: ${held}`];
  if (!all) return lines;
  const silent = [
    ...defaultOnly.recipients.map((word) => `nothing ever opens to ${word}`),
    ...defaultOnly.purposes.map((word) => `nothing ever opens for ${word}`),
  ];
  return [...lines, ...findings.map(findingText), ...silent];
}

function findingText({ kind, rule, other }: Finding): string {
  switch (kind) {
    case "dead":
      return `dead        ${rule} holds for nothing on any day`;
    case "redundant":
      return `redundant   ${rule} adds a reason, and changes no answer`;
    case "overridden":
      return `overridden  ${rule} permits only what bars close`;
    case "conflict":
      return `conflict    ${rule} opens what ${other ?? ""} bars; the bar prevails`;
  }
}
