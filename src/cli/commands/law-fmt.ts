import { lstatSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { utf8 } from "../../core/base/bytes.ts";
import { openWorkspace } from "../../app/workspace.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { formatInstrument } from "../../core/law/format.ts";
import type { SourceFile } from "../../core/law/source.ts";
import { formatCedar } from "../../engine/cedar-judge.ts";
import { writeDurably } from "../../store/durable-file.ts";
import { lawFilesOnDisk } from "../../store/law-files.ts";
import { workspaceFiles } from "../../store/workspace-files.ts";
import type { Command } from "../command.ts";
import { text } from "../law-room.ts";

const HELP = `Usage: writ law fmt [FILE...] [--check] [--law DIR]

Gives instruments their one form: front matter in order, quotes where needed, rules as Cedar's own
formatter writes them, tables aligned. What they say stays; a file that does not read is left alone.

  FILE       files to format; - reads one from stdin and prints it. Default: all instruments of the law
  --check    change nothing; exit 2 when a file is not in form
  --law DIR  default: the workspace's law
  --json     the files that changed (with --check: would change) as one JSON object

  writ law fmt
  writ law fmt --check
  writ law fmt - < law/orders/my-order.md`;

export const command: Command = {
  name: "law fmt",
  summary: "give law files their one form",
  help: HELP,
  options: { law: { type: "string" }, check: { type: "boolean" } },
  operands: ["[FILE...]"],
  async run({ values, positionals, out }) {
    const isStdin = positionals.includes("-");
    if (isStdin && positionals.length > 1) throw usage("- stands alone", "format other files in a second call");
    const files = positionals.length > 0 ? positionals.map(fileNamed) : await filesOfLaw(text(values["law"]));
    const results = files.map((file) => ({ file, formatted: formatInstrument(file, formatCedar) }));
    const problems = results.flatMap(({ formatted }) => (formatted.ok ? [] : formatted.problems));
    // WHY: all or nothing, so that a mistake in one file does not leave a folder half in form.
    if (problems.length > 0) throw new ProblemError(...problems);
    const changed = results.flatMap(({ file, formatted }) => (formatted.ok && formatted.value !== file.text ? [{ path: file.path, text: formatted.value }] : [])); // prettier-ignore
    const isCheck = values["check"] === true;
    if (!isCheck && !isStdin) for (const file of changed) writeDurably(resolve(file.path), utf8(file.text));
    if (out.json) out.data(JSON.stringify({ files: files.length, changed: changed.map(({ path }) => path) }));
    else if (isStdin && !isCheck) out.data(changed[0]?.text ?? files[0]?.text ?? "");
    else for (const { path } of changed) out.data(path);
    out.talk(`${files.length} ${files.length === 1 ? "file" : "files"}, ${changed.length} ${isCheck ? "not in form" : "changed"}`);
    return isCheck && changed.length > 0 ? 2 : 0;
  },
};

const usage = (message: string, hint: string): ProblemError => new ProblemError(problem("E_USAGE", message, { hint }));

function fileNamed(name: string): SourceFile {
  try {
    if (name === "-") return { path: "stdin", text: readFileSync(0, "utf8") };
    // WHY: a link would be replaced by a file of its own, and what it points to left as it was.
    if (lstatSync(name).isFile()) return { path: name, text: readFileSync(name, "utf8") };
  } catch {
    // The problem below says it.
  }
  throw new ProblemError(
    problem("E_IO", "no file that can be read", { at: { file: name }, hint: "name a file itself, no folder and no link" }),
  );
}

async function filesOfLaw(named: string | undefined): Promise<readonly SourceFile[]> {
  const workspace = await openWorkspace(process.cwd(), workspaceFiles);
  const folder = named ?? (workspace.ok ? workspace.value.paths.law : undefined);
  // WHY: outside a workspace, law that is not named is the law that comes with writ, and not the user's to change.
  if (folder === undefined) throw usage("no law to format is named", "write --law DIR, or name files");
  const files = await lawFilesOnDisk.read(resolve(folder));
  const isInstrument = ({ path }: SourceFile): boolean => path.endsWith(".md") && path.split("/").at(-1) !== "README.md";
  return files.filter(isInstrument).map(({ path, text: source }) => ({ path: join(folder, path), text: source }));
}
