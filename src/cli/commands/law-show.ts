import { nearestHint } from "../../core/base/nearest.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { ruleEcho } from "../../core/law/echo.ts";
import { instrumentLines } from "../../core/law/instrument-text.ts";
import type { Instrument } from "../../core/law/instrument.ts";
import type { Law } from "../../core/law/law.ts";
import { instrumentPage } from "../../core/page/law-page.ts";
import type { Command, Output } from "../command.ts";
import type { LawRoom } from "../law-room.ts";
import { LAW_OPTIONS, openLawRoom, standingText, text } from "../law-room.ts";
import { writeNewFile } from "../new-file.ts";

const HELP = `Usage: writ law show [ID] [--html [-o FILE]] [--law DIR]

Lists the instruments, or prints one with its dates, sources and each rule in plain words generated from
the rule itself.

  --html             the instrument as one page: text left, rule right; no script, nothing loaded
  -o, --output FILE  with --html: write the page there; a file that exists is never overwritten
  --law DIR          default: the workspace's law, else the law that comes with writ
  --known DATE       the law as entered by then, or by an instant
  --json             the instrument and its rules as one JSON object

  writ law show
  writ law show nd-cal-25-5536/2025-12-29
  writ law show nd-cal-25-5536/2025-12-29 --html -o order.html`;

export const command: Command = {
  name: "law show",
  summary: "list the instruments, or print one in plain words",
  help: HELP,
  options: { law: LAW_OPTIONS.law, known: LAW_OPTIONS.known, html: { type: "boolean" }, output: { type: "string", short: "o" } },
  operands: ["[ID]"],
  async run({ values, positionals, out }) {
    const room = await openLawRoom(values);
    const { law } = room;
    const [id] = positionals;
    if (values["html"] !== true && values["output"] !== undefined) throw usage("-o goes with --html", "write --html -o FILE");
    if (id === undefined) {
      if (values["html"] === true) throw usage("--html needs ID", "for all instruments, `writ law html -o DIR`");
      if (out.json) out.data(JSON.stringify({ instruments: law.instruments }));
      else for (const instrument of law.instruments) out.data(`${instrument.id.padEnd(34)} ${instrument.cite}`);
      out.talk(standingText(room));
      return 0;
    }
    const instrument = instrumentOf(law, id);
    if (values["html"] === true) await showPage(room, instrument, text(values["output"]), out);
    else if (out.json) {
      const rules = law.rules.filter((rule) => rule.instrument === id);
      out.data(JSON.stringify({ instrument, rules: rules.map((rule) => ({ ...rule, echo: ruleEcho(rule, law) })) }));
    } else for (const line of plainLines(law, instrument)) out.data(line);
    return 0;
  },
};

const usage = (message: string, hint: string): ProblemError => new ProblemError(problem("E_USAGE", message, { hint }));

function instrumentOf(law: Law, id: string): Instrument {
  const instrument = law.instruments.find((candidate) => candidate.id === id);
  if (instrument !== undefined) return instrument;
  const hint = nearestHint(id, law.instruments.map((one) => one.id), "`writ law show`"); // prettier-ignore
  throw new ProblemError(problem("E_WORD", `no instrument "${id}" is loaded`, { hint }));
}

function plainLines(law: Law, instrument: Instrument): readonly string[] {
  const rules = law.rules.filter((rule) => rule.instrument === instrument.id);
  return [
    ...instrumentLines(instrument),
    ...rules.flatMap((rule) => [
      `\n${rule.pinpoint ?? rule.name} ${ruleEcho(rule, law)}`,
      `  #${rule.name.slice(instrument.id.length + 1)}  ${rule.cite}`,
      ...(rule.interpretation === undefined ? [] : [`  reading: ${rule.interpretation}`]),
    ]),
    ...instrument.sources.map((source) => `\nsource ${source.grade}: ${source.cite} ${source.url ?? ""}`.trimEnd()),
  ];
}

async function showPage({ law, files }: LawRoom, instrument: Instrument, file: string | undefined, out: Output): Promise<void> {
  const source = files.find(({ path }) => path === instrument.path);
  const { prose } = await import("../prose.ts");
  const page = instrumentPage(law, instrument, source?.text ?? "", prose);
  if (file !== undefined) writeNewFile(file, page);
  if (out.json) out.data(JSON.stringify({ id: instrument.id, ...(file === undefined ? { html: page } : { file }) }));
  else if (file === undefined) out.data(page);
  if (file !== undefined) out.talk(`${file} written`);
}
