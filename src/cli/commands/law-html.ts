import { utf8 } from "../../core/base/bytes.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { lawIndexPage, pageName } from "../../core/page/law-index.ts";
import { instrumentPage } from "../../core/page/law-page.ts";
import { outputFolder } from "../../store/output-folder.ts";
import type { Command } from "../command.ts";
import { LAW_OPTIONS, openLawRoom, standingText, text } from "../law-room.ts";
import { prose } from "../prose.ts";

const HELP = `Usage: writ law html -o DIR [--law DIR]

Writes the law as pages to read, print and put on any web server: a list, and a page per instrument with
its text left and its rules right. No script, nothing loaded from elsewhere.

  -o, --output DIR  the folder to write to; files there are never overwritten
  --law DIR         default: the workspace's law, else the law that comes with writ
  --known DATE      the law as entered by then, or by an instant
  --json            the names of the files as one JSON object

  writ law html -o law-pages`;

export const command: Command = {
  name: "law html",
  summary: "write the law as pages to read, print and publish",
  help: HELP,
  options: { law: LAW_OPTIONS.law, known: LAW_OPTIONS.known, output: { type: "string", short: "o" } },
  operands: [],
  async run({ values, out }) {
    const into = text(values["output"]);
    if (into === undefined) throw new ProblemError(problem("E_USAGE", "no folder is named", { hint: "write -o DIR" }));
    const room = await openLawRoom(values);
    const { law } = room;
    const sources = new Map(room.files.map(({ path, text: source }) => [path, source]));
    const pages = law.instruments.map((one) => ({
      name: pageName(one.id),
      page: instrumentPage(law, one, sources.get(one.path) ?? "", prose),
    }));
    const files = [{ name: "index.html", page: lawIndexPage(law) }, ...pages];
    const output = outputFolder(into);
    try {
      for (const { name, page } of files) output.create(name).append(utf8(page));
      output.keep();
    } catch (thrown) {
      output.discard();
      throw thrown;
    }
    out.data(
      out.json ? JSON.stringify({ folder: into, files: files.map(({ name }) => name) }) : `${files.length} pages written to ${into}`,
    );
    out.talk(standingText(room));
    return 0;
  },
};
