import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Answer } from "../../app/decide.ts";
import { answerLine, decider, readSet } from "../../app/decide.ts";
import { recallHashes } from "../../app/law-hashes.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { nearestText } from "../../core/verdict/nearest.ts";
import { dutiesText, outcomeText, reasonLines } from "../../core/verdict/wording.ts";
import { lawCacheOnDisk } from "../../store/law-files.ts";
import type { Command, CommandInput } from "../command.ts";
import type { LawRoom } from "../law-room.ts";
import { dayOf, LAW_OPTIONS, openLawRoom, standingText, text } from "../law-room.ts";
import { REQUEST_HELP, REQUEST_OPTIONS, requestRow } from "../request-options.ts";

const HELP = `Usage: writ decide --from PARTY --to PARTY --purpose WORD --field CATEGORY [options]
       writ decide --batch FILE.ndjson
       writ decide --set FILE.ndjson [options]

May this record go to that recipient for that purpose on that day? Prints the answer, why, and what was
assumed. Evidence is taken as asserted. Nothing is written anywhere.

${REQUEST_HELP}
  --on DATE           default today
  --known DATE        by the law as entered by then; what was entered later, was not known. Or an instant
  --law DIR           default: the workspace's, else writ's own
  --batch FILE        one scenario a line (- for stdin), one JSON answer a line
  --set FILE          judges a set that somebody holds: one kind of row a line, over the options given here.
                      A line may say how a category is held: "held":"year". One unlawful row taints all
  --json              the answer as one JSON object

Exit: 0 permitted, batch answered, set lawful · 20 not permitted, set tainted · 2 a word or date is wrong

  writ decide --from hhs-cms --to hhs-oig --purpose waste-fraud-abuse --origin CA --field claims
  writ decide --from hospital --to state-medicaid --purpose emergency-claim-payment --origin TX \\
    --population unlawfully-present --field diagnosis`;

export const command: Command = {
  name: "decide",
  summary: "may this record go there, for that, on that day?",
  help: HELP,
  options: { ...LAW_OPTIONS, ...REQUEST_OPTIONS, batch: { type: "string" }, set: { type: "string" } },
  operands: [],
  async run(input) {
    const room = await openLawRoom(input.values);
    const keepHashes = await recallHashes(room.law, lawCacheOnDisk);
    const exit = await answered(input, room);
    await keepHashes();
    return exit;
  },
};

function answered(input: CommandInput, room: LawRoom): number | Promise<number> {
  const [batch, set] = [text(input.values["batch"]), text(input.values["set"])];
  if (batch !== undefined && set !== undefined)
    throw new ProblemError(
      problem("E_USAGE", "--batch and --set ask different things", { hint: "a batch is answered line by line, a set as one" }),
    );
  if (batch !== undefined) return decideBatch(input, room, batch);
  return set === undefined ? decideOne(input, room) : decideSet(input, room, set);
}

function decideOne({ values, out }: CommandInput, room: LawRoom): number {
  const on = dayOf(values, room.today);
  const answer = decider(room.law, room.admitted, room.today, room.known.by).answer({ ...requestRow(values), on }, { nearest: true });
  if (!answer.ok) throw new ProblemError(...answer.problems);
  if (out.json) out.data(JSON.stringify(answer.value));
  else printAnswer(answer.value, room, out);
  return answer.value.outcome === "permitted" || answer.value.outcome === "masked" ? 0 : 20;
}

function printAnswer(answer: Answer, room: LawRoom, out: CommandInput["out"]): void {
  const assumed = Object.entries(answer.assumed).map(([facet, leaf]) => `${facet} ${leaf}`);
  out.data(`${answer.on}  ${outcomeText(answer)}`);
  for (const line of reasonLines(answer.reasons)) out.data(`  ${line}`);
  if (answer.duties.length > 0) out.data(`  owes      ${dutiesText(answer.duties)}`);
  if (answer.nearest !== undefined) out.data(`  nearest   ${nearestText(answer.nearest)}`);
  if (assumed.length > 0) out.data(`  assumed   ${assumed.join(" · ")}`);
  out.data(`  basis     ${answer.basis} · law ${answer.lawHash.slice(0, 12)}…`);
  out.talk(standingText(room));
}

async function decideBatch({ out }: CommandInput, room: LawRoom, file: string): Promise<number> {
  const decide = decider(room.law, room.admitted, room.today, room.known.by);
  await eachLine(file, "the batch cannot be read", (line) => out.data(JSON.stringify(answerLine(decide, line))));
  return 0;
}

const MOST_KINDS = 100_000;
const MOST_TOLD = 20;

async function decideSet({ values, out }: CommandInput, room: LawRoom, file: string): Promise<number> {
  const lines: string[] = [];
  await eachLine(file, "the set cannot be read", (line) => {
    lines.push(line);
    if (lines.length > MOST_KINDS)
      throw new ProblemError(
        problem("E_USAGE", `more than ${MOST_KINDS} kinds of rows`, { at: { file }, hint: "write one line a kind, not one a row" }),
      );
  });
  const rows = readSet(lines, { ...requestRow(values), on: dayOf(values, room.today) });
  if (!rows.ok) throw new ProblemError(...rows.problems);
  const judged = decider(room.law, room.admitted, room.today, room.known.by).set(rows.value);
  if (!judged.ok) throw new ProblemError(...judged.problems);
  const { lawful, outcome, parts, unlawful } = judged.value;
  if (out.json) out.data(JSON.stringify(judged.value));
  else {
    out.data(
      lawful
        ? `lawful    all ${parts} kinds of rows`
        : `tainted   ${unlawful.length} of ${parts} kinds of rows may not be there: ${outcome}`,
    );
    for (const one of unlawful.slice(0, MOST_TOLD))
      out.data(
        `  line ${one.at + 1}  ${one.outcome === "masked" ? `no clearer than ${one.mask}` : one.outcome}  ${one.cites.join("; ")}`.trimEnd(),
      );
  }
  out.talk(standingText(room));
  return lawful ? 0 : 20;
}

async function eachLine(file: string, failure: string, take: (line: string) => void): Promise<void> {
  const source = file === "-" ? process.stdin : createReadStream(file, "utf8");
  try {
    for await (const line of createInterface({ input: source, crlfDelay: Infinity })) if (line.trim() !== "") take(line);
  } catch (thrown) {
    if (thrown instanceof ProblemError || !(thrown instanceof Error) || !("code" in thrown)) throw thrown;
    throw new ProblemError(problem("E_IO", failure, { at: { file }, hint: "name a file, or - for stdin" }));
  }
}
