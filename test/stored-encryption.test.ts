/** Encrypted Parquet against an engine that writ did not write: what it reads, and what it refuses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DataKey, StoredFile } from "../src/app/ports/data-vault.ts";
import { base64 } from "../src/core/base/bytes.ts";
import { type Duckdb, openDuckdb } from "../src/engine/duckdb.ts";
import { keyText, refuseForeign, storedText } from "../src/engine/duckdb-stored.ts";
import { checkStoredFile } from "../src/vault/dataset-file-check.ts";
import { moduleOpener } from "../src/vault/module-cipher.ts";
import { plainParquet } from "./plain-parquet.ts";
import { encryptInPlace } from "./stored-data.ts";

const KEY: DataKey = { id: "1".repeat(32), secret: Uint8Array.from({ length: 32 }, (_, at) => at) };
const OTHER: DataKey = { id: "2".repeat(32), secret: new Uint8Array(32).fill(9) };
const folder = mkdtempSync(join(tmpdir(), "writ-stored-"));
const [plain, encrypted] = [join(folder, "plain.parquet"), join(folder, "T.parquet")];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the rows of a query plain, and a copy of them encrypted. */
async function write(query: string, options = ""): Promise<Buffer> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("SET timezone = 'UTC'");
  for (const file of [plain, encrypted])
    await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet, WRITE_BLOOM_FILTER false${options})`);
  connection.closeSync();
  instance.closeSync();
  encryptInPlace(KEY, "T.parquet", encrypted);
  return readFileSync(encrypted);
}

async function read(query: string, keys: readonly DataKey[] = [KEY]): Promise<readonly (readonly unknown[])[]> {
  const engine = await openDuckdb({ folders: [folder], keys });
  try {
    return await engine.rows(query);
  } finally {
    engine.close();
  }
}

const source = storedText({ key: KEY, name: "T.parquet", path: encrypted });
/** The error of reading all there is; undefined when all of it is read. */
async function refusal(bytes: Uint8Array, keys: readonly DataKey[] = [KEY], text = source): Promise<string | undefined> {
  writeFileSync(encrypted, bytes);
  return read(`SELECT * FROM ${text}`, keys).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

function isOwn(file: StoredFile): boolean {
  try {
    refuseForeign([file]);
    return true;
  } catch {
    return false;
  }
}

/** Where each module starts and ends, its length in front. */
function modulesOf(bytes: Buffer): readonly (readonly [number, number])[] {
  const modules: [number, number][] = [];
  const end = bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);
  for (let at = 4; at < end; at += 4 + bytes.readUInt32LE(at)) modules.push([at, at + 4 + bytes.readUInt32LE(at)]);
  return modules;
}

/** The file with two modules, and the headers before them, in each other's place. They must be of equal length. */
function swapped(bytes: Buffer, [a, b]: readonly [number, number]): Buffer {
  const modules = modulesOf(bytes);
  const span = (at: number): readonly [number, number] => [modules[at]?.[0] ?? 0, modules[at + 1]?.[1] ?? 0];
  const [[aFrom, aTo], [bFrom, bTo]] = [span(a), span(b)];
  expect(aTo - aFrom).toBe(bTo - bFrom);
  const out = Buffer.from(bytes);
  bytes.copy(out, aFrom, bFrom, bTo);
  bytes.copy(out, bFrom, aFrom, aTo);
  return out;
}

describe("an encrypted file", () => {
  // WHY no lists or structs: the engine gives their columns other ordinals than the specification, and stored data has none.
  const TYPES = `i AS n, (i % 3)::TINYINT AS tiny, (i % 9)::SMALLINT AS small, i::DOUBLE / 7 AS d, i::FLOAT AS f, i % 2 = 0 AS yes,
    DATE '1900-01-01' + i::INT AS day, TIMESTAMP '2020-01-01' + i * INTERVAL 1 HOUR AS instant, (i / 8)::DECIMAL(18,4) AS money,
    md5('x' || i)::UUID AS id, 'word' || (i % 5) AS dictionary, 'text ' || hash(i) AS text, ('b' || i)::BLOB AS bytes,
    CASE WHEN i % 3 = 0 THEN i END AS thirds, NULL::VARCHAR AS none`;
  it.each([
    ["no row", 0, ""],
    ["one row", 1, ""],
    ["several row groups", 20_000, ", ROW_GROUP_SIZE 4096, COMPRESSION zstd"],
    ["plain pages", 5000, ", COMPRESSION uncompressed"],
    ["several pages in a column", 60_000, ", COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 1"],
  ])("of %s reads as the plain one does, whatever its types", async (_, rows, options) => {
    await write(`SELECT ${TYPES} FROM range(${rows}) t(i)`, options);
    const found = await read(`SELECT * FROM ${source} ORDER BY n`);
    expect(found).toHaveLength(rows);
    expect(found).toEqual(await read(`SELECT * FROM read_parquet('${plain}') ORDER BY n`));
    const filtered = "WHERE n % 7 = 1 AND dictionary = 'word1' AND id > '10000000-0000-0000-0000-000000000000'::UUID";
    const query = (from: string): string => `SELECT max(text), count(*), sum(thirds) FROM ${from} ${filtered}`;
    expect(await read(query(source))).toEqual(await read(query(`read_parquet('${plain}')`)));
  });

  it("opens by the specification, to the pages of the plain one", async () => {
    const bytes = await write(`SELECT ${TYPES} FROM range(20000) t(i)`, ", ROW_GROUP_SIZE 4096");
    writeFileSync(
      plain,
      plainParquet(bytes, () => moduleOpener(KEY.secret)),
    );
    expect(await read(`SELECT * FROM read_parquet('${plain}') ORDER BY n`)).toEqual(await read(`SELECT * FROM ${source} ORDER BY n`));
  });

  it("says nothing of its rows", async () => {
    const bytes = await write("SELECT 'SECRET-VALUE-' || i AS \"SECRET-COLUMN\" FROM range(3000) t(i)", ", COMPRESSION uncompressed");
    expect(readFileSync(plain).includes("SECRET-VALUE-17")).toBe(true);
    for (const word of ["SECRET", "COLUMN", "DuckDB", "schema"]) expect(bytes.includes(word)).toBe(false);
    expect(bytes.includes(KEY.id)).toBe(true);
  });
});

describe("what is refused", () => {
  let bytes: Buffer;
  beforeAll(async () => {
    bytes = await write("SELECT i AS a, i + 1 AS b FROM range(8192) t(i)", ", COMPRESSION uncompressed, ROW_GROUP_SIZE 4096");
  });
  const REFUSED = "stored data do not open: a file was altered or cut, or is under another key";

  it("is nothing that is whole", async () => expect(await refusal(bytes)).toBeUndefined());

  it("is another key, no key, and a plain file in its place", async () => {
    const wrong = storedText({ key: OTHER, name: "T.parquet", path: encrypted });
    expect(await refusal(bytes, [OTHER], wrong)).toBe(REFUSED);
    expect(await refusal(bytes, [])).toBe("the engine could not do a step (binder error)");
    expect(await refusal(bytes, [KEY], `read_parquet('${encrypted}')`)).toBe(REFUSED);
    expect(await refusal(readFileSync(plain))).toBe(REFUSED);
  });

  it("is any flipped bit", async () => {
    const small = await write("SELECT i AS a, 'w' || (i % 2) AS b FROM range(40) t(i)");
    const whole = { key: KEY, name: "T.parquet", path: join(folder, "whole") };
    writeFileSync(whole.path, small);
    const open = async (): Promise<Duckdb> => openDuckdb({ folders: [folder], keys: [KEY] });
    let engine = await open();
    const isRead = async (file: StoredFile): Promise<boolean> =>
      engine.rows(`SELECT * FROM ${storedText(file)}`).then(
        () => true,
        () => false,
      );
    const accepted: number[] = [];
    for (let at = 0; at < small.length; at += 1) {
      const bad = Buffer.from(small);
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      // WHY another path each time: the engine may remember what it read of a file.
      const file = { key: KEY, name: "T.parquet", path: join(folder, `flipped${at}`) };
      writeFileSync(file.path, bad);
      if ((await isRead(file)) && isOwn(file)) accepted.push(at);
      // INVARIANT: the next refusal is that of its own file; some damage ends the whole engine.
      if (await isRead(whole)) continue;
      engine.close();
      engine = await open();
      expect(await isRead(whole), `after byte ${at}`).toBe(true);
    }
    engine.close();
    expect(accepted).toEqual([]);
  }, 120_000);

  it("is any flipped bit, any end and any other name, to the check of stored files", async () => {
    const small = await write("SELECT i AS a, 'w' || (i % 2) AS b FROM range(40) t(i)");
    const file = { key: KEY, name: "T.parquet", path: encrypted };
    const accepted: unknown[] = [];
    for (let at = 0; at < small.length; at += 1) {
      const bad = Buffer.from(small);
      bad[at] = (bad[at] ?? 0) ^ (1 << (at % 8));
      for (const one of [bad, small.subarray(0, at)]) {
        writeFileSync(encrypted, one);
        if (checkStoredFile(file).ok) accepted.push(at);
      }
    }
    writeFileSync(encrypted, small);
    for (const other of [
      { ...file, name: "U.parquet" },
      { ...file, key: { ...KEY, secret: OTHER.secret } },
      { ...file, key: OTHER },
    ])
      if (checkStoredFile(other).ok) accepted.push(other);
    expect(accepted).toEqual([]);
    expect(checkStoredFile(file).ok).toBe(true);
  });

  it("is a page in another row group's, or another column's, place", async () => {
    // Each chunk is a header and a page: columns a and b of two groups are modules 0, 2, 4 and 6.
    expect(modulesOf(bytes)).toHaveLength(8);
    for (const pair of [[0, 4], [0, 2], [2, 4]] as const) expect(await refusal(swapped(bytes, pair)), pair.join()).toBe(REFUSED); // prettier-ignore
  });

  it("is a page in the place of a page of its own column", async () => {
    const paged = await write("SELECT i AS a FROM range(4096) t(i)", ", COMPRESSION uncompressed, ROW_GROUP_SIZE 4096");
    const [first] = modulesOf(paged);
    const doubled = Buffer.from(paged);
    // The header module again where the page should be.
    doubled.copy(doubled, first?.[1] ?? 0, first?.[0] ?? 0, first?.[1] ?? 0);
    expect(await refusal(doubled)).toBe(REFUSED);
  });

  it("is a file that was cut", async () => {
    for (const length of [0, 3, 12, 100, bytes.length - 1, bytes.length - 9])
      expect(await refusal(bytes.subarray(0, length)), String(length)).toBe(REFUSED);
  });

  it("is a file in another's place, or of another dataset", () => {
    writeFileSync(encrypted, bytes);
    const here = { key: KEY, name: "T.parquet", path: encrypted };
    expect(() => refuseForeign([here])).not.toThrow();
    const altered = /^the stored file \S+ was altered, cut, or put in another's place$/;
    expect(() => refuseForeign([{ ...here, name: "U.parquet" }])).toThrow(altered);
    expect(() => refuseForeign([{ ...here, key: { ...KEY, id: OTHER.id } }])).toThrow(altered);
    expect(() => refuseForeign([{ ...here, path: join(folder, "absent") }])).toThrow(altered);
    writeFileSync(encrypted, bytes.subarray(0, 40));
    expect(() => refuseForeign([here])).toThrow(altered);
  });
});

describe("a key the engine was told", () => {
  const secrets = [base64(KEY.secret), Buffer.from(KEY.secret).toString("hex"), Buffer.from(KEY.secret).toString("latin1")];

  it("is in no list, plan or setting of the engine", async () => {
    await write("SELECT 1 AS a");
    const engine = await openDuckdb({ folders: [folder], keys: [KEY] });
    const lists = ["duckdb_settings()", "duckdb_variables()", "duckdb_functions()", "duckdb_views()"];
    for (const list of lists) {
      const said = JSON.stringify(await engine.rows(`SELECT * FROM ${list}`));
      for (const secret of secrets) expect(said.includes(secret), list).toBe(false);
    }
    const plan = JSON.stringify(await engine.rows(`EXPLAIN ANALYZE SELECT * FROM ${source}`));
    for (const secret of secrets) expect(plan.includes(secret)).toBe(false);
    engine.close();
  });

  it("is in no error, though the engine quotes the statement in its own", async () => {
    const short: DataKey = { id: "x", secret: Uint8Array.of(1, 2, 3, 4, 5, 6, 7) };
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const own = await connection.run(`SELECT nothing, '${base64(KEY.secret)}'; ${keyText(KEY)}`).catch((error: Error) => error.message);
    expect(own).toContain(secrets[0]);
    connection.closeSync();
    instance.closeSync();
    const filtered = await openDuckdb({ folders: [], keys: [short] }).then(
      () => "no error",
      (error: Error) => `${error.message} ${error.stack} ${JSON.stringify(error)}`,
    );
    expect(filtered).toContain("the engine could not do a step");
    expect(filtered).not.toContain(base64(short.secret));
  });
});
