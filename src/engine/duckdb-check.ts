import { randomBytes } from "node:crypto";
import type { Checked } from "../core/base/checked.ts";
import { passIf } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { CHECK_CLASSES, CHECK_RECORDS, CHECK_ROW, type CheckCase, checkCase, checkProblems } from "../core/extract/check.ts";
import { PEOPLE_TABLE } from "../core/extract/compile.ts";
import { identifier, literal, printSelect, sqlType } from "../core/extract/duckdb-printer.ts";
import type { ExtractSpec } from "../core/extract/spec.ts";
import type { CellText } from "../core/extract/transform.ts";
import { type Duckdb, openDuckdb } from "./duckdb.ts";
import { PSEUDONYM_KEY_BYTES, pseudonymCipher, pseudonymFunction, pseudonymOf } from "./duckdb-pseudonym.ts";

/** Runs each different query of a spec over synthetic rows and compares with the verdict; all differences at once. */
export async function runChecks(spec: ExtractSpec): Promise<Checked<ExtractSpec>> {
  const key = randomBytes(PSEUDONYM_KEY_BYTES);
  const engine = await openDuckdb({ folders: [], threads: 1, functions: [await pseudonymFunction(key)] });
  try {
    const problems: Problem[] = [];
    for (const of of differentCases(spec, key)) problems.push(...(await runCase(engine, of)));
    return passIf(problems, () => spec);
  } finally {
    engine.close();
  }
}

/** WHY not all: most states get the same queries over the same classes, and one run answers for all of them. */
function differentCases(spec: ExtractSpec, key: Uint8Array): readonly CheckCase[] {
  const cipher = pseudonymCipher(key);
  const different = new Map<string, CheckCase>();
  for (const segment of spec.segments) {
    for (const source of segment.sources) {
      const dataset = spec.datasets.find(({ digest }) => digest === source.dataset);
      if (dataset === undefined) continue;
      const of = checkCase(spec, dataset, segment, source, (personKey) => pseudonymOf(cipher, personKey));
      if (of !== undefined) different.set(JSON.stringify([of.segment, of.people, of.records, of.expected, of.rows.length]), of);
    }
  }
  return [...different.values()];
}

/** The differences one case shows. */
export async function runCase(engine: Duckdb, of: CheckCase): Promise<readonly Problem[]> {
  const locate = (): { path: string } => ({ path: "" });
  await fillTables(engine, of);
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${identifier(PEOPLE_TABLE)} AS ${printSelect(of.people, locate)}`);
  const rows = await engine.rows(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${printSelect(of.records, locate)})`);
  const found = new Map<number, readonly CellText[]>();
  for (const row of rows) {
    const cells = row.map((value) => (typeof value === "string" ? value : null));
    found.set(Number(cells.at(-1)), cells.slice(0, -1));
  }
  return checkProblems(of, found, rows.length);
}

async function fillTables(engine: Duckdb, of: CheckCase): Promise<void> {
  const columns = of.columns.map(({ name, type }) => `${identifier(name)} ${sqlType(type)}`);
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${CHECK_RECORDS} (${CHECK_ROW} INTEGER, person_key UUID, ${columns.join(", ")})`);
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${CHECK_CLASSES} (person_key UUID, class_id INTEGER)`);
  const records = of.rows.map((row, at) => [
    String(at),
    literal(row.personKey),
    ...of.columns.map(({ name }) => cell(row.cells[name] ?? null)),
  ]);
  await engine.run(`INSERT INTO ${CHECK_RECORDS} VALUES ${records.map((row) => `(${row.join(", ")})`).join(", ")}`);
  const classes = new Map(of.rows.filter(({ listed }) => listed).map(({ personKey, classId }) => [personKey, classId]));
  await engine.run(
    `INSERT INTO ${CHECK_CLASSES} VALUES ${[...classes].map(([key, id]) => `(${literal(key)}, ${id === null ? "NULL" : id})`).join(", ")}`,
  );
}

const cell = (text: CellText): string => (text === null ? "NULL" : literal(text));
