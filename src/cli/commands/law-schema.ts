import { FRONT_MATTER_SCHEMA } from "../../core/law/front-matter.ts";
import type { Command } from "../command.ts";

const HELP = `Usage: writ law schema

Prints the JSON Schema (2020-12) of an instrument's front matter, for editors that complete and check
YAML as you type. It knows keys and forms; words, dates and relations are for \`writ law check\`.

  --json   the same on one line

  writ law schema > instrument.schema.json`;

export const command: Command = {
  name: "law schema",
  summary: "the JSON Schema of front matter, for editors",
  help: HELP,
  options: {},
  operands: [],
  run: ({ out }) => {
    out.data(JSON.stringify(FRONT_MATTER_SCHEMA, undefined, out.json ? 0 : 2));
    return Promise.resolve(0);
  },
};
