import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Generated } from "../../app/generate.ts";
import { generateDataset } from "../../app/generate.ts";
import { sha256 } from "../../app/sha256.ts";
import type { Checked } from "../../core/base/checked.ts";
import type { CivilDate } from "../../core/base/civil-date.ts";
import { civilDate } from "../../core/base/civil-date.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import type { Catalogue } from "../../core/catalog/catalogue.ts";
import { catalogueWords } from "../../core/catalog/words.ts";
import type { GenerationOrder } from "../../core/generate/plan.ts";
import { planGeneration } from "../../core/generate/plan.ts";
import { parseStatePopulations } from "../../core/generate/state-population.ts";
import { parseVocabulary } from "../../core/law/vocabulary.ts";
import { loadCatalogues } from "../../store/catalogues.ts";
import { lawFilesOnDisk } from "../../store/law-files.ts";
import { outputFolder } from "../../store/output-folder.ts";
import { workspaceFiles } from "../../store/workspace-files.ts";
import type { Command, OptionValues } from "../command.ts";
import { progressOn } from "../progress.ts";

const HELP = `Usage: writ dataset generate --states LIST --people N --period YYYY-MM -o DIR [options]

Writes T-MSIS Eligible files of people who do not exist, in the genuine layout: one file per state,
its handles and aid-code map, and one status source. The same options give the same bytes.

  --states LIST            postal codes, such as CA,NM,TX
  --people N               people in all, split over the states by enrolment
  --period YYYY-MM         the month the files are about
  -o, --output DIR         the folder to write to; files there are never overwritten
  --seed TEXT              what the people are drawn from (1)
  --encoding FLF|PSV       fixed length, or pipes between fields (FLF)
  --ssn-state LIST         states whose Medicaid id is the Social Security number
  --segments LIST          only these segments, such as ELG00002,ELG00005
  --transaction C|R|U      create, replace or update (C)
  --sequence N             1 for a create, 2 and on for the others (1)
  --status-observed DATE   when the status source looked (the period's last day)
  --status-until DATE      until when it holds (90 days on)
  --status-source NAME     who asserts it (generated-status-source)
  --bare                   only the submissions
  --fault NAME[@STATE]     plants a fault; may be repeated. NAME is one of
                           header-count, wrong-state, stray-state, unknown-state, wrong-period,
                           wrong-encoding, unknown-dictionary, no-header, truncated,
                           bad-line-length, unknown-segment, binary, unknown-value, bad-date,
                           bad-number, missing-id, orphan

  writ dataset generate --states CA,NM,TX --people 20000 --period 2025-12 --ssn-state NM -o incoming
  writ dataset generate --states TX --people 500 --period 2025-12 --fault truncated -o broken`;

const TEXT_OPTIONS =
  "states people period seed encoding ssn-state segments transaction sequence status-observed status-until status-source";

export const command: Command = {
  name: "dataset generate",
  summary: "write T-MSIS files of people who do not exist",
  help: HELP,
  options: {
    ...Object.fromEntries(TEXT_OPTIONS.split(" ").map((name) => [name, { type: "string" as const }])),
    output: { type: "string", short: "o" },
    fault: { type: "string", multiple: true },
    bare: { type: "boolean" },
  },
  operands: [],
  run: async ({ values, out }) => {
    const order = readOrder(values);
    const directory = required(values, "output");
    const catalog = workspaceFiles.shipped("catalog");
    const populationFile = join("tmsis", "population.csv");
    const populations = valueOf(parseStatePopulations(populationFile, readFileSync(join(catalog, populationFile), "utf8")));
    const plan = valueOf(planGeneration(order, await eligibleCatalogue(catalog), populations));
    const progress = progressOn(out);
    const report = (rows: number, sizeBytes: number): void => progress.report({ rows, sizeBytes });
    const made = generateDataset(plan, { folder: outputFolder(directory), sha256, report, bare: values["bare"] === true });
    progress.end();
    out.data(out.json ? JSON.stringify({ folder: directory, ...made }) : madeText(made));
    out.talk(`written to ${directory}; nobody in these files exists`);
    return 0;
  },
};

async function eligibleCatalogue(catalog: string): Promise<Catalogue> {
  const vocabulary = valueOf(parseVocabulary(await lawFilesOnDisk.read(workspaceFiles.shipped("law"))));
  const catalogues = valueOf(await loadCatalogues(catalog, catalogueWords(vocabulary)));
  const found = catalogues.find(({ dataset, version }) => dataset === "tmsis/eligible" && version === "2.4");
  if (found === undefined)
    throw new ProblemError(problem("E_CATALOGUE", "there is no catalogue of tmsis/eligible 2.4", { at: { file: catalog } }));
  return found;
}

function readOrder(values: OptionValues): GenerationOrder {
  const faults = values["fault"];
  return {
    states: list(values, "states"),
    people: Number(required(values, "people")),
    period: required(values, "period"),
    seed: text(values, "seed") ?? "1",
    ssnStates: list(values, "ssn-state"),
    encoding: text(values, "encoding") ?? "FLF",
    transaction: text(values, "transaction") ?? "C",
    sequence: Number(text(values, "sequence") ?? "1"),
    segments: list(values, "segments"),
    faults: Array.isArray(faults) ? faults.filter((fault) => typeof fault === "string") : [],
    statusSource: text(values, "status-source") ?? "generated-status-source",
    statusObserved: date(values, "status-observed"),
    statusUntil: date(values, "status-until"),
  };
}

const text = (values: OptionValues, name: string): string | undefined => {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
};

const list = (values: OptionValues, name: string): readonly string[] => (text(values, name) ?? "").split(",").filter((word) => word !== "");

function required(values: OptionValues, name: string): string {
  const value = text(values, name);
  if (value !== undefined) return value;
  throw new ProblemError(problem("E_USAGE", `--${name} is missing`, { hint: "see `writ dataset generate --help`" }));
}

function date(values: OptionValues, name: string): CivilDate | undefined {
  const value = text(values, name);
  return value === undefined ? undefined : valueOf(civilDate(value));
}

function valueOf<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new ProblemError(...checked.problems);
}

function madeText({ states, files }: Generated): string {
  const lines = states.map(
    ({ state, people, rows, submission, idIsSsn }) =>
      `${state}  ${people} people  ${rows} records  ${submission}${idIsSsn ? "  (ids are SSNs)" : ""}`,
  );
  const others = files.filter((file) => !states.some(({ submission }) => submission === file));
  return [...lines, ...(others.length === 0 ? [] : [`and ${others.join(", ")}`])].join("\n");
}
