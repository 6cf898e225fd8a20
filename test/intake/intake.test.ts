import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { findDatasets, listDatasets, verifyDatasetFiles } from "../../src/store/dataset-store.ts";
import { eligibleCatalogue, personRows, tmsisFile, type Row } from "./tmsis-file.ts";
import { openBench, said, type Bench } from "./workbench.ts";
import { storedRows } from "../stored-data.ts";

let catalogue: Catalogue;
let bench: Bench;
let empty: readonly string[];
const people = [...personRows("A1", { citizen: "1" }), ...personRows("B2", { status: "3" })];

beforeAll(async () => {
  catalogue = await eligibleCatalogue();
});
beforeEach(async () => {
  bench = await openBench([catalogue]);
  empty = bench.kept();
});
afterEach(() => bench.remove());

const rowsOf = async (folder: string, segment: string, columns: string): Promise<readonly (readonly unknown[])[]> =>
  storedRows(folder, (table) => `SELECT ${columns} FROM ${table(`${segment}.parquet`)} ORDER BY ALL`);

describe("a good submission", () => {
  it.each([
    { encoding: "FLF", lineEnd: "\n" },
    { encoding: "FLF", lineEnd: "\r\n" },
    { encoding: "PSV", lineEnd: "\n" },
    { encoding: "PSV", lineEnd: "\r\n" },
  ] as const)("is stored typed, segment by segment ($encoding, $lineEnd)", async (options) => {
    const taken = await bench.take("ca", tmsisFile(catalogue, people, options));
    if (!taken.ok) throw new Error(said(taken).join());
    const { manifest, folder } = taken.value.stored;
    expect(manifest).toMatchObject({
      dataset: "tmsis/eligible",
      period: "2025-12",
      origin: "CA",
      submitter: "06",
      transaction: "create",
      sequence: 1,
    });
    expect(manifest).toMatchObject({
      people: 2,
      idIsSsn: false,
      dictionary: "2.4",
      rejected: { records: 0, rules: {} },
      taken: "2026-11-24T12:00:00Z",
    });
    const columns = `"MSIS-IDENTIFICATION-NUM", "DATE-OF-BIRTH", "PRIMARY-DEMOGRAPHIC-ELEMENT-END-DATE", "RECORD-NUMBER", typeof("DATE-OF-BIRTH"), typeof(person_key)`;
    expect(await rowsOf(folder, "ELG00002", columns)).toEqual([
      ["A1", "1990-02-15", "9999-12-31", "1", "DATE", "UUID"],
      ["B2", "1990-02-15", "9999-12-31", "5", "DATE", "UUID"],
    ]);
    expect(await rowsOf(folder, "ELG00004", "*")).toEqual([]);
    expect(bench.kept().filter((name) => /tmp.|rejects./.test(name))).toEqual([]);
  });

  it("is private, found again, and noticed when altered", async () => {
    const taken = await bench.take("ca", tmsisFile(catalogue, people));
    if (!taken.ok) throw new Error("refused");
    const { stored } = taken.value;
    const file = join(stored.folder, "ELG00003.parquet");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(stored.folder, "manifest.json")).mode & 0o777).toBe(0o600);
    const found = findDatasets(bench.workspace.paths.datasets, "tmsis/eligible@2025-12");
    expect(found.ok && found.value.map(({ digest }) => digest)).toEqual([stored.digest]);
    expect((await verifyDatasetFiles(stored)).ok).toBe(true);
    const { appendFileSync } = await import("node:fs");
    appendFileSync(file, "x");
    expect(said(await verifyDatasetFiles(stored))).toEqual(["E_DATASET : the stored segment ELG00003 was altered or lost"]);
    appendFileSync(join(stored.folder, "manifest.json"), " ");
    expect(said(listDatasets(bench.workspace.paths.datasets))).toEqual([
      "E_DATASET : the manifest is not the one the folder is named after",
    ]);
    expect(said(findDatasets(bench.workspace.paths.datasets, "tmsis/eligible"))[0]).toContain("is no dataset reference");
  });

  it("gives one person one key in every segment and submission of a state, and another key elsewhere", async () => {
    const first = await bench.take("a", tmsisFile(catalogue, people));
    const next = { "SUBMITTING-STATE": "06", "START-OF-TIME-PERIOD": "20260101", "END-OF-TIME-PERIOD": "20260131" };
    const second = await bench.take("b", tmsisFile(catalogue, people, { header: next, encoding: "PSV" }));
    const other = await bench.take("c", tmsisFile(catalogue, people, { header: { "SUBMITTING-STATE": "48" } }));
    if (!first.ok || !second.ok || !other.ok) throw new Error("refused");
    const key = async (folder: string, segment: string): Promise<unknown> =>
      (await rowsOf(folder, segment, `"MSIS-IDENTIFICATION-NUM", person_key`))[0]?.[1];
    const known = await key(first.value.stored.folder, "ELG00002");
    expect(await key(second.value.stored.folder, "ELG00021")).toBe(known);
    expect(await key(other.value.stored.folder, "ELG00002")).not.toBe(known);
  });

  it("of a submitter that is no state belongs to its state", async () => {
    const taken = await bench.take("wy", tmsisFile(catalogue, people, { header: { "SUBMITTING-STATE": "93" } }), { origin: "WY" });
    expect(taken.ok && taken.value.stored.manifest.origin).toBe("WY");
  });
});

describe("bad records", () => {
  it("are left out and listed without their data", async () => {
    const named = { "MSIS-IDENTIFICATION-NUM": "SECRET" };
    const bad: readonly Row[] = [
      { segment: "ELG00002", cells: { ...named, "DATE-OF-BIRTH": "19930231", SEX: "Q" } },
      { segment: "ELG00002", cells: { ...named, "SUBMITTING-STATE": "48" } },
      { segment: "ELG00002", cells: { ...named, "PRIMARY-DEMOGRAPHIC-ELEMENT-END-DATE": "20191231" } },
      { segment: "ELG00003", cells: { ...named, SSN: "12345678X" } },
      { segment: "ELG00003", cells: { "MSIS-IDENTIFICATION-NUM": "" } },
    ];
    const taken = await bench.take("ca", tmsisFile(catalogue, [...people, ...bad]));
    if (!taken.ok) throw new Error(said(taken).join());
    const { digest, manifest } = taken.value.stored;
    expect(manifest.rejected).toEqual({ records: 5, rules: { E1001: 2, E1102: 2, E1103: 1, E1105: 1 } });
    expect(manifest.people).toBe(2);
    expect(readFileSync(join(bench.workspace.paths.rejects, `${digest}.csv`), "utf8").split("\n")).toEqual([
      "line,element,rule,reason",
      "10,SEX,E1103,is not among the values the dictionary lists",
      "10,DATE-OF-BIRTH,E1001,is a day that does not exist",
      "11,SUBMITTING-STATE,E1102,is not the header's",
      "12,PRIMARY-DEMOGRAPHIC-ELEMENT-END-DATE,E1102,lies before the row's first day",
      "13,SSN,E1001,holds something other than digits",
      "14,MSIS-IDENTIFICATION-NUM,E1105,is missing",
      "",
    ]);
  });

  it("include unknown segments, a second header, and lines with too many pipes", async () => {
    const text = tmsisFile(catalogue, people, { encoding: "PSV", header: { "TOT-REC-CNT": "11" } }).toString();
    const header = text.split("\n")[0] ?? "";
    const extra = [`ELG00099|06|90|X`, header, `${text.split("\n")[1] ?? ""}|||`];
    const taken = await bench.take("ca", `${text}${extra.join("\n")}\n`);
    expect(taken.ok && taken.value.stored.manifest.rejected).toEqual({ records: 3, rules: { E1001: 3 } });
  });
});

describe("a refused file stores nothing", () => {
  const refusals: readonly (readonly [string, () => Uint8Array | string, string])[] = [
    ["empty", () => "", "E_LAYOUT : the file is empty"],
    ["zip", () => Buffer.from("PK\u0003\u0004rest"), "E_LAYOUT : this is a zip archive"],
    ["no header", () => tmsisFile(catalogue, people).subarray(1001), "E_HEADER 1: the file starts with a ELG00002 record"],
    ["something else", () => "id,name\n1,x\n", "E_LAYOUT 1: the file does not start with the header record of a known file"],
    ["count", () => tmsisFile(catalogue, people, { header: { "TOT-REC-CNT": "9" } }), "E_HEADER 1: the header counts 9 records after itself, the file has 8"],
    ["state", () => tmsisFile(catalogue, people, { header: { "SUBMITTING-STATE": "99" } }), "E_HEADER 1: SUBMITTING-STATE is not among the values"],
    ["another state's header", () => tmsisFile(catalogue, people.map(({ segment, cells }) => ({ segment, cells: { ...cells, "SUBMITTING-STATE": "48" } }))), "E_HEADER 1: every record is of another submitter than the header names"],
    ["period", () => tmsisFile(catalogue, people, { header: { "END-OF-TIME-PERIOD": "20260131" } }), "E_HEADER 1: the time period is not one whole month"],
    ["encoding", () => tmsisFile(catalogue, people, { header: { "FILE-ENCODING-SPECIFICATION": "PSV" } }), "E_HEADER 1: FILE-ENCODING-SPECIFICATION does not say FLF"],
    ["dictionary", () => tmsisFile(catalogue, people, { header: { "DATA-DICTIONARY-VERSION": "9.9" } }), "E_HEADER 1: DATA-DICTIONARY-VERSION names no known dictionary"],
    ["sequence", () => tmsisFile(catalogue, people, { header: { "SEQUENCE-NUMBER": "2" } }), "E_HEADER 1: a create has SEQUENCE-NUMBER 1"],
    ["update of nothing", () => tmsisFile(catalogue, people, { header: { "SEQUENCE-NUMBER": "2", "SUBMISSION-TRANSACTION-TYPE": "U" } }), "E_HEADER 1: this update changes a submission that is not stored"],
    ["ssn indicator", () => tmsisFile(catalogue, people, { header: { "SSN-INDICATOR": "" } }), "E_HEADER 1: SSN-INDICATOR is neither 0 nor 1"],
    ["short line", () => Buffer.concat([tmsisFile(catalogue, people).subarray(0, 2500), tmsisFile(catalogue, people).subarray(2501)]), "E_LAYOUT 3: line 3 (byte 2002) is 999 bytes long, not 1000"],
    ["nothing but bad rows", () => tmsisFile(catalogue, [{ segment: "ELG00002", cells: { "MSIS-IDENTIFICATION-NUM": "" } }]), "E_LAYOUT : every one of the 1 records breaks a rule (E1105 1)"],
  ]; // prettier-ignore
  it.each(refusals)("%s", async (_, bytes, expected) => {
    const taken = await bench.take("bad", bytes());
    expect(said(taken).join("\n")).toContain(expected);
    expect(bench.kept()).toEqual(empty);
  });

  it("binary, with the place of the byte", async () => {
    const bytes = tmsisFile(catalogue, people);
    bytes[3003] = 0;
    expect(said(await bench.take("bad", bytes))).toEqual(["E_LAYOUT 3003: this is a binary file: it holds a zero byte"]);
    expect(bench.kept()).toEqual(empty);
  });

  it("of another state or month than asked for", async () => {
    const taken = await bench.take("ca", tmsisFile(catalogue, people), { origin: "TX", period: "2026-01" });
    expect(said(taken)).toEqual([
      "E_HEADER 1: the file is from CA (submitter 06), not from TX",
      "E_HEADER 1: the file is about 2025-12, not 2026-01",
    ]);
    expect(bench.kept()).toEqual(empty);
  });

  it("cut anywhere", async () => {
    const whole = tmsisFile(catalogue, people);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
        const taken = await bench.take("cut", whole.subarray(0, length));
        expect(taken.ok).toBe(false);
        expect(bench.kept()).toEqual(empty);
      }),
      { numRuns: 40, examples: [[1000], [1001], [8 * 1001], [9 * 1001 - 1]] },
    );
  });
});

describe("counts and sequences", () => {
  it("a count with the header in it is taken only when said so", async () => {
    const bytes = tmsisFile(catalogue, people, { header: { "TOT-REC-CNT": "9" } });
    expect((await bench.take("ca", bytes, { countsHeader: true })).ok).toBe(true);
  });

  it("a file is taken once, and sequences count up by one", async () => {
    const sent = (sequence: string, type: string): Promise<Awaited<ReturnType<Bench["take"]>>> =>
      bench.take(
        `s${sequence}`,
        tmsisFile(catalogue, people, { header: { "SEQUENCE-NUMBER": sequence, "SUBMISSION-TRANSACTION-TYPE": type } }),
      );
    expect((await sent("1", "C")).ok).toBe(true);
    const kept = bench.kept();
    expect(said(await sent("1", "C"))).toEqual(["E_DUPLICATE 1: sequence 1 of CA 2025-12 (submitter 06) was taken in already"]);
    expect(said(await sent("3", "R"))).toEqual(["E_HEADER 1: sequence 3 of CA 2025-12 (submitter 06) does not follow sequence 1"]);
    expect(bench.kept()).toEqual(kept);
    const replaced = await sent("2", "R");
    expect(replaced.ok && replaced.value.replaces?.manifest.sequence).toBe(1);
    const found = findDatasets(bench.workspace.paths.datasets, "tmsis/eligible@2025-12");
    expect(found.ok && found.value.map(({ manifest }) => manifest.sequence)).toEqual([2]);
  });

  it("an update keeps the rows it does not replace", async () => {
    await bench.take("c", tmsisFile(catalogue, people));
    const header = { "SEQUENCE-NUMBER": "2", "SUBMISSION-TRANSACTION-TYPE": "U" };
    const changed: readonly Row[] = [
      { segment: "ELG00002", cells: { "MSIS-IDENTIFICATION-NUM": "A1", SEX: "M", "DATE-OF-BIRTH": "19900215" } },
      { segment: "ELG00002", cells: { "MSIS-IDENTIFICATION-NUM": "C3", SEX: "F", "DATE-OF-BIRTH": "20000101" } },
    ];
    const taken = await bench.take("u", tmsisFile(catalogue, changed, { header }));
    if (!taken.ok) throw new Error(said(taken).join());
    expect(await rowsOf(taken.value.stored.folder, "ELG00002", `"MSIS-IDENTIFICATION-NUM", SEX`)).toEqual([
      ["A1", "M"],
      ["B2", "F"],
      ["C3", "F"],
    ]);
    expect(await rowsOf(taken.value.stored.folder, "ELG00003", "count(*)")).toEqual([["2"]]);
    expect(taken.value.stored.manifest.people).toBe(3);
  });
});
