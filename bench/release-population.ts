/** People in the files that intake leaves, and in plain ones: ten states, four segments, twelve row classes. */
import { closeSync, mkdirSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { DataKey, StoredFile } from "../src/app/ports/data-vault.ts";
import type { StoredData } from "../src/app/ports/engine.ts";
import { identifier, literal } from "../src/core/extract/duckdb-printer.ts";
import { cutPiped } from "../src/core/intake/cut.ts";
import { madeRule } from "../src/core/intake/record-rule.ts";
import { putRow, SegmentRows, type WritePersonKey } from "../src/core/intake/segment-rows.ts";
import { DatasetFileWriter } from "../src/vault/dataset-file-writer.ts";
import { openTableFile } from "../src/vault/table-file.ts";

export const STATES = 10;
export const CLASSES = 12;
export const CLASSES_FILE = "classes.parquet";
export const SEGMENTS = ["ELG00002", "ELG00003", "ELG00004", "ELG00005"] as const;

export const datasetName = (state: number): string => state.toString(16).repeat(64);

/** The key of every bench dataset, and what is read by it. */
export const DATA_KEY: DataKey = { id: "d".repeat(32), secret: new Uint8Array(32).fill(3) };
export const storedIn = (folder: string): StoredData => ({
  folder: join(folder, STORED),
  keys: new Map(Array.from({ length: STATES }, (_, state) => [datasetName(state), DATA_KEY])),
});
/** Below the plain files, which the sides without protection read. */
const STORED = "stored";

/** Deterministic: the same number of people gives the same rows. */
export async function makePopulation(folder: string, people: number): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "2GB", temp_directory: "" });
  const connection = await instance.connect();
  for (let state = 0; state < STATES; state += 1) {
    const dataset = join(folder, datasetName(state));
    const stored = join(folder, STORED, datasetName(state));
    for (const path of [dataset, stored]) mkdirSync(path, { recursive: true });
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE p AS SELECT i, (hash(i * 31 + ${state}) // 4)::BIGINT AS h, md5('k${state}-' || i)::UUID AS person_key
       FROM range(${Math.ceil(people / STATES)}) t(i)`,
    );
    const copied = async (file: string, rows: string): Promise<StoredFile> => {
      const plain = `FORMAT parquet, COMPRESSION zstd, WRITE_BLOOM_FILTER false`;
      await connection.run(`COPY (${rows}) TO ${literal(join(dataset, file))} (${plain})`);
      return { key: DATA_KEY, name: file, path: join(stored, file) };
    };
    for (const [file, rows] of Object.entries(segmentRows(String(state).padStart(2, "0"))))
      await storeRows(connection, join(dataset, file), await copied(file, rows));
    const classes = `SELECT person_key, (h // 71 % ${CLASSES})::INTEGER AS class_id, NULL::UUID AS same_person FROM p`;
    encryptFile(join(dataset, CLASSES_FILE), await copied(CLASSES_FILE, classes));
  }
  connection.closeSync();
  instance.closeSync();
}

/** The rows of a plain file, written as intake writes them. */
async function storeRows(connection: DuckDBConnection, plain: string, target: StoredFile): Promise<void> {
  const described = await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(${literal(plain)}))`);
  const columns = described
    .getRows()
    .flatMap(([name, type]) => (name === "person_key" ? [] : [{ name: String(name), type: typeOf(String(type)) }]));
  const names = [...columns.map(({ name }) => name), "person_key"];
  const cells = names.map((name) => `coalesce(${identifier(name)}::VARCHAR, '')`).join(", ");
  const rows = new SegmentRows(madeRule({ id: target.name, name: "", elements: [], key: [], special: "none" }, columns), keyFromText);
  const cut = { starts: new Int32Array(names.length), stops: new Int32Array(names.length) };
  const out = openTableFile(target, rows.columns);
  const result = await connection.stream(`SELECT concat_ws('|', ${cells}) FROM read_parquet(${literal(plain)})`);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (const line of chunk.getColumnValues(0)) {
      const bytes = Buffer.from(String(line));
      cutPiped(bytes, 0, bytes.length, cut);
      if (putRow(rows, bytes, cut).length > 0) throw new Error("a row that intake would not take");
    }
    if (rows.isFull) out.group(rows.rows, rows.takeGroup());
  }
  if (rows.rows > 0) out.group(rows.rows, rows.takeGroup());
  out.finish();
}

const typeOf = (type: string): "text" | "date" | "integer" => (type === "DATE" ? "date" : type === "VARCHAR" ? "text" : "integer");

const keyFromText: WritePersonKey = (bytes, from, to, out) => {
  const key = Buffer.from(Buffer.from(bytes.subarray(from, to)).toString("latin1").replaceAll("-", ""), "hex");
  out.bytes.set(key, out.length);
  out.length += key.length;
};

function encryptFile(plain: string, file: StoredFile): void {
  const writer = new DatasetFileWriter(file);
  const handle = openSync(plain, "r");
  const chunk = Buffer.alloc(1 << 16);
  for (let length = readSync(handle, chunk); length > 0; length = readSync(handle, chunk)) writer.feed(chunk.subarray(0, length));
  closeSync(handle);
  writer.finish();
}

const one = (words: readonly string[], divisor: number): string =>
  `[${words.map(literal).join(", ")}][1 + h // ${divisor} % ${words.length}]`;
const digits = (divisor: number, below: number, width: number): string => `lpad((h // ${divisor} % ${below})::VARCHAR, ${width}, '0')`;

function rows(segment: string, state: string, elements: Readonly<Record<string, string>>, span: string): string {
  const all: Readonly<Record<string, string>> = {
    "RECORD-ID": literal(segment),
    "SUBMITTING-STATE": literal(state),
    "RECORD-NUMBER": "i",
    "MSIS-IDENTIFICATION-NUM": `printf('M${state}%012d', h % 1000000000000)`,
    ...elements,
    [`${span}-EFF-DATE`]: "DATE '2020-01-01' + (h % 1500)::INTEGER",
    [`${span}-END-DATE`]: "DATE '9999-12-31'",
    "STATE-NOTATION": "NULL::VARCHAR",
  };
  return `SELECT ${Object.entries(all)
    .map(([name, value]) => `${value} AS "${name}"`)
    .join(", ")}, person_key FROM p`;
}

function segmentRows(state: string): Readonly<Record<string, string>> {
  const first = ["JAMES", "MARY", "ROBERT", "PATRICIA", "JOHN", "JENNIFER", "MICHAEL", "LINDA"];
  const last = ["SMITH", "JOHNSON", "WILLIAMS", "BROWN", "JONES", "GARCIA", "MILLER", "DAVIS"];
  return {
    "ELG00002.parquet": rows(
      "ELG00002",
      state,
      {
        "ELIGIBLE-FIRST-NAME": `${one(first, 1)} || (h // 8 % 300)`,
        "ELIGIBLE-LAST-NAME": `${one(last, 64)} || (h // 512 % 5000)`,
        "ELIGIBLE-MIDDLE-INIT": "chr(65 + (h // 7 % 26)::INTEGER)",
        SEX: one(["F", "M"], 3),
        "DATE-OF-BIRTH": "DATE '1930-01-01' + (h // 11 % 34000)::INTEGER",
        "DATE-OF-DEATH": "NULL::DATE",
      },
      "PRIMARY-DEMOGRAPHIC-ELEMENT",
    ),
    "ELG00003.parquet": rows(
      "ELG00003",
      state,
      {
        "MARITAL-STATUS": digits(1, 6, 2),
        SSN: digits(5, 1_000_000_000, 9),
        "INCOME-CODE": digits(13, 8, 2),
        "CITIZENSHIP-IND": digits(1, 4, 1),
        "IMMIGRATION-STATUS": digits(17, 9, 1),
        "PRIMARY-LANGUAGE-CODE": one(["ENG", "SPA", "CHI"], 19),
        "HOUSEHOLD-SIZE": digits(23, 8, 2),
        "PREGNANCY-IND": "'0'",
        "MEDICARE-BENEFICIARY-IDENTIFIER": "CASE WHEN h % 6 = 0 THEN printf('%dEG4TE5M%03d', h // 29 % 10, h // 31 % 1000) END",
      },
      "VARIABLE-DEMOGRAPHIC-ELEMENT",
    ),
    "ELG00004.parquet": rows(
      "ELG00004",
      state,
      {
        "ELIGIBLE-ADDR-TYPE": "'01'",
        "ELIGIBLE-ADDR-LN1": `(h % 9999) || ' ' || ${one(["MAIN", "OAK", "PINE", "MAPLE", "CEDAR"], 9999)} || ' ' || (h // 5 % 97) || ' ST'`,
        "ELIGIBLE-CITY": "'TOWN' || (h // 37 % 600)",
        "ELIGIBLE-STATE": literal(state),
        "ELIGIBLE-ZIP-CODE": "(90000 + h // 41 % 5000)::VARCHAR",
        "ELIGIBLE-COUNTY-CODE": digits(43, 58, 3),
        "ELIGIBLE-PHONE-NUM": "printf('555%07d', h // 47 % 10000000)",
      },
      "ELIGIBLE-ADDR",
    ),
    "ELG00005.parquet": rows(
      "ELG00005",
      state,
      {
        "MSIS-CASE-NUM": "printf('C%09d', h // 3 % 300000)",
        "MEDICAID-BASIS-OF-ELIGIBILITY": digits(1, 9, 2),
        "DUAL-ELIGIBLE-CODE": digits(53, 10, 2),
        "ELIGIBILITY-GROUP": digits(59, 72, 2),
        "STATE-SPEC-ELIG-GROUP": digits(61, 400, 4),
        "RESTRICTED-BENEFITS-CODE": digits(67, 7, 1),
      },
      "ELIGIBILITY-DETERMINANT",
    ),
  };
}
