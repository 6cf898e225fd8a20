import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { withMarks } from "../../src/app/written-tables.ts";
import { utf8 } from "../../src/core/base/bytes.ts";
import { parseCatalogue } from "../../src/core/catalog/parse-catalogue.ts";
import { recordRule } from "../../src/core/intake/record-rule.ts";
import { putRow, SegmentRows } from "../../src/core/intake/segment-rows.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { placedText, storedText } from "../../src/engine/duckdb-stored.ts";
import { checkStoredFile } from "../../src/vault/dataset-file-check.ts";
import { openTableFile, widenTableFile } from "../../src/vault/table-file.ts";

const folder = mkdtempSync(join(tmpdir(), "writ-written-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Made-up values of each type and habit, and how the engine says them. */
const COLUMNS: readonly { readonly name: string; readonly type?: "date" | "integer" | "cents"; readonly of: (row: number) => string; readonly read?: (text: string) => string }[] = [
  { name: "id", of: (row) => `P${row % 50_000}` },
  { name: "same", of: () => "X" },
  { name: "blank", of: () => "" },
  { name: "few", of: (row) => (row % 5 === 0 ? "" : `v${row % 13}`) },
  { name: "unique", of: (row) => `note ${row * 7} é` },
  { name: "alike", of: (row) => `claim ${String(row).padStart(9, "0")}` },
  { name: "lone", of: (row) => `${String((row * 7919) % 1_000_003)}${"x".repeat(row % 3)}` },
  { name: "seldom", of: (row) => (row % 1000 === 999 ? `at ${row}` : "") },
  { name: "born", type: "date", of: (row) => `19${10 + (row % 90)}-0${1 + (row % 9)}-1${row % 10}` },
  { name: "decided", type: "date", of: (row) => new Date(Date.UTC(1800, 0, 1 + (row % 100_000))).toISOString().slice(0, 10) },
  { name: "wide", type: "integer", of: (row) => String((BigInt(row) * 7_919_000_000_003n) % 10n ** 18n - 4n * 10n ** 17n) },
  { name: "paid", type: "cents", of: (row) => `${row % 3 === 0 ? "-" : ""}${row % 100_003}.${String(row % 100).padStart(2, "0")}`, read: (text) => String(Number(text.replace(".", ""))) },
]; // prettier-ignore

function rowsOf(): SegmentRows {
  const columns = COLUMNS.map(({ name, type = "text" }) => `  - { name: ${name}, type: ${type}, category: name }`).join("\n");
  const text = `dataset: a/b\nversion: "1"\ntitle: T\nform: table\nencoding: psv\nperson: id\ncolumns:\n${columns}\n`;
  const catalogue = parseCatalogue({ file: "c.yaml", text }, undefined, { categories: ["name"] });
  const segment = catalogue.ok ? catalogue.value.segments[0] : undefined;
  if (!catalogue.ok || segment === undefined) throw new Error(JSON.stringify(catalogue));
  return new SegmentRows(recordRule(segment, catalogue.value), (bytes, from, to, out) => {
    for (let at = 0; at < 16; at += 1) out.bytes[out.length + at] = bytes[from + (at % (to - from))] ?? 0;
    out.length += 16;
  });
}

function put(rows: SegmentRows, row: number): void {
  const cells = COLUMNS.map(({ of }) => utf8(of(row)));
  const stops = Int32Array.from(cells, ({ length }) => length);
  for (let at = 1; at < stops.length; at += 1) stops[at] = (stops[at] ?? 0) + (stops[at - 1] ?? 0);
  const faults = putRow(rows, Buffer.concat(cells), { starts: Int32Array.of(0, ...stops.subarray(0, -1)), stops });
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
}

describe("a file that intake writes", () => {
  it.each([0, 1, 9, 3000, 150_000])("of %d rows is read by the engine to the last value, and opens part by part", async (count) => {
    const key = { id: randomBytes(16).toString("hex"), secret: randomBytes(32) };
    const file = { key, name: "t.parquet", path: join(folder, `t-${count}.parquet`) };
    const rows = rowsOf();
    const out = openTableFile(file, rows.columns);
    for (let row = 0; row < count; row += 1) {
      put(rows, row);
      if (rows.isFull) out.group(rows.rows, rows.takeGroup());
    }
    if (rows.rows > 0) out.group(rows.rows, rows.takeGroup());
    expect(out.finish().rows).toBe(count);
    expect(checkStoredFile(file)).toMatchObject({ ok: true });
    const engine = await openDuckdb({ folders: [folder], keys: [key] });
    const names = COLUMNS.map(({ name }) => name);
    const found = await engine.rows(
      `SELECT person_key::VARCHAR, ${names.map((name) => `"${name}"::VARCHAR`).join(", ")} FROM ${storedText(file)}`,
    );
    engine.close();
    expect(found.length).toBe(count);
    let differing = 0;
    for (const [row, [person, ...cells]] of found.entries()) {
      const wanted = COLUMNS.map(({ of, read = String }) => (of(row) === "" ? null : read(of(row))));
      if (cells.some((cell, at) => cell !== wanted[at]) || personOf(row) !== person) differing += 1;
    }
    expect(differing).toBe(0);
  });

  it("takes one more column in row after row, its other columns as they were", async () => {
    const [key, count] = [{ id: randomBytes(16).toString("hex"), secret: randomBytes(32) }, 130_000];
    const [narrow, wide] = ["narrow", "wide"].map((name) => ({ key, name, path: join(folder, name) }));
    if (narrow === undefined || wide === undefined) throw new Error("no files");
    const rows = rowsOf();
    const out = openTableFile(narrow, rows.columns);
    for (let row = 0; row < count; row += 1) {
      put(rows, row);
      if (row % 49_999 === 49_998) out.group(rows.rows, rows.takeGroup());
    }
    out.group(rows.rows, rows.takeGroup());
    out.finish();
    const marks = Uint8Array.from({ length: count }, (_, row) => (row * 7) % 4);
    const tables = [{ segment: "s", columns: 2, person: true, fresh: { file: narrow, written: { rows: count, sha256: "", sizeBytes: 0 } }, rows: narrow, file: wide }]; // prettier-ignore
    const written = withMarks(tables, { segments: new Map(), people: 0, marks: new Map([["s", marks]]) }, { widenTable: widenTableFile });
    expect(written.marks.get("s")).toEqual({ none: 32_500, part2: 32_500, unknown: 32_500, superseded: 32_500 });
    expect([existsSync(narrow.path), checkStoredFile(wide).ok]).toEqual([false, true]);
    const engine = await openDuckdb({ folders: [folder], keys: [key] });
    const query = `SELECT file_row_number, "alike", claim_mark FROM ${placedText(wide)} ORDER BY 1`;
    const found = await engine.rows(query);
    engine.close();
    let differing = 0;
    for (const [row, [, alike, mark]] of found.entries()) {
      const wanted = (row * 7) % 4 === 0 ? null : ((row * 7) % 4) - 1;
      if (alike !== COLUMNS.find(({ name }) => name === "alike")?.of(row) || mark !== wanted) differing += 1;
    }
    expect([found.length, differing]).toEqual([count, 0]);
  });
});

function personOf(row: number): string {
  const id = `P${row % 50_000}`;
  const hex = Buffer.from(Array.from({ length: 16 }, (_, at) => id.charCodeAt(at % id.length))).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
