/** The same files to typed Parquet by the ordinary means: SQL over lines, and a Node program that reads line by line. */
import { createHash, createHmac } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DuckDBDateValue, DuckDBInstance, type DuckDBAppender, type DuckDBConnection } from "@duckdb/node-api";
import type { Catalogue, Element, Segment } from "../src/core/catalog/catalogue.ts";
import { identifier, literal } from "../src/core/extract/duckdb-printer.ts";
import { claimsShape, isDay, OPEN_END, recordSegments } from "./intake-files.ts";

/** What writ's own engine may use. */
const MEMORY_LIMIT = "600MB";
const COPY = "(FORMAT parquet, COMPRESSION zstd)";

async function connected(memoryLimit: string): Promise<{ readonly connection: DuckDBConnection; close(): void }> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: memoryLimit,
    temp_directory: "",
    preserve_insertion_order: "false",
  });
  const connection = await instance.connect();
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** `substr` over a one-column reading of the file: once for each segment, or once into a table that holds every line. */
export async function bySubstr(file: string, out: string, eligible: Catalogue, held: boolean): Promise<void> {
  const engine = await connected(held ? "3GB" : MEMORY_LIMIT);
  const lines = `SELECT line FROM read_csv(${literal(file)}, delim = chr(31), quote = '', escape = '', header = false, auto_detect = false, skip = 1, columns = {'line': 'VARCHAR'})`;
  await engine.connection.run(`CREATE TEMP ${held ? "TABLE" : "VIEW"} lines AS ${lines}`);
  for (const { id, elements } of recordSegments(eligible)) {
    const cells = elements.map(substrText).join(", ");
    await engine.connection.run(
      `COPY (SELECT ${cells} FROM lines WHERE substr(line, 1, 8) = ${literal(id)}) TO ${literal(join(out, `${id}.parquet`))} ${COPY}`,
    );
  }
  engine.close();
}

const substrText = (element: Element): string =>
  typedText(`nullif(trim(substr(line, ${element.start}, ${element.stop - element.start + 1})), '')`, element);

function typedText(text: string, { name, type }: Element): string {
  const as = identifier(name);
  if (type === "date") return `CASE ${text} WHEN '${OPEN_END}' THEN DATE '9999-12-31' ELSE strptime(${text}, '%Y%m%d')::DATE END AS ${as}`;
  return type === "text" ? `${text} AS ${as}` : `${text}::BIGINT AS ${as}`;
}

/** DuckDB's reading of records between pipes: all of them in memory as they are, then typed segment by segment. */
export async function byTypedRecords(file: string, out: string, eligible: Catalogue): Promise<void> {
  const engine = await connected("3GB");
  const segments = recordSegments(eligible);
  const shape = Array.from({ length: Math.max(...segments.map(({ elements }) => elements.length)) }, (_, at) => `'c${at}': 'VARCHAR'`);
  const records = `SELECT * FROM read_csv(${literal(file)}, delim = '|', quote = '', escape = '', header = false, skip = 1, auto_detect = false, null_padding = true, columns = {${shape.join(", ")}})`;
  await engine.connection.run(`CREATE TEMP TABLE records AS ${records}`);
  for (const { id, elements } of segments) {
    const cells = [...elements].sort((a, b) => a.start - b.start).map((element, at) => typedText(`c${at}`, element));
    await engine.connection.run(
      `COPY (SELECT ${cells.join(", ")} FROM records WHERE c0 = ${literal(id)}) TO ${literal(join(out, `${id}.parquet`))} ${COPY}`,
    );
  }
  engine.close();
}

/** DuckDB's own typed reading of the table. */
export async function byTypedRead(file: string, out: string): Promise<void> {
  const engine = await connected(MEMORY_LIMIT);
  const rows = `SELECT * FROM read_csv(${literal(file)}, delim = '|', quote = '', escape = '', header = true, auto_detect = false, columns = {${claimsShape()}})`;
  await engine.connection.run(`COPY (${rows}) TO ${literal(join(out, "claims.parquet"))} ${COPY}`);
  engine.close();
}

const TYPES = { text: "VARCHAR", date: "DATE", integer: "BIGINT", cents: "BIGINT" } as const;

/** What intake does to a record, written plainly: readline, a slice and a check a field, a hash of the file, a keyed hash of the person, DuckDB's appender. */
export async function byNodeLines(file: string, out: string, eligible: Catalogue): Promise<void> {
  const engine = await connected("3GB");
  const tables = new Map<string, LineTable>();
  for (const segment of recordSegments(eligible)) {
    const columns = segment.elements.map(({ name, type }) => `${identifier(name)} ${TYPES[type]}`).join(", ");
    await engine.connection.run(`CREATE TABLE ${segment.id} (person_key VARCHAR, ${columns})`);
    const listed = new Map(segment.elements.map(({ name, values }) => [name, new Set(values)]));
    tables.set(segment.id, { segment, listed, appender: await engine.connection.createAppender(segment.id) });
  }
  const hash = createHash("sha256");
  const input = createReadStream(file);
  input.on("data", (chunk) => hash.update(chunk));
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const found = tables.get(line.slice(0, 8));
    if (found !== undefined) appendLine(line, found, eligible.personElement);
  }
  hash.digest("hex");
  for (const { segment, appender } of tables.values()) {
    appender.closeSync();
    await engine.connection.run(`COPY ${segment.id} TO ${literal(join(out, `${segment.id}.parquet`))} ${COPY}`);
  }
  engine.close();
}

type LineTable = {
  readonly segment: Segment;
  readonly listed: ReadonlyMap<string, ReadonlySet<string>>;
  readonly appender: DuckDBAppender;
};

const KEY = Buffer.alloc(32, 1);

function appendLine(line: string, { segment, listed, appender }: LineTable, personElement: string): void {
  const cells = segment.elements.map((element) => ({ element, text: line.slice(element.start - 1, element.stop).trim() }));
  if (cells.some(({ element, text }) => text !== "" && !isGood(element, text, listed))) return;
  const person = cells.find(({ element }) => element.name === personElement)?.text ?? "";
  appender.appendVarchar(createHmac("sha256", KEY).update(person).digest("hex").slice(0, 32));
  for (const { element, text } of cells) {
    if (text === "") appender.appendNull();
    else if (element.type === "text") appender.appendVarchar(text);
    else if (element.type === "date") appender.appendDate(dayOf(text));
    else appender.appendBigInt(BigInt(text));
  }
  appender.endRow();
}

function isGood({ name, type }: Element, text: string, listed: LineTable["listed"]): boolean {
  if (type === "date") return /^\d{8}$/.test(text) && (text === OPEN_END || isDay(text));
  if (type !== "text") return /^[+-]?\d+$/.test(text);
  const values = listed.get(name);
  return values === undefined || values.size === 0 || values.has(text);
}

const dayOf = (text: string): DuckDBDateValue =>
  DuckDBDateValue.fromParts({ year: Number(text.slice(0, 4)), month: Number(text.slice(4, 6)), day: Number(text.slice(6, 8)) });
