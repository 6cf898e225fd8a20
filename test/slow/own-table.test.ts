/** From a file nobody has described to an opened release: claims in the layout of CMS's research files, and FHIR R4 resources. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writ } from "../command-line.ts";
import { run } from "../release/workshop.ts";

const PEOPLE = 14;
const people = Array.from({ length: PEOPLE }, (_, at) => at);
const two = (number: number): string => String(number).padStart(2, "0");

const claims = (): string => {
  const head =
    "BENE_ID|CLM_ID|CLM_FROM_DT|CLM_THRU_DT|PRVDR_NUM|AT_PHYSN_NPI|PRNCPAL_DGNS_CD|CLM_PMT_AMT|DOB_DT|GNDR_CD|BENE_MLG_CNTCT_ZIP_CD|LOCAL_CD";
  const rows = people.map(
    (at) =>
      `-100${at}|-20${at}|${two(at + 1)}-Oct-2026|${two(at + 2)}-Oct-2026|05000${at}|19999999${two(at)}|E119|${at}.50|${two(at + 1)}-Mar-${1940 + at}|${1 + (at % 2)}|891${two(at)}|K${at}`,
  );
  return `${[head, ...rows].join("\n")}\n`;
};
const patients = (): string =>
  people
    .map((at) => ({
      resourceType: "Patient",
      id: `p${at}`,
      name: [{ use: "official", family: `Family${at}`, given: ["First", `Second${at}`] }],
      gender: at % 2 === 0 ? "female" : "male",
      birthDate: `${1940 + at}-03-${two(at + 1)}`,
      address: [{ line: [`${at + 1} Example Road`], city: "Carson City", state: "NV", postalCode: `891${two(at)}` }],
      extension: [{ url: "http://example.org/local", valueCode: `K${at}` }],
    }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");
const coverages = (): string =>
  people
    .map((at) => ({
      resourceType: "Coverage",
      id: `c${at}`,
      status: "active",
      beneficiary: { reference: `Patient/p${at}` },
      period: { start: "2026-01-01", end: "2026-12-31" },
      payor: [{ display: "Nevada Medicaid" }],
    }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join("");

let root: string;
beforeAll(async () => {
  root = join(mkdtempSync(join(tmpdir(), "writ-own-")), "w");
  mkdirSync(root);
  await run(root, "init", ".", "--custodian", "state-medicaid", "--practice", "--at", "2026-11-24T12:00:00Z");
  writeFileSync(join(root, "recipients", "mfcu.pub"), await run(root, "key", "new", "--recipient", "mfcu", "-o", "private/mfcu.identity"));
});
afterAll(() => rmSync(join(root, ".."), { recursive: true, force: true }));

/** The exit code and what was said of a command that may fail. */
async function tried(...argv: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> {
  const from = process.cwd();
  process.chdir(root);
  try {
    return await writ(argv);
  } finally {
    process.chdir(from);
  }
}

/** A person's word on every guess of a draft, and on what only a person can know. */
function confirm(draft: string): void {
  const text = readFileSync(join(root, draft), "utf8").replaceAll(/"\?([^"]+)"/g, '"$1"');
  writeFileSync(join(root, draft), text.replace(/^# special:.*$/m, "special: none"));
}

/** Profiles, confirms, takes in, plans and releases a file; answers what the recipient opened. */
async function released(file: string, text: string, fields: string): Promise<string> {
  const name = file.split(".")[0]?.toLowerCase() ?? "";
  writeFileSync(join(root, file), text);
  await run(root, "dataset", "profile", file, "--dataset", `own/${name}`, "-o", `catalog/${name}.yaml`);
  const take = ["intake", file, "--catalogue", `own/${name}`, "--period", "2026-10", "--origin", "NV"] as const;
  const refused = await tried(...take);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("is a guess")]);
  confirm(`catalog/${name}.yaml`);
  expect(await run(root, ...take)).toContain(`people     ${PEOPLE}`);
  const request = `from: state-medicaid\nto: mfcu\npurpose: provider-fraud-investigation\ndataset: own/${name}@2026-10\nfields: [${fields}]\nrecipientKey: recipients/mfcu.pub\n`;
  writeFileSync(join(root, "requests", `${name}.yaml`), request);
  expect(await run(root, "plan", `requests/${name}.yaml`, "-o", `${name}.plan`)).toContain("nobody has classified these elements");
  const before = new Set(readdirSync(join(root, "private", "packages")));
  await run(root, "release", `${name}.plan`, "--form", "csv");
  const id = readdirSync(join(root, "private", "packages")).find((one) => !before.has(one)) ?? "";
  const sealed = join("private", "packages", id);
  await run(root, "open", sealed, "--receipt", join(sealed, "receipt.json"), "--identity", "private/mfcu.identity", "-o", `opened-${name}`);
  return readFileSync(join(root, `opened-${name}`, "ROWS.csv"), "utf8");
}

describe("a file nobody has described", () => {
  it("of claims in the research layout is released without the column nobody could tell", async () => {
    const csv = await released("claims.psv", claims(), "date-of-treatment, financial, diagnosis, sex, unclassified");
    const [head, ...rows] = csv.trimEnd().split("\n");
    expect(head).toBe("CLM_FROM_DT,CLM_THRU_DT,PRNCPAL_DGNS_CD,CLM_PMT_AMT,GNDR_CD");
    expect(rows).toHaveLength(PEOPLE);
    expect(rows).toContain("2026-10-04,2026-10-05,E119,350,2");
    expect(csv).not.toContain("K3");
  });

  it("of FHIR Patient is flattened, and released without its extension", async () => {
    const csv = await released("Patient.ndjson", patients(), "name, sex, date-of-birth, address, unclassified");
    const [head = "", ...rows] = csv.trimEnd().split("\n");
    expect(head.split(",")).toEqual([
      "name[0].family",
      "name[0].given[0]",
      "name[0].given[1]",
      "gender",
      "birthDate",
      "address[0].line[0]",
      "address[0].city",
      "address[0].state",
      "address[0].postalCode",
    ]);
    expect(rows).toContain("Family3,First,Second3,male,1943-03-04,4 Example Road,Carson City,NV,89103");
    expect(csv).not.toContain("K3");
  });

  it("of FHIR Coverage names its people by reference", async () => {
    const lines = coverages().replaceAll('"status"', '"zz":"x","status"');
    const csv = await released("Coverage.ndjson", lines, "insurance, enrolment-date, unclassified");
    const [head = "", ...rows] = csv.trimEnd().split("\n");
    expect(head.split(",")).toEqual(["id", "status", "period.start", "period.end", "payor[0].display"]);
    expect(rows).toContain("c5,active,2026-01-01,2026-12-31,Nevada Medicaid");
  });

  it("gives the same draft each time, and none over another file", async () => {
    const [first, second] = [await run(root, "dataset", "profile", "claims.psv"), await run(root, "dataset", "profile", "claims.psv")];
    expect(second).toBe(first);
    expect(first).not.toMatch(/-1003|E119|1940|K3|89103/);
    const { code, stderr } = await tried("dataset", "profile", "claims.psv", "-o", "catalog/claims.yaml");
    expect([code, stderr]).toEqual([1, expect.stringContaining("a file of this name is there already")]);
    expect(await run(root, "dataset", "profile", "claims.psv", "--rows", "5")).toContain("the first 5 rows, and no other");
  });

  it("leaves the catalogues, rules and lists that come with writ in place", async () => {
    await run(root, "dataset", "generate", "--states", "NV", "--people", "80", "--period", "2026-10", "-o", "month");
    expect(await run(root, "intake", "month/nv-eligible.flf")).toContain("people     80");
    expect(await run(root, "dataset", "show", "tmsis/eligible@2026-10")).toMatch(/rules {5}\d\d kept/);
  });
});
