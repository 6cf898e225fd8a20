import { mkdirSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { profileFile } from "../../app/profile.ts";
import { openWorkspace } from "../../app/workspace.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { thousands } from "../../core/base/thousands.ts";
import type { TableEncoding } from "../../core/catalog/catalogue.ts";
import { TABLE_ENCODINGS } from "../../core/catalog/catalogue.ts";
import { isDatasetName } from "../../core/catalog/dataset-reference.ts";
import { catalogueWords } from "../../core/catalog/words.ts";
import { parseVocabulary } from "../../core/law/vocabulary.ts";
import type { Draft } from "../../core/profile/draft.ts";
import { draftOf } from "../../core/profile/draft.ts";
import { draftText } from "../../core/profile/draft-text.ts";
import type { NameClues } from "../../core/profile/name-clue.ts";
import { knownNames } from "../../core/profile/name-clue.ts";
import { loadCatalogues } from "../../store/catalogues.ts";
import { lawFilesOnDisk } from "../../store/law-files.ts";
import { loadNameClues } from "../../store/name-clues.ts";
import { workspaceFiles } from "../../store/workspace-files.ts";
import type { Command, OptionValues, Output } from "../command.ts";
import { usage, value } from "../value.ts";
import { openIncoming } from "../incoming.ts";
import { writeNewFile } from "../new-file.ts";
import { progressOn } from "../progress.ts";

const HELP = `Usage: writ dataset profile FILE [-o FILE] [options]

Drafts a catalogue from a table (CSV, PSV, NDJSON or Parquet): its columns, their types, how many values
each has, and what it may hold, guessed from its name and its values. No value is printed. Every guess
stands with a question mark, and \`writ intake\` refuses the catalogue until a person has taken each away.
What could not be told is \`unclassified\`, which no plan releases.

  -o, --output FILE      where to write the draft; without it, to stdout
  --dataset NAME         what to call the dataset, FAMILY/NAME (file/ and the file's name)
  --rows N|all           rows to look at, from the first (100000)
  --encoding ENCODING    csv, psv, ndjson or parquet, where the first line does not tell

  writ dataset profile visits.csv --dataset dental/visits -o catalog/dental-visits.yaml
  writ dataset profile Patient.ndjson --rows all`;

const ROWS = 100_000;

export const command: Command = {
  name: "dataset profile",
  summary: "draft a catalogue from a table of your own",
  help: HELP,
  options: {
    output: { type: "string", short: "o" },
    dataset: { type: "string" },
    rows: { type: "string" },
    encoding: { type: "string" },
  },
  operands: ["FILE"],
  run: async ({ values, positionals, out }) => {
    const path = positionals[0] ?? "";
    const [dataset, rows, encoding] = [datasetOf(values, path), rowsOf(values), encodingOf(values)];
    const clues = await nameClues();
    const file = value(await openIncoming(path));
    if ((encoding === "parquet") !== (file.table !== undefined) && encoding !== undefined)
      throw new ProblemError(problem("E_LAYOUT", `this is not ${encoding}`, { at: { file: path }, hint: "leave --encoding out" }));
    const progress = progressOn(out);
    const read = await profileFile(file, {
      ...(rows === undefined ? {} : { rows }),
      ...(encoding === undefined ? {} : { encoding }),
      report: (advance) => progress.report(advance),
    });
    progress.end();
    const { profile, all } = value(read);
    const draft = draftOf(dataset, profile, clues);
    const text = draftText(draft, { file: basename(path), all });
    const output = typeof values["output"] === "string" ? values["output"] : undefined;
    if (output !== undefined) {
      mkdirSync(dirname(resolve(output)), { recursive: true });
      writeNewFile(output, text);
    }
    if (out.json) out.data(JSON.stringify({ all, ...draft }));
    else if (output === undefined) out.data(text);
    else print(draft, output, out);
    return 0;
  },
};

/** The words that come with writ, and the names in its dictionaries; in the words of the workspace's law, where there is one. */
async function nameClues(): Promise<NameClues> {
  const workspace = await openWorkspace(process.cwd(), workspaceFiles);
  const law = workspace.ok ? workspace.value.paths.law : workspaceFiles.shipped("law");
  const words = catalogueWords(value(parseVocabulary(await lawFilesOnDisk.read(law))));
  const catalog = workspaceFiles.shipped("catalog");
  const catalogues = value(await loadCatalogues(catalog, words));
  return { clues: value(loadNameClues(catalog, words.categories)), known: knownNames(catalogues) };
}

function datasetOf(values: OptionValues, path: string): string {
  const given = values["dataset"];
  const name = typeof given === "string" ? given : `file/${stemOf(path)}`;
  if (isDatasetName(name)) return name;
  throw usage(`"${name}" is no name of a dataset`, "write --dataset FAMILY/NAME in small letters, such as dental/visits");
}

/** The file's name up to its first point, as the name of a dataset. */
function stemOf(path: string): string {
  const plain = (basename(path).split(".")[0] ?? "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return plain.replaceAll(/^[-0-9]+|-+$/g, "") || "table";
}

function rowsOf(values: OptionValues): number | undefined {
  const given = values["rows"];
  if (given === undefined) return ROWS;
  if (given === "all") return undefined;
  if (typeof given === "string" && /^[1-9]\d{0,14}$/.test(given)) return Number(given);
  throw usage("--rows is no number", "write how many rows to look at, or all");
}

function encodingOf(values: OptionValues): TableEncoding | undefined {
  const given = values["encoding"];
  const encoding = TABLE_ENCODINGS.find((one) => one === given);
  if (given !== undefined && encoding === undefined)
    throw usage("the encoding is not known", `write --encoding ${TABLE_ENCODINGS.join(", ")}`);
  return encoding;
}

function print(draft: Draft, output: string, out: Output): void {
  const width = Math.max(...draft.columns.map(({ name }) => name.length));
  const guessed = (category: string, sure: boolean): string => (sure ? `?${category}` : category).padEnd(24);
  for (const { name, category, confidence, because } of draft.columns)
    out.data(
      `${name.padEnd(width)}  ${guessed(category, confidence !== "none")}  ${(confidence === "none" ? "not sure" : confidence).padEnd(8)}  ${because}`,
    );
  const unsure = draft.columns.filter(({ confidence }) => confidence === "none").length;
  out.data(`drafted    ${draft.dataset} from ${thousands(draft.rows)} rows, in ${output}`);
  out.talk(
    `${draft.columns.length - unsure} of ${draft.columns.length} columns are guesses: confirm each in the file, then \`writ intake\``,
  );
}
