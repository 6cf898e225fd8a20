import { readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveClasses } from "../../src/app/classes.ts";
import { initWorkspace } from "../../src/app/init.ts";
import { openWorkspace, parseSettings } from "../../src/app/workspace.ts";
import { day } from "../../src/core/base/civil-date.ts";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { parseCatalogue } from "../../src/core/catalog/parse-catalogue.ts";
import { catalogueWords } from "../../src/core/catalog/words.ts";
import { duckdbClasses } from "../../src/engine/duckdb-classes.ts";
import { classStore } from "../../src/store/class-store.ts";
import { workspaceFiles } from "../../src/store/workspace-files.ts";
import { shippedVocabulary } from "./tmsis-file.ts";
import { openBench, said, type Bench } from "./workbench.ts";
import { storedRows } from "../stored-data.ts";

const LUNCHES = `
dataset: school/lunches
version: "1"
title: Free school lunches
form: table
person: pupil
columns:
  - { name: pupil, category: medicaid-id }
  - { name: born, type: date, category: date-of-birth }
  - { name: income, type: cents, category: income }
  - { name: status, category: citizenship, values: [C, N, U] }
  - { name: home, category: address }
facets:
  origin: { column: home, map: { Sacramento: CA, Austin: TX } }
  population: { column: status, map: { C: citizen } }
  funding: { constant: federal }
  applicant: unknown
`;

let catalogue: Catalogue;
let bench: Bench;
beforeEach(async () => {
  const read = parseCatalogue({ file: "lunches.yaml", text: LUNCHES }, undefined, catalogueWords(await shippedVocabulary()));
  if (!read.ok) throw new Error(said(read).join());
  catalogue = read.value;
  bench = await openBench([catalogue]);
});
afterEach(() => bench.remove());

const options = { catalogue: "school/lunches", period: "2025-12" };
const HEADER = "home,pupil,born,status,income\n";
const GOOD = `${HEADER}Sacramento,p1,2015-02-03,C,12.50\n"Austin",p2,,N,7\nElsewhere,p3,2014-01-01,C,-0.5\n`;

describe("a table of one's own", () => {
  it("is stored by the names of its columns", async () => {
    const taken = await bench.take("l.csv", GOOD, options);
    if (!taken.ok) throw new Error(said(taken).join());
    const { folder, manifest } = taken.value.stored;
    expect(manifest).toMatchObject({
      origin: "none",
      submitter: "none",
      people: 3,
      sequence: 1,
      segments: [{ id: "ROWS", file: "ROWS.parquet", rows: 3 }],
    });
    const rows = await storedRows(folder, (table) => `SELECT pupil, born, income, home FROM ${table("ROWS.parquet")} ORDER BY pupil`);
    expect(rows).toEqual([["p1", "2015-02-03", "1250", "Sacramento"], ["p2", null, "700", "Austin"], ["p3", "2014-01-01", "-50", "Elsewhere"]]); // prettier-ignore
    expect(said(await bench.take("l.csv", GOOD, options))[0]).toContain("E_DUPLICATE : this very file was taken in already");
    const next = await bench.take("l.csv", `${HEADER}Austin,p9,,C,\n`, options);
    expect(next.ok && [next.value.stored.manifest.transaction, next.value.stored.manifest.sequence]).toEqual(["replace", 2]);
  });

  it("has its classes from its own columns; a row of unknown origin has none", async () => {
    const taken = await bench.take("l.csv", GOOD, options);
    if (!taken.ok) throw new Error("refused");
    const question = { dataset: taken.value.stored, catalogue, asOf: day("2026-01-07") };
    const classes = await resolveClasses(question, { ...bench.ports, engine: duckdbClasses, classes: classStore });
    if (!classes.ok) throw new Error(said(classes).join());
    const found = classes.value.table.classes.map(({ people, facets }) => [
      people,
      facets.origin,
      facets.population.length,
      facets.funding,
      facets.applicant.length,
    ]);
    expect(found).toEqual([[1, "CA", 1, ["federal"], 2], [1, "TX", 7, ["federal"], 2]]); // prettier-ignore
  });

  it("loses bad rows only", async () => {
    const taken = await bench.take("l.csv", `${GOOD}Austin,,2015-02-30,Z,x\nAustin,p5\n`, options);
    if (!taken.ok) throw new Error("refused");
    const { digest, manifest } = taken.value.stored;
    expect(manifest.rejected).toEqual({ records: 2, rules: { E1001: 3, E1103: 1, E1105: 1 } });
    expect(
      readFileSync(join(bench.workspace.paths.rejects, `${digest}.csv`), "utf8")
        .split("\n")
        .slice(1, 4),
    ).toEqual(["5,pupil,E1105,is missing", "5,born,E1001,is not an existing day of the form YYYY-MM-DD", "5,income,E1001,is not a number"]);
  });

  it.each([
    ["id,pupil,born,status,income,home,home\n", ['E_LAYOUT 1: unknown column "id"', 'E_LAYOUT 1: the column "home" is there twice']],
    ["pupil,born,status\n", ['E_LAYOUT 1: the column "income" is missing', 'E_LAYOUT 1: the column "home" is missing']],
    [
      `${HEADER}a,"open\nb,c",d\n`,
      [
        "E_LAYOUT 2: a quoted value does not end on its line, or a quote stands within a value",
        "E_LAYOUT 3: a quoted value does not end on its line, or a quote stands within a value",
      ],
    ],
  ])("is refused whole when its shape is wrong: %j", async (text, problems) => {
    const before = bench.kept();
    expect(said(await bench.take("l.csv", text, options))).toEqual(problems);
    expect(bench.kept()).toEqual(before);
  });

  it("needs its catalogue and month", async () => {
    expect(said(await bench.take("l.csv", GOOD, { ...options, catalogue: "school/lunch" }))).toEqual([
      'E_CATALOGUE : no catalogue describes "school/lunch"',
    ]);
    expect(said(await bench.take("l.csv", GOOD, { catalogue: "school/lunches" }))[0]).toContain("E_USAGE");
    expect(said(await bench.take("l.csv", GOOD))[0]).toContain("does not start with the header record of a known file");
  });
});

describe("workspaces", () => {
  const init = (folder: string, custodian = "hhs-cms"): ReturnType<typeof initWorkspace> =>
    initWorkspace(folder, { custodian }, workspaceFiles);

  it("keep private folders and keys private, and are never overwritten", async () => {
    const { root, paths } = bench.workspace;
    for (const folder of [paths.private, paths.keys, paths.datasets, paths.tmp]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    const key = join(paths.keys, "master.key");
    expect([statSync(key).mode & 0o777, statSync(key).size]).toEqual([0o600, 32]);
    expect(readFileSync(join(root, ".gitignore"), "utf8")).toBe("private/\n");
    const before = readFileSync(key);
    expect(said(await init(root))[0]).toContain("E_WORKSPACE : this folder is a workspace already");
    expect(readFileSync(key).equals(before)).toBe(true);
  });

  it("are found from any folder below, and nowhere else", async () => {
    const { root, paths } = bench.workspace;
    const opened = await openWorkspace(join(paths.datasets, "deep", "er"), workspaceFiles);
    expect(opened.ok && [opened.value.root, opened.value.clock.now(), opened.value.clock.simulated]).toEqual([
      root,
      "2026-11-24T12:00:00Z",
      true,
    ]);
    expect(said(await openWorkspace(join(root, ".."), workspaceFiles))[0]).toContain("E_WORKSPACE");
  });

  it("use their own law, a copy at first, and the law of writ where they have none", async () => {
    const { root } = bench.workspace;
    const lawOf = async (): Promise<string> => {
      const opened = await openWorkspace(root, workspaceFiles);
      return opened.ok ? opened.value.paths.law : "";
    };
    expect(await lawOf()).toBe(join(root, "law"));
    rmSync(join(root, "law"), { recursive: true });
    expect(await lawOf()).toBe(workspaceFiles.shipped("law"));
    await workspaceFiles.makeFolder(join(root, "law"), 0o755);
    expect(await lawOf()).toBe(workspaceFiles.shipped("law"));
  });

  it("admit only law that was read, unless for practice, and tell every wrong setting", async () => {
    const made = await init(join(bench.workspace.root, "..", "real"), "ca-dhcs");
    expect(made.ok && [made.value.admittedGrades, made.value.clock.simulated]).toEqual([["read"], false]);
    const wrong = "custodian: HHS\ngrades: [red]\nquorum: 3\nclock: { simulated: tomorrow }\ncolour: blue\n";
    expect(said(parseSettings("writ.yaml", wrong))).toEqual([
      'E_WORKSPACE 5: unknown key "colour"',
      'E_WORKSPACE 1: "HHS" is no party',
      'E_WORKSPACE 2: unknown grade "red"',
      "E_WORKSPACE 4: the simulated time is no instant",
      'E_WORKSPACE : the quorum rule "3" is not known',
    ]);
  });
});
