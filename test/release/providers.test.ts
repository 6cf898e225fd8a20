/** Providers and plans: released like records of people, of whom nothing but the origin is known. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../src/core/plan/plan.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { storedRows } from "../stored-data.ts";
import { personRows, shippedCatalogue, tmsisFile, type Row } from "../intake/tmsis-file.ts";
import { shippedLaw } from "../law/scenario.ts";
import { openWorkshop, ownTemporaryFolder, removeWorkshops, run, type Workshop } from "./workshop.ts";

const MONTH = { "START-OF-TIME-PERIOD": "20251101", "END-OF-TIME-PERIOD": "20251130" };
const request = (to: string, purpose: string, dataset: string, fields: string): string =>
  `from: hhs-cms\nto: ${to}\npurpose: ${purpose}\ndataset: tmsis/${dataset}@2025-11\nrecipientKey: recipients/recipient.pub\nfields: ${fields}\n`;
const OIG = request("hhs-oig", "oversight", "provider", "[provider, provider-identifier]");

const provider = (id: string, identifier: string): readonly Row[] => [
  {
    segment: "PRV00002",
    cells: { "SUBMITTING-STATE-PROV-ID": id, "PROV-ATTRIBUTES-EFF-DATE": "20200101", "PROV-ATTRIBUTES-END-DATE": "99991231" },
  },
  {
    segment: "PRV00005",
    cells: {
      "SUBMITTING-STATE-PROV-ID": id,
      "PROV-IDENTIFIER": identifier,
      "PROV-IDENTIFIER-EFF-DATE": "20200101",
      "PROV-IDENTIFIER-END-DATE": "99991231",
    },
  },
];
const PLAN: Row = {
  segment: "MCR00002",
  cells: { "STATE-PLAN-ID-NUM": "P1", "MANAGED-CARE-CONTRACT-EFF-DATE": "20200101", "MANAGED-CARE-CONTRACT-END-DATE": "99991231" },
};

let shop: Workshop;
beforeAll(async () => {
  ownTemporaryFolder();
  shop = await openWorkshop(await shippedLaw());
  const files = { provider: [...provider("P1", "1234567890"), ...provider("P2", "2345678901")], mngdcare: [PLAN] };
  for (const [name, rows] of Object.entries(files))
    writeFileSync(shop.path("incoming", name), tmsisFile(await shippedCatalogue(name), rows, { header: MONTH }));
  const people = tmsisFile(await shippedCatalogue("eligible"), personRows("P1", { citizen: "1", status: "8" }), { header: MONTH });
  writeFileSync(shop.path("incoming", "eligible"), people);
  await run(shop.root, "intake", "incoming/provider", "incoming/mngdcare", "incoming/eligible");
});
afterAll(removeWorkshops);

const planned = async (text: string): Promise<{ readonly file: string; readonly plan: Plan }> => {
  const file = await shop.plan(text);
  return { file, plan: JSON.parse(readFileSync(file, "utf8")) as Plan };
};

describe("a provider file", () => {
  it("is planned by what it counts, of a class of which all but the origin is open", async () => {
    const { plan } = await planned(OIG);
    expect(plan.about).toBe("providers");
    expect(plan.permitted.map(({ origin, fields }) => [origin, fields])).toEqual([["CA", ["provider", "provider-identifier"]]]);
    expect(plan.classes).toHaveLength(1);
    expect(plan.classes[0]?.facets).toMatchObject({ origin: "CA", idIsSsn: false });
    expect(plan.classes[0]?.facets.population.length).toBeGreaterThan(2);
  });

  it("goes to an inspector, and to immigration enforcement not a row of it", async () => {
    const { file } = await planned(OIG);
    const { folder } = await shop.release(file);
    const into = shop.path("opened");
    await run(shop.root, "open", folder, "--receipt", join(folder, "receipt.json"), "--identity", "private/recipient.identity", "-o", into);
    expect(readdirSync(into)).toContain("PRV00005.parquet");
    const engine = await openDuckdb({ folders: [into] });
    const rows = await engine.rows(`SELECT "PROV-IDENTIFIER" FROM read_parquet('${join(into, "PRV00005.parquet")}') ORDER BY ALL`);
    engine.close();
    expect(rows.flat()).toEqual(["1234567890", "2345678901"]);
    const { plan } = await planned(request("dhs-ice", "immigration-enforcement", "provider", "[provider-identifier]"));
    expect(plan.permitted).toEqual([]);
  });

  it("names nobody: its number is another key than the same id of a person", async () => {
    const datasets = shop.path("private", "datasets");
    const ids = { ELG00002: "MSIS-IDENTIFICATION-NUM", PRV00002: "SUBMITTING-STATE-PROV-ID", MCR00002: "STATE-PLAN-ID-NUM" };
    const found = Object.entries(ids).flatMap(([segment, id]) =>
      readdirSync(datasets)
        .map((name) => join(datasets, name))
        .filter((folder) => existsSync(join(folder, `${segment}.parquet`)))
        .map((folder) =>
          storedRows(folder, (table) => `SELECT person_key::VARCHAR FROM ${table(`${segment}.parquet`)} WHERE "${id}" = 'P1'`),
        ),
    );
    const keys = (await Promise.all(found)).filter((rows) => rows.length > 0);
    expect(keys.map((rows) => rows.length)).toEqual([1, 1, 1]);
    expect(new Set(keys.flat(2)).size).toBe(3);
  });
});

describe("a managed care file", () => {
  it("is planned by its plans", async () => {
    const { plan } = await planned(request("hhs-oig", "oversight", "mngdcare", "[plan]"));
    expect(plan.about).toBe("plans");
    expect(plan.permitted.map(({ origin }) => origin)).toEqual(["CA"]);
  });
});
