/** Two hand-made submissions of one small segment, and a spec over them. */
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DataKey } from "../src/app/ports/data-vault.ts";
import type { StoredData } from "../src/app/ports/engine.ts";
import { day } from "../src/core/base/civil-date.ts";
import { identifier, literal } from "../src/core/extract/duckdb-printer.ts";
import { encryptInPlace } from "./stored-data.ts";
import type { ColumnExtract, ExtractSpec, SegmentExtract } from "../src/core/extract/spec.ts";

export const SEGMENT = "ELG00002";
/** A name made to break out of whatever quotes it. */
export const HOSTILE = `x"; DROP TABLE t; --'`;
export const DATASETS: readonly string[] = ["a".repeat(64), "b".repeat(64)];
export const PLAIN_NAME = "GIVENNAME-THAT-MUST-NOT-REACH-THE-DISK";

/** One key for all; the store has one a dataset. */
const DATA_KEY: DataKey = { id: "d".repeat(32), secret: new Uint8Array(32).fill(3) };
export const storedIn = (folder: string): StoredData => ({ folder, keys: new Map(DATASETS.map((digest) => [digest, DATA_KEY])) });

export const scratch = (): string => mkdtempSync(join(tmpdir(), "writ-extract-"));

export async function sql<T>(work: (run: (text: string) => Promise<readonly (readonly unknown[])[]>) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return await work(async (text) => (await connection.runAndReadAll(text)).getRowsJson());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Classes by person modulo 4: 0 and 1 of the verdicts below, 2 without a verdict, 3 NULL. `repeated` is SQL that adds more. */
export async function makeDatasets(folder: string, people: number, repeated = ""): Promise<void> {
  await sql(async (run) => {
    for (const [at, digest] of DATASETS.entries()) {
      mkdirSync(join(folder, digest), { recursive: true });
      await run(
        `COPY (SELECT i AS "RECORD-NUMBER", '${PLAIN_NAME}-' || (i % 50) AS "FIRST-NAME", DATE '1950-01-01' + i::INT AS "DATE-OF-BIRTH",
         lpad((90000 + i % 900)::VARCHAR, 5, '0') AS "ZIP", i % 90 AS "AGE", 'h' || i AS ${identifier(HOSTILE)},
         DATE '2020-01-01' AS "EFF-DATE", CASE WHEN i % 10 = 9 THEN DATE '2021-01-01' ELSE DATE '9999-12-31' END AS "END-DATE",
         md5('${at}-' || i)::UUID AS person_key FROM range(${people}) t(i)) TO ${literal(join(folder, digest, `${SEGMENT}.parquet`))} (FORMAT parquet, WRITE_BLOOM_FILTER false)`,
      );
      await run(
        `COPY (SELECT md5('${at}-' || i)::UUID AS person_key, nullif(i % 4, 3)::INTEGER AS class_id,
         CASE WHEN i = 4 THEN md5('${at}-0')::UUID END AS same_person FROM range(${people}) t(i) ${repeated})
         TO ${literal(join(folder, digest, "classes.parquet"))} (FORMAT parquet, WRITE_BLOOM_FILTER false)`,
      );
      for (const name of [`${SEGMENT}.parquet`, "classes.parquet"]) encryptInPlace(DATA_KEY, name, join(folder, digest, name));
    }
  });
}

const clear = { kind: "clear" } as const;

export const COLUMNS: readonly ColumnExtract[] = [
  { element: "FIRST-NAME", category: "name", type: "text", transforms: { clear } },
  { element: "DATE-OF-BIRTH", category: "date-of-birth", type: "date", transforms: { clear, year: { kind: "year" } } },
  { element: "ZIP", category: "address", type: "text", transforms: { clear, state: { kind: "zip3", sparse: ["903"] } } },
  { element: "AGE", category: "age", type: "integer", transforms: { clear: { kind: "band", width: 10 } } },
  { element: HOSTILE, category: "other", type: "text", transforms: { clear } },
];

export function fixtureSpec(people: number, change: Partial<SegmentExtract> = {}): ExtractSpec {
  const segment: SegmentExtract = {
    segment: SEGMENT,
    columns: COLUMNS,
    span: { from: "EFF-DATE", to: "END-DATE" },
    sources: DATASETS.map((dataset) => ({
      dataset,
      file: `${SEGMENT}.parquet`,
      verdicts: [
        { classId: 0, masks: { name: "clear", "date-of-birth": "clear", address: "clear", age: "clear", other: "clear" } },
        { classId: 1, masks: { name: "omitted", "date-of-birth": "year", address: "state", other: "unheard-of" } },
        { classId: 5, masks: { name: "omitted" } },
      ],
    })),
    ...change,
  };
  return {
    asOf: day("2026-11-24"),
    pseudonym: true,
    datasets: DATASETS.map((digest, at) => ({
      digest,
      origin: ["CA", "NY"][at] ?? "",
      people,
      classesFile: "classes.parquet",
      classes: [0, 1, 2, 5],
    })),
    segments: [segment],
  };
}
