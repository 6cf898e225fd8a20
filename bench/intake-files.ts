/** What the sides of the intake benchmark read: a T-MSIS Eligible file of fixed length, and the same between pipes, and a table of claims between pipes in the research layout. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { generateDataset } from "../src/app/generate.ts";
import { sha256 } from "../src/app/sha256.ts";
import type { Checked } from "../src/core/base/checked.ts";
import type { Catalogue, Segment } from "../src/core/catalog/catalogue.ts";
import { parseCatalogue } from "../src/core/catalog/parse-catalogue.ts";
import type { CatalogueWords } from "../src/core/catalog/reading.ts";
import { catalogueWords } from "../src/core/catalog/words.ts";
import { literal } from "../src/core/extract/duckdb-printer.ts";
import type { GenerationOrder } from "../src/core/generate/plan.ts";
import { planGeneration } from "../src/core/generate/plan.ts";
import { parseStatePopulations } from "../src/core/generate/state-population.ts";
import { parseVocabulary } from "../src/core/law/vocabulary.ts";
import { lawFilesOnDisk } from "../src/store/law-files.ts";
import { outputFolder } from "../src/store/output-folder.ts";

export const PERIOD = "2025-12";
export const STATE = "TX";
const CLAIMS_PER_PERSON = 40;
/** So many rows of the research layout come from one person. */
const ROWS_OF_ONE = 6;

export const filesIn = (folder: string): { readonly fixed: string; readonly records: string; readonly table: string } => ({
  fixed: join(folder, `${STATE.toLowerCase()}-eligible.flf`),
  records: join(folder, `${STATE.toLowerCase()}-eligible.psv`),
  table: join(folder, "claims.psv"),
});

export function valueOf<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw new Error(JSON.stringify(checked.problems.slice(0, 3)));
}

export async function shippedWords(): Promise<CatalogueWords> {
  return catalogueWords(valueOf(parseVocabulary(await lawFilesOnDisk.read("law"))));
}

/** Writes the three files. The same number of people gives the same bytes. */
export async function makeFiles(folder: string, people: number, catalogues: readonly Catalogue[]): Promise<void> {
  for (const encoding of ["FLF", "PSV"] as const) await makeEligible(folder, people, encoding, catalogues);
  await makeTable(filesIn(folder).table, people);
}

async function makeEligible(folder: string, people: number, encoding: "FLF" | "PSV", catalogues: readonly Catalogue[]): Promise<void> {
  const populations = valueOf(parseStatePopulations("population.csv", readFileSync("catalog/tmsis/population.csv", "utf8")));
  const order: GenerationOrder = {
    states: [STATE],
    files: ["eligible"],
    people,
    period: PERIOD,
    seed: "1",
    ssnStates: [],
    encoding,
    lineEnd: "LF",
    transaction: "C",
    sequence: 1,
    segments: [],
    faults: [],
    statusSource: "none",
    statusObserved: undefined,
    statusUntil: undefined,
  };
  const plan = valueOf(planGeneration(order, { catalogues, populations, part2: [] }));
  const pause = async (): Promise<void> => {};
  await generateDataset(plan, { folder: outputFolder(folder), sha256, report: () => undefined, pause, bare: true });
}

async function makeTable(path: string, people: number): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "1GB", temp_directory: "" });
  const connection = await instance.connect();
  const columns = CLAIM_COLUMNS.map(({ name, sql }) => `${sql} AS ${name}`).join(", ");
  await connection.run(
    `COPY (SELECT ${columns} FROM (SELECT i, i // ${ROWS_OF_ONE} AS p, (hash(i) // 4)::BIGINT AS h, (hash(i // ${ROWS_OF_ONE}) // 4)::BIGINT AS g ` +
      `FROM range(${people * CLAIMS_PER_PERSON}) t(i))) TO ${literal(path)} (DELIMITER '|', HEADER, QUOTE '')`,
  );
  connection.closeSync();
  instance.closeSync();
}

const date = (days: string, from: string): string => `strftime(DATE '${from}' + (${days})::INTEGER, '%Y-%m-%d')`;
const money = (cents: string): string => `printf('%.2f', (${cents}) / 100.0)`;

/** Names are those of CMS's research files; values are made up. */
const CLAIM_COLUMNS: readonly { readonly name: string; readonly sql: string; readonly type?: "date" | "cents" }[] = [
  { name: "BENE_ID", sql: "-10000000 - p" },
  { name: "CLM_ID", sql: "-200000000 - i" },
  { name: "CLM_FROM_DT", sql: date("h % 300", "2026-01-01"), type: "date" },
  { name: "CLM_THRU_DT", sql: date("h % 300", "2026-01-03"), type: "date" },
  { name: "NCH_CLM_TYPE_CD", sql: "40" },
  { name: "PRVDR_NUM", sql: "lpad((h % 9000)::VARCHAR, 6, '0')" },
  { name: "AT_PHYSN_NPI", sql: "1000000000 + h % 99999999" },
  { name: "PRNCPAL_DGNS_CD", sql: "'E' || (100 + h % 80)" },
  { name: "ICD_DGNS_CD1", sql: "'I' || (10 + h % 80)" },
  { name: "ICD_DGNS_CD2", sql: "''" },
  { name: "CLM_PMT_AMT", sql: money("h % 100000"), type: "cents" },
  { name: "CLM_TOT_CHRG_AMT", sql: money("h % 300000"), type: "cents" },
  { name: "DOB_DT", sql: date("g % 25000", "1930-01-01"), type: "date" },
  { name: "GNDR_CD", sql: "1 + p % 2" },
  { name: "BENE_RACE_CD", sql: "1 + g % 6" },
  { name: "BENE_CNTY_CD", sql: "lpad((g % 999)::VARCHAR, 3, '0')" },
  { name: "BENE_STATE_CD", sql: "'45'" },
  { name: "BENE_MLG_CNTCT_ZIP_CD", sql: "lpad((g % 99999)::VARCHAR, 5, '0')" },
  { name: "CLM_FREQ_CD", sql: "'1'" },
  { name: "FINAL_ACTION", sql: "'F'" },
];

export const CLAIMS = "bench/claims";

export function claimsCatalogue(words: CatalogueWords): Catalogue {
  const columns = CLAIM_COLUMNS.map(({ name, type = "text" }) => `  - { name: ${name}, type: ${type}, category: unclassified }`);
  const head = `dataset: ${CLAIMS}\nversion: "1"\ntitle: Claims\nform: table\nencoding: psv\nperson: BENE_ID\ncolumns:\n`;
  return valueOf(parseCatalogue({ file: "claims.yaml", text: `${head}${columns.join("\n")}\n` }, undefined, words));
}

/** The columns of the piped file as DuckDB's own reader is told them. */
export const claimsShape = (): string =>
  CLAIM_COLUMNS.map(({ name, type }) => `'${name}': '${type === "date" ? "DATE" : type === "cents" ? "DECIMAL(18, 2)" : "VARCHAR"}'`).join(
    ", ",
  );

/** The segments of an Eligible file that hold records. */
export const recordSegments = ({ segments }: Catalogue): readonly Segment[] => segments.filter(({ id }) => id !== "ELG00001");

export const OPEN_END = "99991231";

/** Whether eight digits are a day. */
export function isDay(text: string): boolean {
  const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso);
}
