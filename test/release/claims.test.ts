/** Claims: what shows substance use treatment stays, by the law and by its name; who the people are comes from their enrolment. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Law } from "../../src/core/law/law.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { claimRows, personRows, shippedCatalogue, tmsisFile, type Row } from "../intake/tmsis-file.ts";
import { shippedLaw } from "../law/scenario.ts";
import { LETTER_LINE, openWorkshop, ownTemporaryFolder, removeWorkshops, run, type Workshop } from "./workshop.ts";

const MONTH = { "START-OF-TIME-PERIOD": "20251101", "END-OF-TIME-PERIOD": "20251130" };
const DOC = "0".repeat(64);
const FINDINGS = [
  "state,msis_id,population,source,observed,valid_until,doc_sha256",
  ...["P1", "P2", "P3"].map((id) => `CA,${id},unlawfully-present,uscis,2026-01-02,2026-03-31,${DOC}`),
  "",
].join("\n");

const head = (to: string, purpose: string): string =>
  `from: hhs-cms\nto: ${to}\npurpose: ${purpose}\ndataset: tmsis/claimip@2025-11\nrecipientKey: recipients/recipient.pub\n`;
const OIG = `${head("hhs-oig", "oversight")}fields: [diagnosis, claims]\n`;
const ICE = `${head("dhs-ice", "immigration-enforcement")}elements: [DATE-OF-BIRTH, MSIS-IDENTIFICATION-NUM]\nstatusSource: s@2025-11\n${LETTER_LINE}`;

let law: Law;
let shop: Workshop;

const claim = (person: string, number: string, diagnosis: string, more: Readonly<Record<string, string>> = {}): readonly Row[] =>
  claimRows(
    "CIP",
    person,
    { "ICN-ORIG": number, "DIAGNOSIS-CODE-1": diagnosis, "ADJUDICATION-DATE": "20251120", "DATE-OF-BIRTH": "19900215", ...more },
    {},
  );

beforeAll(async () => {
  ownTemporaryFolder();
  law = await shippedLaw();
  shop = await openWorkshop(law);
  const [claims, eligible] = [await shippedCatalogue("claimip"), await shippedCatalogue("eligible")];
  const rows = [
    ...claim("P1", "PLAIN", "J189"),
    ...claim("P1", "TREATED", "F1120"),
    ...claim("P2", "SECOND", "J189"),
    ...claim("P2", "SILENT", ""),
    ...claim("P2", "VOIDED", "J189"),
    ...claim("P2", "VOIDED", "J189", { "ADJUSTMENT-IND": "1", "ADJUDICATION-DATE": "20251121" }),
    ...claim("P3", "OTHER", "J189"),
  ];
  writeFileSync(shop.path("incoming", "ip.flf"), tmsisFile(claims, rows, { header: MONTH }));
  const people = [...personRows("P1", { citizen: "1", status: "8" }), ...personRows("P2", { citizen: "0", status: "3" })];
  writeFileSync(shop.path("incoming", "elg.flf"), tmsisFile(eligible, people, { header: MONTH }));
  writeFileSync(shop.path("incoming", "s.csv"), FINDINGS);
  await run(shop.root, "intake", "incoming/ip.flf", "incoming/elg.flf");
  await run(shop.root, "intake", "--status", "incoming/s.csv", "--name", "s@2025-11", "--asserter", "dhs-uscis");
});
afterAll(removeWorkshops);

const planned = async (request: string): Promise<{ readonly file: string; readonly plan: Plan }> => {
  const file = await shop.plan(request);
  return { file, plan: JSON.parse(readFileSync(file, "utf8")) as Plan };
};

/** Every row of a package's segment, some columns of it. */
async function released(file: string, segment: string, columns: string): Promise<readonly (readonly unknown[])[]> {
  const { folder, releaseId } = await shop.release(file);
  const into = shop.path(`opened-${releaseId}`);
  await run(shop.root, "open", folder, "--receipt", join(folder, "receipt.json"), "--identity", "private/recipient.identity", "-o", into);
  expect(readdirSync(into)).toContain(`${segment}.parquet`);
  const engine = await openDuckdb({ folders: [into] });
  try {
    return await engine.rows(`SELECT ${columns} FROM read_parquet('${join(into, `${segment}.parquet`)}') ORDER BY ALL`);
  } finally {
    engine.close();
  }
}

describe("claims asked for by an inspector", () => {
  it("go out but for those that show, or may show, substance use treatment; what was voided stays too", async () => {
    const { file, plan } = await planned(OIG);
    const columns = `"ICN-ORIG", "DIAGNOSIS-CODE-1"`;
    expect(plan.permitted.map(({ origin, fields }) => [origin, fields])).toEqual([["CA", ["claims", "diagnosis"]]]);
    expect(await released(file, "CIP00002", columns)).toEqual([
      ["OTHER", "J189"],
      ["PLAIN", "J189"],
      ["SECOND", "J189"],
    ]);
  });

  it("are withheld by name of the law, and the plan says which and why", async () => {
    const { plan } = await planned(OIG);
    expect(plan.withheld).toEqual([
      expect.objectContaining({
        fields: ["claims", "diagnosis"],
        origins: ["CA"],
        from: "some people",
        outcome: "no-authority",
        cites: expect.arrayContaining(["42 USC 290dd-2(c)", "42 CFR 2.12(d)"]),
        because: "claims with codes of substance use treatment, and those whose codes do not tell",
      }),
    ]);
    expect(plan.spec.segments.every(({ marked }) => marked === true)).toBe(true);
  });

  it("of an audit that undertakes to keep to Part 2 hold all that stand", async () => {
    const undertaking = LETTER_LINE.replace("request-1360b", "part2-undertaking");
    const { file } = await planned(`${OIG.replace("oversight", "audit-evaluation")}${undertaking}`);
    const rows = await released(file, "CIP00003", `"ICN-ORIG"`);
    expect(rows.flat()).toEqual(["OTHER", "PLAIN", "SECOND", "SILENT", "TREATED"]);
  });

  it("are all held back once other lists are loaded than those they were marked by", async () => {
    const { file } = await planned(OIG);
    const other = { codes: [], sha256: "f".repeat(64) };
    const refusal = await shop.refused(shop.release(file, (ports) => ({ ...ports, specialCodes: other })));
    expect(refusal.exit).toBe(23);
  });
});

describe("who the people of claims are", () => {
  const bornOf = async (request: string): Promise<readonly unknown[]> => {
    const { file } = await planned(request);
    return (await released(file, "CIP00002", `"MSIS-IDENTIFICATION-NUM"`)).flat();
  };

  it("is unknown without an enrolment but for what a status source found", async () => {
    const { plan } = await planned(ICE.replace(/statusSource.*\n/, ""));
    expect(plan.permitted).toEqual([]);
    expect(await bornOf(ICE)).toEqual(["P1", "P2", "P3"]);
  });

  it("is told by the enrolment the request names: a citizen's row stays", async () => {
    const { plan } = await planned(`${ICE}enrolment: tmsis/eligible@2025-11\n`);
    expect(plan.enrolment).toHaveLength(1);
    const known = plan.classes.map(({ facets }) => `${facets.population.length} ${facets.applicant.length}`);
    // Enrolled and proven; found, but enrolled nowhere; found to be what their enrolment contradicts.
    expect(known.sort()).toEqual(["1 1", "1 2", "7 1"]);
    expect(await bornOf(`${ICE}enrolment: tmsis/eligible@2025-11\n`)).toEqual(["P2", "P3"]);
  });

  it("is refused where no such enrolment is stored", async () => {
    const refusal = await shop.refused(shop.plan(`${ICE}enrolment: tmsis/eligible@2019-01\n`));
    expect(refusal.said[0]).toContain("nothing is stored for tmsis/eligible@2019-01");
  });
});
