/** Each of the eight files of dictionary 2.4, in both encodings, with both line ends, plain and packed. */
import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Catalogue, Segment } from "../../src/core/catalog/catalogue.ts";
import { shippedCatalogue, tmsisFile, type Row } from "./tmsis-file.ts";
import { openBench, said, type Bench } from "./workbench.ts";
import { storedRows } from "../stored-data.ts";

const NAMES = ["claimip", "claimlt", "claimot", "claimrx", "eligible", "mngdcare", "provider", "tpl"] as const;
const FORMS = [
  { encoding: "FLF", lineEnd: "\n", packed: false },
  { encoding: "PSV", lineEnd: "\r\n", packed: false },
  { encoding: "FLF", lineEnd: "\r\n", packed: true },
  { encoding: "PSV", lineEnd: "\n", packed: true },
] as const;

const catalogues = new Map<string, Catalogue>();
let bench: Bench;

beforeAll(async () => {
  for (const name of NAMES) catalogues.set(name, await shippedCatalogue(name));
});
beforeEach(async () => {
  bench = await openBench([...catalogues.values()]);
});
afterEach(() => bench.remove());

const catalogueOf = (name: string): Catalogue => catalogues.get(name) as Catalogue;

/** A value every element of a segment may hold: its place in the record, so that a shifted field shows. */
function filled(segment: Segment): Row {
  const cells: Record<string, string> = {};
  for (const { name, type, start, stop, values, picture } of segment.elements) {
    if (["RECORD-ID", "RECORD-NUMBER", "SUBMITTING-STATE", "FILLER", segment.span?.from, segment.span?.to].includes(name)) continue;
    const size = Math.min(stop - start + 1, String(start).length);
    if (values !== undefined) cells[name] = values[0] ?? "";
    else if (type === "date") cells[name] = "20250704";
    else if (type === "text") cells[name] = String(start).slice(0, size);
    else cells[name] = String(start % 10 ** Math.min(size, picture.includes("V9") ? 2 : size));
  }
  return { segment: segment.id, cells };
}

/** One row of each segment, all of one person. */
const rowsOf = (catalogue: Catalogue): readonly Row[] =>
  catalogue.segments.slice(1).map((segment) => {
    const row = filled(segment);
    return "MSIS-IDENTIFICATION-NUM" in row.cells ? { ...row, cells: { ...row.cells, "MSIS-IDENTIFICATION-NUM": "A1" } } : row;
  });

async function stored(folder: string, segment: Segment): Promise<Readonly<Record<string, unknown>>> {
  const columns = segment.elements.map(({ name }) => `"${name}"::VARCHAR`).join(", ");
  const [row] = await storedRows(folder, (table) => `SELECT ${columns} FROM ${table(`${segment.id}.parquet`)}`);
  return Object.fromEntries(segment.elements.map(({ name }, at) => [name, row?.[at] ?? ""]));
}

describe.each(NAMES)("%s", (name) => {
  it.each(FORMS)("is taken in with every field in its place ($encoding, packed $packed)", async ({ encoding, lineEnd, packed }) => {
    const catalogue = catalogueOf(name);
    const rows = rowsOf(catalogue);
    const bytes = tmsisFile(catalogue, rows, { encoding, lineEnd });
    const taken = await bench.take(`${name}.dat`, packed ? gzipSync(bytes) : bytes);
    if (!taken.ok) throw new Error(said(taken).join());
    const { manifest, folder } = taken.value.stored;
    expect(manifest).toMatchObject({ dataset: `tmsis/${name}`, origin: "CA", idIsSsn: false, rejected: { records: 0, rules: {} } });
    expect(manifest.people).toBe(catalogue.personElement === "" ? 0 : 1);
    expect(manifest.segments.map(({ rows: count }) => count)).toEqual(rows.map(() => 1));
    const segment = catalogue.segments.at(-1) as Segment;
    const wanted = rows.at(-1)?.cells ?? {};
    const found = await stored(folder, segment);
    const asStored = (element: string): string => String(found[element]).replaceAll("-", "");
    for (const [element, value] of Object.entries(wanted)) expect([element, asStored(element)]).toEqual([element, value]);
  });

  it("is created, replaced and updated in sequence", async () => {
    const catalogue = catalogueOf(name);
    const rows = rowsOf(catalogue);
    const take = async (transaction: string, sequence: string, of: readonly Row[]): ReturnType<Bench["take"]> =>
      bench.take(
        sequence,
        tmsisFile(catalogue, of, { header: { "SUBMISSION-TRANSACTION-TYPE": transaction, "SEQUENCE-NUMBER": sequence } }),
      );
    expect((await take("C", "1", rows)).ok).toBe(true);
    expect(said(await take("R", "3", rows))[0]).toContain("does not follow sequence 1");
    expect((await take("R", "2", rows)).ok).toBe(true);
    const updated = await take("U", "3", rows.slice(0, 1));
    if (!updated.ok) throw new Error(said(updated).join());
    expect(updated.value.stored.manifest.segments.map(({ rows: count }) => count)).toEqual(rows.map(() => 1));
  });
});

describe("a packed file", () => {
  const catalogue = (): Catalogue => catalogueOf("provider");

  it("is the file it holds: a second one, unpacked, is a duplicate", async () => {
    const bytes = tmsisFile(catalogue(), rowsOf(catalogue()));
    expect((await bench.take("a.gz", gzipSync(bytes))).ok).toBe(true);
    expect(said(await bench.take("b.flf", bytes))[0]).toContain("E_DUPLICATE");
  });

  it("is refused when cut, packed twice or empty", async () => {
    const kept = bench.kept();
    const packed = gzipSync(tmsisFile(catalogue(), rowsOf(catalogue())));
    expect(said(await bench.take("cut", packed.subarray(0, packed.length - 12)))[0]).toContain("cut or damaged");
    expect(said(await bench.take("twice", gzipSync(packed)))[0]).toContain("this is a gzip archive");
    expect(said(await bench.take("empty", gzipSync("")))[0]).toContain("the file is empty");
    expect(bench.kept()).toEqual(kept);
  });
});
