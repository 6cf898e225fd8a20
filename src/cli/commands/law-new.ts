import { nearestHint } from "../../core/base/nearest.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { TEMPLATE_NAMES, templateText } from "../../core/law/template.ts";
import type { Command } from "../command.ts";
import { text } from "../law-room.ts";
import { writeNewFile } from "../new-file.ts";

const HELP = `Usage: writ law new KIND [-o FILE]

Prints the beginning of an instrument: front matter, a paragraph with its rule, a table of expected
answers. What you have to write stands as <<blank>>; \`writ law check\` names each one still left.

  KIND               statute, regulation, policy, agreement, order, or regime (a section for
                     vocabulary/regimes.md)
  -o, --output FILE  write it there instead; a file that exists is never overwritten
  --json             the text as one JSON object

  writ law new order -o law/orders/my-order.md
  writ law new statute`;

export const command: Command = {
  name: "law new",
  summary: "begin an instrument from a template with blanks",
  help: HELP,
  options: { output: { type: "string", short: "o" } },
  operands: ["KIND"],
  run: ({ values, positionals: [kind = ""], out }) => {
    const name = TEMPLATE_NAMES.find((candidate) => candidate === kind);
    if (name === undefined)
      throw new ProblemError(
        problem("E_WORD", `no template "${kind}"`, { hint: nearestHint(kind, TEMPLATE_NAMES, "`writ law new --help`") }),
      );
    const template = templateText(name);
    const file = text(values["output"]);
    if (file !== undefined) writeNewFile(file, template);
    if (out.json) out.data(JSON.stringify(file === undefined ? { kind, text: template } : { kind, file }));
    else if (file === undefined) out.data(template);
    if (file !== undefined) out.talk(`${file} written; fill in its blanks, then \`writ law check\``);
    return Promise.resolve(0);
  },
};
