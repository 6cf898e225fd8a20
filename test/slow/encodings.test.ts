/** Tables of one's own as PSV, lines of JSON and Parquet, and catalogues that are still guesses. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IntakeReport } from "../../src/app/intake.ts";
import { takeIn } from "../../src/app/intake.ts";
import { openIncoming } from "../../src/cli/incoming.ts";
import type { Checked } from "../../src/core/base/checked.ts";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { parseCatalogue } from "../../src/core/catalog/parse-catalogue.ts";
import { catalogueWords } from "../../src/core/catalog/words.ts";
import { literal } from "../../src/core/extract/duckdb-printer.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { shippedVocabulary } from "../intake/tmsis-file.ts";
import { storedRows } from "../stored-data.ts";
import { openBench, said, type Bench } from "../intake/workbench.ts";

const head = (name: string, encoding: string, person: string): string =>
  `dataset: ${name}\nversion: "1"\ntitle: t\nform: table\nencoding: ${encoding}\nperson: ${person}\nfacets: { origin: { constant: NV } }\ncolumns:\n`;

/** Some columns of a claims file as CMS's research files name them. */
const RIF = `${head("rif/outpatient", "psv", "BENE_ID")}
  - { name: BENE_ID, category: medicare-id }
  - { name: CLM_ID, category: claims }
  - { name: CLM_FROM_DT, type: date, written: DD-MON-YYYY, category: date-of-treatment }
  - { name: CLM_PMT_AMT, type: cents, category: financial }
`;
const PATIENT = `${head("fhir/patient", "ndjson", "id")}
  - { name: id, category: patient-number }
  - { name: family, path: "name[0].family", category: name }
  - { name: second, path: "name[0].given[1]", category: name }
  - { name: birthDate, type: date, category: date-of-birth }
  - { name: active, category: demographic }
  - { name: weight, category: unclassified }
`;
const MEMBERS = `${head("hmo/members", "parquet", "member_id")}
  - { name: member_id, category: patient-number }
  - { name: born, type: date, category: date-of-birth }
  - { name: paid, type: cents, category: financial }
  - { name: remark, category: unclassified }
`;
const GUESSED = RIF.replace("rif/outpatient", "rif/guessed")
  .replace("person: BENE_ID", 'person: "?BENE_ID"')
  .replace("category: claims", "category: ?claims");

let bench: Bench;
beforeAll(async () => {
  const words = catalogueWords(await shippedVocabulary());
  const catalogues = [RIF, PATIENT, MEMBERS, GUESSED].map((text): Catalogue => {
    const read = parseCatalogue({ file: "c.yaml", text }, undefined, words);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    return read.value;
  });
  bench = await openBench(catalogues);
});
afterAll(() => bench.remove());

const take = async (name: string, text: string, catalogue: string): Promise<Checked<IntakeReport>> =>
  bench.take(name, text, { catalogue, period: "2026-10" });

async function stored(taken: Checked<IntakeReport>, columns: string): Promise<readonly (readonly unknown[])[]> {
  if (!taken.ok) throw new Error(said(taken).join("; "));
  return storedRows(taken.value.stored.folder, (table) => `SELECT ${columns} FROM ${table("ROWS.parquet")} ORDER BY 1`);
}

describe("a table between pipes", () => {
  it("is stored with its dates and amounts, and quotes are plain signs", async () => {
    const text = 'CLM_ID|BENE_ID|CLM_PMT_AMT|CLM_FROM_DT\n-7|-100|12.5|05-Oct-2026\n8"|-101|3|31-OCT-2026\n9|-102|1|31-Nov-2026\n10|-103\n';
    const taken = await take("o.csv", text, "rif/outpatient");
    expect(await stored(taken, "BENE_ID, CLM_ID, CLM_FROM_DT, CLM_PMT_AMT")).toEqual([
      ["-100", "-7", "2026-10-05", "1250"],
      ["-101", '8"', "2026-10-31", "300"],
    ]);
    expect(taken.ok && taken.value.stored.manifest.rejected).toEqual({ records: 2, rules: { E1001: 2 } });
  });
});

describe("lines of JSON", () => {
  const lines = [
    '{"id":"p1","name":[{"family":"Mu\\u00f1oz","given":["A","B\\nC"]}],"birthDate":"1950-02-03","active":true,"weight":12345678901234567890}',
    ' { "active" : false , "id" : "p2", "extension": [{"url":"x"}], "name": [{"given":["Z"]}], "birthDate": null } ',
    '{"id":"p3","birthDate":"1950"}',
    '{"id":"p4","active":{"a":1}}',
    '{"id":"p5","id":"p6"}',
    "",
    '{"id":"p7","weight":0.10}',
  ];

  it("are flattened by the paths of the columns; a last line needs no end", async () => {
    const taken = await take("p.ndjson", lines.join("\n"), "fhir/patient");
    expect(await stored(taken, "id, family, second, birthDate, active, weight")).toEqual([
      ["p1", "Muñoz", "B C", "1950-02-03", "true", "12345678901234567890"],
      ["p2", null, null, null, "false", null],
      ["p7", null, null, null, null, "0.10"],
    ]);
    if (!taken.ok) throw new Error("refused");
    const { digest, manifest } = taken.value.stored;
    expect([taken.value.records, taken.value.unlisted, manifest.people, manifest.rejected.records]).toEqual([7, 2, 3, 4]);
    expect(readFileSync(join(bench.workspace.paths.rejects, `${digest}.csv`), "utf8").split("\n").slice(1, 6)).toEqual([
      "3,birthDate,E1001,is not a date of the form YYYY-MM-DD",
      "4,active,E1001,is not one value but an object or array",
      "5,id,E1001,is there twice",
      "6,,E1001,is an empty line",
      "",
    ]); // prettier-ignore
  });

  it.each([
    ["cut", '{"id":"p1"}\n{"id":"p2","na', "E_LAYOUT 2: this is not one JSON object: it breaks off or goes wrong at byte 26"],
    ["an array", '[{"id":"p1"}]\n', "E_LAYOUT 1: this is not one JSON object: it breaks off or goes wrong at byte 0"],
    [
      "a trailing comma",
      '{"id":"p1"}\n\n{"id":"p2",}\n',
      "E_LAYOUT 3: this is not one JSON object: it breaks off or goes wrong at byte 24",
    ],
    ["binary", '{"id":"p1\u0000"}\n', "E_LAYOUT 9: this is a binary file: it holds a zero byte"],
  ])("are refused whole where one is no JSON: %s", async (_, text, problem) => {
    const before = bench.kept();
    expect(said(await take("p.ndjson", text, "fhir/patient"))).toEqual([problem]);
    expect(bench.kept()).toEqual(before);
  });
});

describe("a Parquet file", () => {
  const write = async (select: string): Promise<Buffer> => {
    const file = bench.put("m.parquet", "");
    const engine = await openDuckdb({ folders: [join(file, "..")] });
    await engine.run(`COPY (${select}) TO ${literal(file)} (FORMAT parquet)`);
    engine.close();
    return readFileSync(file);
  };
  const rows =
    "SELECT 'M' || i AS member_id, DATE '1950-01-01' + i::INT AS born, (i * 1.25)::DECIMAL(9, 2) AS paid, CASE i WHEN 1 THEN 'two' || chr(10) || 'lines' END AS remark FROM range(3) t(i)";

  it("is stored like any table, and known again by its own bytes", async () => {
    const bytes = await write(rows);
    const taken = await bench.take("m.parquet", bytes, { catalogue: "hmo/members", period: "2026-10" });
    expect(await stored(taken, "member_id, born, paid, remark")).toEqual([
      ["M0", "1950-01-01", "0", null],
      ["M1", "1950-01-02", "125", "two lines"],
      ["M2", "1950-01-03", "250", null],
    ]);
    const again = await bench.take("copy.parquet", bytes, { catalogue: "hmo/members", period: "2026-11" });
    expect(said(again)[0]).toContain("E_DUPLICATE : this very file was taken in already");
  });

  it("is refused whole where it is cut, nested, another table's or called a text", async () => {
    const bytes = await write(rows);
    const before = bench.kept();
    const options = { catalogue: "hmo/members", period: "2026-10" };
    expect(said(await bench.take("c.parquet", bytes.subarray(0, bytes.length - 20), options))).toEqual([
      "E_LAYOUT : the Parquet file is cut or damaged",
    ]);
    const nested = await write("SELECT [1, 2] AS member_id");
    expect(said(await bench.take("n.parquet", nested, options))).toEqual([
      "E_LAYOUT : 1 columns hold more than one value in a cell, or bytes",
    ]);
    const other = await write("SELECT 1 AS id");
    expect(said(await bench.take("o.parquet", other, options))[0]).toBe('E_LAYOUT 1: unknown column "id"');
    expect(said(await bench.take("t.parquet", bytes, { ...options, catalogue: "rif/outpatient" }))).toEqual([
      "E_LAYOUT : this is a Parquet file, the catalogue says encoding: psv",
    ]);
    expect(said(await bench.take("t.csv", "a,b\n", options))).toEqual([
      "E_LAYOUT : this is no Parquet file, the catalogue says encoding: parquet",
    ]);
    expect(said(await bench.take("t[1].parquet", bytes, options))).toEqual([
      "E_LAYOUT : the path of a Parquet file holds a sign of a pattern",
    ]);
    expect(said(await bench.take("t.parquet", bytes))).toEqual(["E_LAYOUT : a Parquet file is a table"]);
    expect(bench.kept()).toEqual(before);
  });
});

describe("a catalogue with guesses", () => {
  const text = "BENE_ID|CLM_ID|CLM_FROM_DT|CLM_PMT_AMT\n1|2|05-Oct-2026|1\n";

  it("takes nothing in", async () => {
    const before = bench.kept();
    expect(said(await take("o.csv", text, "rif/guessed"))).toEqual([
      'E_CATALOGUE 11: the category of "CLM_ID" is a guess ("claims")',
      'E_CATALOGUE 6: what names the person is a guess ("BENE_ID")',
    ]);
    expect(bench.kept()).toEqual(before);
  });

  it("does not stop the same file once it is confirmed, nor once a column is classified anew", async () => {
    const first = await take("o.csv", text, "rif/outpatient");
    if (!first.ok) throw new Error(said(first).join());
    expect(said(await take("o.csv", text, "rif/outpatient"))[0]).toContain("E_DUPLICATE");
    const [rif] = bench.ports.catalogues;
    if (rif === undefined) throw new Error("no catalogue");
    const file = bench.put("again.csv", text);
    const anew = { ...rif, title: "classified anew" };
    const incoming = await openIncoming(file);
    if (!incoming.ok) throw new Error("no file");
    const taken = await takeIn(incoming.value, { catalogue: "rif/outpatient", period: "2026-10" }, { ...bench.ports, catalogues: [anew] });
    expect(taken.ok && taken.value.stored.manifest.sequence).toBe(first.value.stored.manifest.sequence + 1);
  });
});
