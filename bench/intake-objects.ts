/** Fixed-length records to Parquet as Node programs mostly do it: an object a record, a schema, a Parquet library of JavaScript. */
import { createHash, createHmac } from "node:crypto";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { z } from "zod";
import type { Catalogue, Element, Segment } from "../src/core/catalog/catalogue.ts";
import { isDay, OPEN_END, recordSegments } from "./intake-files.ts";

type Cell = string | bigint | Date | null;
type Row = Readonly<Record<string, Cell>>;
type Table = { readonly segment: Segment; readonly schema: z.ZodType<Row>; readonly rows: (readonly [key: string, row: Row])[] };

const KEY = Buffer.alloc(32, 1);

export async function byNodeObjects(file: string, out: string, eligible: Catalogue): Promise<void> {
  const tables: ReadonlyMap<string, Table> = new Map(
    recordSegments(eligible).map((segment) => [segment.id, { segment, schema: schemaOf(segment), rows: [] }]),
  );
  const hash = createHash("sha256");
  const input = createReadStream(file);
  input.on("data", (chunk) => hash.update(chunk));
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const table = tables.get(line.slice(0, 8));
    if (table === undefined) continue;
    const cells = table.segment.elements.map(({ name, start, stop }) => [name, line.slice(start - 1, stop).trim() || null]);
    const read = table.schema.safeParse(Object.fromEntries(cells));
    if (!read.success) continue;
    const key = createHmac("sha256", KEY).update(String(read.data[eligible.personElement])).digest("hex").slice(0, 32);
    table.rows.push([key, read.data]);
  }
  hash.digest("hex");
  for (const { segment, rows } of tables.values()) {
    if (rows.length === 0) continue;
    const keys: ColumnSource = { name: "person_key", data: rows.map(([key]) => key), type: "STRING" };
    const columns = segment.elements.map(({ name, type }): ColumnSource => ({
      name,
      data: rows.map(([, row]) => row[name]),
      type: TYPES[type],
    }));
    writeFileSync(join(out, `${segment.id}.parquet`), Buffer.from(parquetWriteBuffer({ columnData: [keys, ...columns] })));
  }
}

const TYPES = { text: "STRING", date: "TIMESTAMP", integer: "INT64", cents: "INT64" } as const;

const schemaOf = ({ elements }: Segment): z.ZodType<Row> =>
  z.object(Object.fromEntries(elements.map((element) => [element.name, cellOf(element)])));

function cellOf({ type, values = [] }: Element): z.ZodType<Cell> {
  if (type === "date") {
    const text = z.string().regex(/^\d{8}$/).refine((found) => found === OPEN_END || isDay(found)); // prettier-ignore
    return text.transform((found) => new Date(`${found.slice(0, 4)}-${found.slice(4, 6)}-${found.slice(6)}T00:00:00Z`)).nullable();
  }
  if (type !== "text") return z.string().regex(/^[+-]?\d+$/).transform(BigInt).nullable(); // prettier-ignore
  return (values.length === 0 ? z.string() : z.enum(values as [string, ...string[]])).nullable();
}
