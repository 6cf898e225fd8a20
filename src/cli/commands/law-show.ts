import { nearestHint } from "../../core/base/nearest.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { ruleEcho } from "../../core/law/echo.ts";
import { instrumentLines } from "../../core/law/instrument-text.ts";
import type { Command } from "../command.ts";
import { LAW_OPTIONS, openLawRoom, standingText } from "../law-room.ts";

const HELP = `Usage: writ law show [ID] [--law DIR]

Lists the instruments, or prints one with its dates, sources and each rule in plain words generated from
the rule itself.

  --law DIR      default: the workspace's law, else the law that comes with writ
  --known DATE   the law as entered by then, or by an instant
  --json         the instrument and its rules as one JSON object

  writ law show
  writ law show nd-cal-25-5536/2025-12-29`;

export const command: Command = {
  name: "law show",
  summary: "list the instruments, or print one in plain words",
  help: HELP,
  options: { law: LAW_OPTIONS.law, known: LAW_OPTIONS.known },
  operands: ["[ID]"],
  async run({ values, positionals, out }) {
    const room = await openLawRoom(values);
    const { law } = room;
    const [id] = positionals;
    if (id === undefined) {
      if (out.json) out.data(JSON.stringify({ instruments: law.instruments }));
      else for (const instrument of law.instruments) out.data(`${instrument.id.padEnd(34)} ${instrument.cite}`);
      out.talk(standingText(room));
      return 0;
    }
    const instrument = law.instruments.find((candidate) => candidate.id === id);
    if (instrument === undefined) {
      const hint = nearestHint(id, law.instruments.map((one) => one.id), "`writ law show`"); // prettier-ignore
      throw new ProblemError(problem("E_WORD", `no instrument "${id}" is loaded`, { hint }));
    }
    const rules = law.rules.filter((rule) => rule.instrument === id);
    if (out.json) out.data(JSON.stringify({ instrument, rules: rules.map((rule) => ({ ...rule, echo: ruleEcho(rule, law) })) }));
    else {
      for (const line of instrumentLines(instrument)) out.data(line);
      for (const rule of rules)
        out.data(
          `\n${rule.pinpoint ?? rule.name} ${ruleEcho(rule, law)}\n  #${rule.name.slice(id.length + 1)}  ${rule.cite}${rule.interpretation === undefined ? "" : `\n  reading: ${rule.interpretation}`}`,
        );
      for (const source of instrument.sources) out.data(`\nsource ${source.grade}: ${source.cite} ${source.url ?? ""}`.trimEnd());
    }
    return 0;
  },
};
