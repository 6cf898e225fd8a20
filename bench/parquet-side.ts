/** One side of the benchmark of stored files, in a process of its own: `parquet-side NAME FOLDER ROWS`. */
import { createCipheriv, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, readSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DataKey, StoredFile } from "../src/app/ports/data-vault.ts";
import { openDuckdb } from "../src/engine/duckdb.ts";
import { storedText } from "../src/engine/duckdb-stored.ts";
import { literal } from "../src/core/extract/duckdb-printer.ts";
import { DatasetFileWriter } from "../src/vault/dataset-file-writer.ts";
import { measured } from "./measured.ts";

type Figures = Readonly<Record<string, number>>;

const [, , side = "", folder = "", rows = "0"] = process.argv;
const [plain, copy] = [join(folder, "plain.parquet"), join(folder, "copy.parquet")];
const key: DataKey = { id: "d".repeat(32), secret: new Uint8Array(32).fill(3) };
const stored: StoredFile = { key, name: "SEGMENT.parquet", path: join(folder, "stored.parquet") };
const CHUNK_BYTES = 1 << 16;
/** About a page of a stored column. */
const PAGE_BYTES = 1 << 18;

/** A segment as intake writes it: a person's key, a date, names and codes. */
async function make(): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "2GB", temp_directory: "" });
  const connection = await instance.connect();
  const person = `SELECT i, hash(i) AS h, md5('k' || i)::UUID AS person_key FROM range(${Number(rows)}) t(i)`;
  const columns = `i AS "RECORD-NUMBER", person_key, DATE '1930-01-01' + (h % 34000)::INT AS "DATE-OF-BIRTH", 'NAME' || h % 90000 AS "LAST-NAME",
    'GIVEN' || h // 7 % 6000 AS "FIRST-NAME", h // 11 % 3 AS "SEX", lpad((h % 1000000000)::VARCHAR, 9, '0') AS "SSN"`;
  await connection.run(
    `COPY (SELECT ${columns} FROM (${person})) TO ${literal(plain)} (FORMAT parquet, COMPRESSION zstd, WRITE_BLOOM_FILTER false)`,
  );
  connection.closeSync();
  instance.closeSync();
}

function chunksOf(path: string, take: (chunk: Uint8Array) => void): void {
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) take(chunk.subarray(0, length));
  closeSync(file);
}

const bytesOf = (path: string): number => statSync(path).size;

/** WHY twice: a process that takes a submission in writes many files, and starting up is not part of any. */
async function encrypt(heldBytes?: number): Promise<Figures> {
  const once = (): Figures => {
    const writer = new DatasetFileWriter(stored, heldBytes);
    chunksOf(plain, (chunk) => writer.feed(chunk));
    writer.finish();
    return { bytes: bytesOf(plain) };
  };
  once();
  return measuredPart(once);
}

/** The cipher of Node alone, over the same bytes in memory, a nonce a page. */
async function gcm(): Promise<Figures> {
  const bytes = readFileSync(plain);
  return measuredPart(() => {
    for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
      const cipher = createCipheriv("aes-256-gcm", key.secret, randomBytes(12));
      cipher.update(bytes.subarray(at, at + PAGE_BYTES));
      cipher.final();
      cipher.getAuthTag();
    }
    return { bytes: bytes.length };
  });
}

async function copying(): Promise<Figures> {
  const out = openSync(copy, "w");
  chunksOf(plain, (chunk) => writeSync(out, chunk));
  fsyncSync(out);
  closeSync(out);
  return { bytes: bytesOf(plain) };
}

/** Every column of every row, through one engine thread. */
async function read(source: string, keys: readonly DataKey[]): Promise<Figures> {
  const engine = await openDuckdb({ folders: [folder], threads: 1, keys });
  const text = `SELECT max(person_key), max("RECORD-NUMBER"), max("DATE-OF-BIRTH"), max("LAST-NAME"), max("FIRST-NAME"), max("SEX"), max("SSN") FROM ${source}`;
  const figures = await measuredPart(async () => {
    await engine.rows(text);
    return { bytes: bytesOf(plain) };
  });
  engine.close();
  return figures;
}

/** What only a part of the side took, for sides that must get ready first. */
async function measuredPart(part: () => Figures | Promise<Figures>): Promise<Figures> {
  const cpu = process.cpuUsage();
  const figures = await part();
  const { user, system } = process.cpuUsage(cpu);
  return { ...figures, partCpuMs: (user + system) / 1000 };
}

const SIDES: Readonly<Record<string, () => Promise<Figures>>> = {
  encrypt: async () => encrypt(),
  spilled: async () => encrypt(0),
  gcm,
  copy: copying,
  plain: async () => read(`read_parquet(${literal(plain)})`, []),
  stored: async () => read(storedText(stored), [key]),
};

if (side === "make") await make();
else {
  await import("@duckdb/node-api");
  const run = SIDES[side];
  if (run === undefined) throw new Error(`no side ${side}`);
  process.stdout.write(JSON.stringify(await measured(run)));
}
