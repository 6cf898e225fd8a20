import { addDays, day } from "../../core/base/civil-date.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { parseRequest } from "../../core/verdict/request.ts";
import type { Interval } from "../../core/verdict/timeline.ts";
import { timeline } from "../../core/verdict/timeline.ts";
import { outcomeText } from "../../core/verdict/wording.ts";
import type { Command } from "../command.ts";
import { dayOf, LAW_OPTIONS, openLawRoom, standingText } from "../law-room.ts";
import { REQUEST_HELP, REQUEST_OPTIONS, requestRow } from "../request-options.ts";

const HELP = `Usage: writ when --from PARTY --to PARTY --purpose WORD --field CATEGORY [options]

Answers one question over a span of days: a strip that turns with the docket, and a line for each turn.

${REQUEST_HELP}
  --since DATE        default a year before --until
  --until DATE        default today
  --law DIR           default: the workspace's, else writ's own
  --known DATE        by the law as entered by then, or by an instant
  --json              the intervals as one JSON object

  writ when --from hhs-cms --to dhs-ice --purpose immigration-enforcement --origin CA \\
    --population unlawfully-present --field address --evidence request-1360b \\
    --since 2025-06-01 --until 2026-06-30`;

const MAX_SPAN_DAYS = 36_525;

export const command: Command = {
  name: "when",
  summary: "one question over a span of days",
  help: HELP,
  options: { law: LAW_OPTIONS.law, known: LAW_OPTIONS.known, ...REQUEST_OPTIONS, since: { type: "string" }, until: { type: "string" } },
  operands: [],
  async run({ values, out }) {
    const room = await openLawRoom(values);
    const to = dayOf(values, room.today, "until");
    const from = dayOf(values, addDays(to, -365), "since");
    if (from > to) throw new ProblemError(problem("E_USAGE", "the span ends before it starts", { hint: "--since comes before --until" }));
    if (addDays(from, MAX_SPAN_DAYS) < to)
      throw new ProblemError(problem("E_USAGE", "the span is longer than a hundred years", { hint: "say --since nearer to --until" }));
    const parsed = parseRequest(requestRow(values), room.law);
    if (!parsed.ok) throw new ProblemError(...parsed.problems);
    const intervals = timeline(room.law, parsed.value.request, { from, to }, room.admitted);
    if (out.json) {
      out.data(JSON.stringify({ from, to, intervals, sourceDigest: room.law.sourceDigest }));
      return 0;
    }
    for (const line of stripLines(intervals)) out.data(line);
    out.talk(standingText(room));
    return 0;
  },
};

const SIGN: Readonly<Record<Interval["verdict"]["outcome"], string>> = { permitted: "█", masked: "▒", "no-authority": "·", barred: "x" };

/** A strip of one sign a week, a legend, and one line an interval. */
function stripLines(intervals: readonly Interval[]): readonly string[] {
  const lines = intervals.map(({ from, to, verdict }) => `${from} … ${to}  ${SIGN[verdict.outcome]}  ${outcomeText(verdict)}`);
  return [strip(intervals), "· no authority   x barred   ▒ masked   █ permitted   (one sign a week)", "", ...lines];
}

function strip(intervals: readonly Interval[]): string {
  const [first, last] = [intervals[0], intervals.at(-1)];
  if (first === undefined || last === undefined) return "";
  const signs: string[] = [];
  for (let at = first.from; at <= last.to; at = addDays(at, 7)) {
    signs.push(SIGN[(intervals.find(({ to }) => at <= to) ?? last).verdict.outcome]);
    if (addDays(at, 7) <= at) break; // the calendar has an end
  }
  return `${monthOf(first.from)} ${signs.join("")} ${monthOf(last.to)}`;
}

const monthOf = (date: string): string => day(date).slice(0, 7);
