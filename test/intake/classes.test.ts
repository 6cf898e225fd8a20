import { basename } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ClassQuestion } from "../../src/app/classes.ts";
import { aidMapFor, resolveClasses, statusSourceNamed } from "../../src/app/classes.ts";
import type { StoredClasses } from "../../src/app/ports/class-store.ts";
import type { StoredDataset } from "../../src/app/ports/dataset-store.ts";
import { takeAidCodes, takeHandles, takeStatusSource } from "../../src/app/sidecars.ts";
import { day } from "../../src/core/base/civil-date.ts";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import type { RowFacets } from "../../src/core/catalog/row-class.ts";
import { duckdbClasses } from "../../src/engine/duckdb-classes.ts";
import { classStore } from "../../src/store/class-store.ts";
import { incomingFile } from "../../src/store/incoming-file.ts";
import { eligibleCatalogue, personRows, tmsisFile, type Row } from "./tmsis-file.ts";
import { openBench, said, type Bench } from "./workbench.ts";
import { storedRows } from "../stored-data.ts";

let catalogue: Catalogue;
let bench: Bench;
beforeAll(async () => {
  catalogue = await eligibleCatalogue();
});
beforeEach(async () => {
  bench = await openBench([catalogue]);
});
afterEach(() => bench.remove());

const DOC = "0".repeat(64);
const finding = (id: string, population: string, observed = "2026-01-02", until = "2026-03-31", state = "CA"): string =>
  `${state},${id},${population},uscis,${observed},${until},${DOC}`;
const STATUS_HEADER = "state,msis_id,population,source,observed,valid_until,doc_sha256";
const ALL = 7;

async function stored(rows: readonly Row[], header: Readonly<Record<string, string>> = {}): Promise<StoredDataset> {
  const taken = await bench.take("ca", tmsisFile(catalogue, rows, { header }));
  if (!taken.ok) throw new Error(said(taken).join());
  return taken.value.stored;
}

async function resolve(
  dataset: StoredDataset,
  asOf: string,
  findings?: readonly string[],
  codes?: readonly string[],
): Promise<StoredClasses> {
  if (findings !== undefined) await takeStatus(findings);
  if (codes !== undefined) {
    const map = ["state,code,from,to,funding,cite", ...codes, ""].join("\n");
    const file = incomingFile(bench.put("codes.csv", map));
    if (!file.ok || !(await takeAidCodes(file.value, bench.ports)).ok) throw new Error("no map");
  }
  const sidecars = bench.ports.sidecars.list();
  if (!sidecars.ok) throw new Error("no sidecars");
  const status = findings === undefined ? undefined : statusSourceNamed(sidecars.value, "uscis@2025-12");
  const aidMap = aidMapFor(sidecars.value, dataset.manifest.origin);
  const question: ClassQuestion = {
    dataset,
    catalogue,
    asOf: day(asOf),
    ...(status?.ok === true ? { statusSource: status.value } : {}),
    ...(aidMap === undefined ? {} : { aidMap }),
  };
  const classes = await resolveClasses(question, { ...bench.ports, engine: duckdbClasses, classes: classStore });
  if (!classes.ok) throw new Error(said(classes).join());
  return classes.value;
}

async function takeStatus(lines: readonly string[], name = "uscis@2025-12"): Promise<readonly string[]> {
  const file = incomingFile(bench.put("status.csv", [STATUS_HEADER, ...lines, ""].join("\n")));
  return file.ok ? said(await takeStatusSource(file.value, { name, asserter: "dhs-uscis" }, bench.ports)) : said(file);
}

/** Facets by Medicaid id. */
async function facetsById(dataset: StoredDataset, classes: StoredClasses): Promise<Readonly<Record<string, RowFacets>>> {
  const rows = await storedRows(
    dataset.folder,
    (table) =>
      `SELECT DISTINCT "MSIS-IDENTIFICATION-NUM", class_id FROM ${table("ELG00002.parquet")} JOIN ${table(`classes/${basename(classes.parquetFile)}`)} USING (person_key)`,
  );
  const facets = new Map(classes.table.classes.map((one) => [one.id, one.facets]));
  return Object.fromEntries(rows.flatMap(([id, of]) => [[String(id), facets.get(Number(of)) as RowFacets]]));
}

const populations = async (dataset: StoredDataset, classes: StoredClasses): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    Object.entries(await facetsById(dataset, classes)).map(([id, { population }]) => [
      id,
      population.length === ALL ? "unknown" : population.join(),
    ]),
  );

describe("population", () => {
  it("is citizen where the state says so, and unknown otherwise: T-MSIS proves nobody's status", async () => {
    const dataset = await stored([
      ...personRows("citizen", { citizen: "1", status: "8" }),
      ...personRows("noncitizen", { citizen: "0", status: "3" }),
      ...personRows("national", { citizen: "2", status: "8" }),
      ...personRows("silent"),
      ...personRows("contradicted", { citizen: "1", status: "3" }),
    ]);
    const found = await populations(dataset, await resolve(dataset, "2026-01-07"));
    expect(found).toEqual({ citizen: "citizen", noncitizen: "unknown", national: "unknown", silent: "unknown", contradicted: "unknown" });
  });

  it("is proven by one fresh, valid, uncontradicted finding about that very person", async () => {
    const dataset = await stored([
      ...["proven", "old", "expired", "future", "torn", "spouse"].flatMap((id) => personRows(id, { citizen: "0", status: "3" })),
      ...personRows("us", { citizen: "1" }),
      ...personRows("lawful", { citizen: "0", status: "1" }),
    ]);
    const classes = await resolve(dataset, "2026-01-20", [
      finding("proven", "unlawfully-present"),
      finding("old", "unlawfully-present", "2025-12-20"),
      finding("expired", "lpr", "2026-01-02", "2026-01-19"),
      finding("future", "lpr", "2026-01-21"),
      finding("torn", "lpr"),
      finding("torn", "tps", "2026-01-05"),
      finding("us", "unlawfully-present"),
      finding("lawful", "unlawfully-present"),
      finding("spouse", "unlawfully-present", "2026-01-02", "", "TX"),
    ]);
    expect(await populations(dataset, classes)).toEqual({
      proven: "unlawfully-present",
      old: "unknown",
      expired: "unknown",
      future: "unknown",
      torn: "unknown",
      spouse: "unknown",
      us: "unknown",
      lawful: "unknown",
    });
  });

  it("of an id that several people use is unknown, whatever is found", async () => {
    const twins = personRows("twins", { citizen: "0" });
    const unborn = personRows("unborn", { citizen: "0", unborn: "1" });
    const dataset = await stored([...twins, ...twins.slice(0, 1), ...unborn]);
    const classes = await resolve(dataset, "2026-01-07", [finding("twins", "lpr"), finding("unborn", "lpr")]);
    expect(await populations(dataset, classes)).toEqual({ twins: "unknown", unborn: "unknown" });
  });
});

describe("several ids with one number", () => {
  const numbered = (id: string, ssn: string, facts: Parameters<typeof personRows>[1] = {}): readonly Row[] =>
    personRows(id, facts).map(({ segment, cells }) => ({ segment, cells: segment === "ELG00003" ? { ...cells, SSN: ssn } : cells }));

  it("are heard together: what is found of one speaks against another, and proves nothing for it", async () => {
    const [one, two, three] = ["123456781", "123456782", "123456783"];
    const dataset = await stored([
      ...numbered("agree", one, { citizen: "1" }),
      ...numbered("agree2", one, { citizen: "1" }),
      ...numbered("yes", two, { citizen: "1" }),
      ...numbered("no", two, { citizen: "0" }),
      ...numbered("told", three, { citizen: "1" }),
      ...numbered("silent", three),
      ...numbered("alone", "123456784", { citizen: "1" }),
    ]);
    const classes = await resolve(dataset, "2026-01-07");
    expect(await populations(dataset, classes)).toEqual({
      agree: "citizen",
      agree2: "citizen",
      yes: "unknown",
      no: "unknown",
      told: "citizen",
      silent: "unknown",
      alone: "citizen",
    });
    const people = `count(DISTINCT coalesce(same_person, person_key)), count(*), count(same_person)`;
    const file = `classes/${basename(classes.parquetFile)}`;
    expect((await storedRows(dataset.folder, (table) => `SELECT ${people} FROM ${table(file)}`))[0]?.map(Number)).toEqual([4, 7, 6]);
  });
});

describe("the day asked about", () => {
  const ended = (id: string): readonly Row[] =>
    personRows(id, { citizen: "1" }).map(({ segment, cells }) =>
      segment === "ELG00003" ? { segment, cells: { ...cells, "VARIABLE-DEMOGRAPHIC-ELEMENT-END-DATE": "20251231" } } : { segment, cells },
    );

  it("decides which span counts, its last day included", async () => {
    const dataset = await stored(ended("A"));
    expect(await populations(dataset, await resolve(dataset, "2025-12-31"))).toEqual({ A: "citizen" });
    expect(await populations(dataset, await resolve(dataset, "2026-01-01"))).toEqual({ A: "unknown" });
  });

  it("has no class for a person of whom no row is true", async () => {
    const dataset = await stored(personRows("A", { citizen: "1" }));
    const before = await resolve(dataset, "2019-12-31");
    expect(before.table.classes).toEqual([]);
    expect(await populations(dataset, before)).toEqual({});
  });

  it("leaves open whether somebody not enrolled applied", async () => {
    const rows = personRows("A", { citizen: "1" });
    const dataset = await stored([...rows.slice(0, 3), ...personRows("B", { citizen: "1" })]);
    const found = await facetsById(dataset, await resolve(dataset, "2026-01-07"));
    expect([found["A"]?.applicant, found["B"]?.applicant]).toEqual([["no", "yes"], ["yes"]]);
  });
});

describe("funding", () => {
  it("comes from the state's aid-code map of that day, and is unknown without one", async () => {
    const dataset = await stored(["F1", "S1", "X1", "D1"].flatMap((code) => personRows(code, { code })));
    const without = await facetsById(dataset, await resolve(dataset, "2026-01-07"));
    expect(without["F1"]?.funding).toEqual(["federal", "state-only"]);
    const codes = [
      "CA,F1,2014-01-01,,federal,plan",
      "CA,S1,2014-01-01,9999-12-31,state-only,plan",
      "TX,X1,2014-01-01,,federal,other state",
      "CA,D1,2014-01-01,2025-12-31,state-only,plan",
      "CA,D1,2026-01-01,,federal,plan",
    ];
    const found = await facetsById(dataset, await resolve(dataset, "2026-01-07", undefined, codes));
    expect(Object.fromEntries(Object.entries(found).map(([id, { funding }]) => [id, funding.join()]))).toEqual({
      F1: "federal",
      S1: "state-only",
      X1: "federal,state-only",
      D1: "federal",
    });
  });
});

describe("class tables", () => {
  it("are dense, name what they rest on, and are kept until something changes", async () => {
    const dataset = await stored([...personRows("A", { citizen: "1" }), ...personRows("B"), ...personRows("C")], { "SSN-INDICATOR": "1" });
    const first = await resolve(dataset, "2026-01-07", [finding("C", "lpr")]);
    expect(first.table.classes.map(({ id, people }) => [id, people])).toEqual([[0, 1], [1, 1], [2, 1]]); // prettier-ignore
    expect(first.table.classes.every(({ facets }) => facets.idIsSsn && facets.origin === "CA")).toBe(true);
    expect(first.table.statusSource).toMatch(/^[0-9a-f]{64}$/);
    const { statSync, appendFileSync } = await import("node:fs");
    const made = statSync(first.parquetFile).mtimeMs;
    const again = { dataset, catalogue, asOf: day("2026-01-07") };
    const ports = { ...bench.ports, engine: duckdbClasses, classes: classStore };
    const bare = await resolveClasses(again, ports);
    expect(bare.ok && bare.value.key).not.toBe(first.key);
    expect(statSync(first.parquetFile).mtimeMs).toBe(made);
    appendFileSync(first.parquetFile, "x");
    expect(await classStore.find(dataset.folder, first.key)).toBeUndefined();
    const changed = { ...catalogue, title: "another" };
    expect(said(await resolveClasses({ ...again, catalogue: changed }, ports))[0]).toContain("has changed since");
  });
});

describe("sidecars", () => {
  it("are refused with the place of every problem, and without anybody's id", async () => {
    const problems = await takeStatus([
      finding("A", "alien"),
      finding("B", "lpr", "2026-02-30"),
      finding("C", "lpr", "2026-01-02", "2026-01-01", "ZZ"),
      `CA,${"9".repeat(21)},lpr,uscis,2026-01-02,,beef`,
    ]);
    expect(problems).toEqual([
      'E_WORD 2: "alien" is no single population',
      "E_DATE 3: observed is no existing day",
      "E_SHAPE 4: valid_until lies before the day of observation",
      'E_WORD 4: "ZZ" is unknown',
      "E_SHAPE 5: msis_id is no Medicaid id of at most 20 characters",
      "E_SHAPE 5: doc_sha256 is no SHA-256 in lower-case hexadecimal",
    ]);
    expect(problems.join()).not.toContain("999");
    expect(bench.kept().filter((name) => name.startsWith("evidence/"))).toEqual([]);
  });

  it("keep a name for its findings, and a file once", async () => {
    expect(await takeStatus([finding("A", "lpr")])).toEqual([]);
    expect(await takeStatus([finding("A", "lpr")], "other@2025-12")).toEqual([
      expect.stringContaining("E_DUPLICATE : this very file was taken in already"),
    ]);
    expect(await takeStatus([finding("B", "lpr")])).toEqual(["E_DUPLICATE : the name uscis@2025-12 has its findings already"]);
  });

  it("know whose handle is whose once only", async () => {
    const [a, b] = ["a".repeat(32), "b".repeat(64)];
    const take = async (text: string): Promise<readonly string[]> => {
      const file = incomingFile(bench.put("handles.csv", text));
      return file.ok ? said(await takeHandles(file.value, "CA", bench.ports)) : said(file);
    };
    expect(await take(`msis_id,handle\nA,${a}\nA,${b}\nB,${a}\nC,xyz\n`)).toEqual([
      "E_SHAPE 3: msis_id has a handle already",
      "E_SHAPE 4: handle is another person's already",
      "E_SHAPE 5: handle is not 16 to 32 bytes in lower-case hexadecimal",
    ]);
    expect(await take(`msis_id,handle\nA,${a}\nB,${b}\n`)).toEqual([]);
  });
});
