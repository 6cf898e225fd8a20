/** A column nobody has classified, and free text, are let out by no plan, whatever is permitted for the rest. */
import { beforeAll, describe, expect, it } from "vitest";
import { parseCatalogue } from "../src/core/catalog/parse-catalogue.ts";
import type { CivilDate } from "../src/core/base/civil-date.ts";
import type { Catalogue } from "../src/core/catalog/catalogue.ts";
import { catalogueWords } from "../src/core/catalog/words.ts";
import type { Law } from "../src/core/law/law.ts";
import { GRADES } from "../src/core/law/source.ts";
import type { Plan } from "../src/core/plan/plan.ts";
import { makePlan } from "../src/core/plan/plan.ts";
import { planLines } from "../src/core/plan/wording.ts";
import { parseReleaseRequest } from "../src/core/plan/release-request.ts";
import { dayView } from "../src/core/verdict/day-view.ts";
import { shippedLaw } from "./law/scenario.ts";

const CATALOGUE = `
dataset: dental/visits
version: "1"
title: Visits
form: table
person: member
special: none
columns:
  - { name: member, category: medicaid-id }
  - { name: zip, category: address }
  - { name: remark, category: unclassified }
  - { name: note, category: free-text }
facets: { origin: { constant: NM } }
`;
const REQUEST = `
from: state-medicaid
to: mfcu
purpose: provider-fraud-investigation
dataset: dental/visits@2026-10
`;

let law: Law;
let catalogue: Catalogue;
beforeAll(async () => {
  law = await shippedLaw();
  const read = parseCatalogue({ file: "c.yaml", text: CATALOGUE }, undefined, catalogueWords(law.vocabulary));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  catalogue = read.value;
});

function planOf(asked: string): Plan {
  const request = parseReleaseRequest("r.yaml", `${REQUEST}${asked}\n`, law);
  if (!request.ok) throw new Error(JSON.stringify(request.problems));
  const facets = { origin: "NM", population: ["citizen"], funding: ["federal"], applicant: ["yes"], idIsSsn: false };
  const classes = {
    format: "writ-classes/1" as const,
    asOf: "2026-11-24",
    classes: [{ id: 0, facets, people: 12 }],
    sha256: "0".repeat(64),
  };
  const dataset = { digest: "a".repeat(64), origin: "NM", idIsSsn: false, classes, classesFile: "classes/a.parquet" };
  const made = makePlan({
    view: dayView(law, "2026-11-24" as CivilDate, GRADES),
    lawHash: "f".repeat(64),
    request: request.value,
    catalogue,
    catalogueSha256: "c".repeat(64),
    datasets: [{ ...dataset, segmentFiles: { ROWS: "ROWS.parquet" } }],
    whatIf: false,
    simulated: true,
  });
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made.value;
}

describe("an unclassified column", () => {
  it.each(["fields: [address, unclassified]", "elements: [zip, remark]", "fields: [full-dataset]"])("stays when asked by %s", (asked) => {
    const plan = planOf(asked);
    expect(plan.permitted[0]?.fields).toContain("address");
    expect(plan.permitted[0]?.fields).not.toContain("unclassified");
    expect(plan.withheld).toContainEqual(expect.objectContaining({ fields: ["unclassified"], from: "everybody" }));
    expect(plan.spec.segments[0]?.sources[0]?.verdicts[0]?.masks["unclassified"]).toBe("omitted");
    expect(planLines(plan).join("\n")).toContain("nobody has classified these elements");
  });

  it.each(["fields: [address, free-text]", "elements: [zip, note]", "fields: [full-dataset]"])(
    "of free text stays too, asked by %s",
    (asked) => {
      const plan = planOf(asked);
      expect(plan.permitted[0]?.fields).not.toContain("free-text");
      expect(plan.withheld).toContainEqual(expect.objectContaining({ fields: ["free-text"], from: "everybody" }));
    },
  );

  it("alone makes a plan that permits nothing", () => {
    expect(planOf("elements: [remark]").permitted).toEqual([]);
  });
});
