import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Generated } from "../../app/generate.ts";
import { generateDataset } from "../../app/generate.ts";
import { sha256 } from "../../app/sha256.ts";
import type { CivilDate } from "../../core/base/civil-date.ts";
import { civilDate } from "../../core/base/civil-date.ts";
import { problem, ProblemError } from "../../core/base/problem.ts";
import { catalogueWords } from "../../core/catalog/words.ts";
import { FAULTS } from "../../core/generate/faults.ts";
import type { GenerationOrder, GenerationSources } from "../../core/generate/plan.ts";
import { planGeneration } from "../../core/generate/plan.ts";
import { parseStatePopulations } from "../../core/generate/state-population.ts";
import { parseVocabulary } from "../../core/law/vocabulary.ts";
import { loadCatalogues } from "../../store/catalogues.ts";
import { lawFilesOnDisk } from "../../store/law-files.ts";
import { outputFolder } from "../../store/output-folder.ts";
import { loadSpecialCodes } from "../../store/special-codes.ts";
import { workspaceFiles } from "../../store/workspace-files.ts";
import type { Command, OptionValues, Output } from "../command.ts";
import { progressOn } from "../progress.ts";
import { value } from "../value.ts";

const HELP = `Usage: writ dataset generate --states LIST --people N --period YYYY-MM -o DIR [options]

Writes T-MSIS files (dictionary 2.4) of people who do not exist, in the genuine layout: the chosen files per
state, its handles and aid-code map, and one status source. The same options give the same bytes.

  --states LIST            postal codes, such as CA,NM,TX
  --people N|full          people in all, split over the states by enrolment; full is everybody
  --period YYYY-MM         the month the files are about
  -o, --output DIR         the folder to write to; files there are never overwritten
  --seed TEXT              what the people are drawn from (1)
  --files LIST             eligible, claimip, claimlt, claimot, claimrx, mngdcare, provider, tpl; or all
                           (eligible). All are about the same people
  --encoding FLF|PSV       fixed length, or pipes between fields (FLF)
  --line-end LF|CRLF       what ends a record (LF)
  --ssn-state LIST         states whose Medicaid id is the Social Security number
  --segments LIST          only these segments, such as ELG00002,ELG00005
  --transaction C|R|U      create, replace or update (C)
  --sequence N             1 for a create, 2 and on for the others (1)
  --status-observed DATE   when the status source looked (the period's last day)
  --status-until DATE      until when it holds (90 days on)
  --status-source NAME     who asserts it (generated-status-source)
  --bare                   only the submissions
  --fault NAME             plants a fault, such as truncated; may be repeated. NAME:COUNT plants it in
                           several records, NAME@ST in that state's file, else in the first state's.
                           --fault list prints all names, and what a validator reports of each

  writ dataset generate --states CA,NM,TX --people 20000 --period 2025-12 --ssn-state NM -o incoming
  writ dataset generate --states TX --people 5000 --period 2025-12 --files all --encoding PSV -o all
  writ dataset generate --states TX --people 500 --period 2025-12 --fault bad-date:3 -o broken
  writ dataset generate --fault list`;

const TEXT_OPTIONS =
  "states people period seed files encoding line-end ssn-state segments transaction sequence status-observed status-until status-source";

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
    if (faultWords(values).includes("list")) return listFaults(out);
    const order = readOrder(values);
    const directory = required(values, "output");
    const plan = value(planGeneration(order, await shippedSources()));
    const progress = progressOn(out);
    const report = (rows: number, sizeBytes: number): void => progress.report({ rows, sizeBytes });
    const interruption = listenForInterruption();
    try {
      const ports = { folder: outputFolder(directory), sha256, report, pause: interruption.pause, bare: values["bare"] === true };
      const made = await generateDataset(plan, ports);
      progress.end();
      out.data(out.json ? JSON.stringify({ folder: directory, ...made }) : madeText(made));
    } finally {
      interruption.end();
    }
    out.talk(`written to ${directory}; nobody in these files exists`);
    return 0;
  },
};

function listFaults(out: Output): number {
  const faults = Object.entries(FAULTS).map(([name, { title, told }]) => ({ name, title, told }));
  const width = Math.max(...faults.map(({ name }) => name.length)) + 2;
  const lines = faults.map(({ name, title, told }) => `${name.padEnd(width)}${title} · ${told}`);
  out.data(out.json ? JSON.stringify(faults) : lines.join("\n"));
  return 0;
}

/** Ctrl-C ends the work between two pieces, so that what was begun is removed. */
function listenForInterruption(): { pause: () => Promise<void>; end: () => void } {
  let heard = false;
  const hear = (): void => {
    heard = true;
  };
  process.once("SIGINT", hear);
  return {
    pause: async () => {
      await setImmediate();
      if (heard) throw new ProblemError(problem("E_IO", "interrupted; nothing was written", { hint: "run the command again" }));
    },
    end: () => process.off("SIGINT", hear),
  };
}

async function shippedSources(): Promise<GenerationSources> {
  const catalog = workspaceFiles.shipped("catalog");
  const populationFile = join("tmsis", "population.csv");
  const vocabulary = value(parseVocabulary(await lawFilesOnDisk.read(workspaceFiles.shipped("law"))));
  return {
    catalogues: value(await loadCatalogues(catalog, catalogueWords(vocabulary))),
    populations: value(parseStatePopulations(populationFile, readFileSync(join(catalog, populationFile), "utf8"))),
    part2: value(loadSpecialCodes([catalog])).codes,
  };
}

const faultWords = ({ fault }: OptionValues): readonly string[] =>
  Array.isArray(fault) ? fault.filter((word) => typeof word === "string") : [];

function readOrder(values: OptionValues): GenerationOrder {
  return {
    states: list(values, "states"),
    files: text(values, "files") === undefined ? ["eligible"] : list(values, "files"),
    people: required(values, "people") === "full" ? "full" : Number(required(values, "people")),
    period: required(values, "period"),
    seed: text(values, "seed") ?? "1",
    ssnStates: list(values, "ssn-state"),
    encoding: text(values, "encoding") ?? "FLF",
    lineEnd: text(values, "line-end") ?? "LF",
    transaction: text(values, "transaction") ?? "C",
    sequence: Number(text(values, "sequence") ?? "1"),
    segments: list(values, "segments"),
    faults: faultWords(values),
    statusSource: text(values, "status-source") ?? "generated-status-source",
    statusObserved: date(values, "status-observed"),
    statusUntil: date(values, "status-until"),
  };
}

const text = (values: OptionValues, name: string): string | undefined => {
  const given = values[name];
  return typeof given === "string" ? given : undefined;
};

const list = (values: OptionValues, name: string): readonly string[] => (text(values, name) ?? "").split(",").filter((word) => word !== "");

function required(values: OptionValues, name: string): string {
  const given = text(values, name);
  if (given !== undefined) return given;
  throw new ProblemError(problem("E_USAGE", `--${name} is missing`, { hint: "see `writ dataset generate --help`" }));
}

function date(values: OptionValues, name: string): CivilDate | undefined {
  const given = text(values, name);
  return given === undefined ? undefined : value(civilDate(given));
}

function madeText({ states, files }: Generated): string {
  const lines = states.flatMap(({ state, people, submissions, idIsSsn }) =>
    submissions.map(({ rows, name }) => `${state}  ${people} people  ${rows} records  ${name}${idIsSsn ? "  (ids are SSNs)" : ""}`),
  );
  const submitted = new Set(states.flatMap(({ submissions }) => submissions.map(({ name }) => name)));
  const others = files.filter((file) => !submitted.has(file));
  return [...lines, ...(others.length === 0 ? [] : [`and ${others.join(", ")}`])].join("\n");
}
