/** Evidence with a scope, duties, and terms on the whole extract: what a plan makes of them, and what reaches the recipient. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planFrom } from "../../src/app/plan.ts";
import type { Released } from "../../src/app/release.ts";
import { allLeaves } from "../../src/app/shred.ts";
import type { Law, Rule } from "../../src/core/law/law.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { planLines } from "../../src/core/plan/wording.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { openReleaseRoom } from "../../src/cli/plan-room.ts";
import { shippedLaw } from "../law/scenario.ts";
import { filesBelow, ICE, LETTER_LINE, OIG, openWorkshop, ownTemporaryFolder, removeWorkshops, run, type Workshop } from "./workshop.ts";

let law: Law;
let shop: Workshop;
/** Ids of Californians whom the status source proves to be unlawfully present, and of some whom it does not. */
let proven: readonly string[];
let others: readonly string[];
beforeAll(async () => {
  ownTemporaryFolder();
  law = await shippedLaw();
  shop = await openWorkshop(law);
  const findings = readFileSync(shop.path("incoming", "status-source.csv"), "utf8").trim().split("\n").slice(1);
  const rows = findings.map((line) => line.split(","));
  proven = rows.filter(([state, , status]) => state === "CA" && status === "unlawfully-present").map(([, id = ""]) => id);
  const found = new Set(rows.map(([, id]) => id));
  const handles = readFileSync(shop.path("incoming", "ca-handles.csv"), "utf8").trim().split("\n").slice(1);
  others = handles.map((line) => line.split(",")[0] ?? "").filter((id) => !found.has(id));
});
afterAll(removeWorkshops);

/** The letter with a list of people, which is written into the workspace. */
function about(people: readonly string[], file = "private/evidence/people.csv"): string {
  const text = `state,msis_id\n${people.map((id) => `${id.includes(",") ? id : `CA,${id}`}\n`).join("")}`;
  mkdirSync(shop.path("private", "evidence"), { recursive: true });
  writeFileSync(shop.path(file), text);
  const sha256 = createHash("sha256").update(text).digest("hex");
  return scoped(`people: { file: ${file}, sha256: ${sha256} }`);
}
const scoped = (scope: string, request: string = ICE): string => request.replace(LETTER_LINE, LETTER_LINE.replace(" }]", `, ${scope} }]`));

async function opened({ folder, releaseId }: Released): Promise<string> {
  const into = shop.path(`opened-${releaseId}`);
  await run(shop.root, "open", folder, "--receipt", join(folder, "receipt.json"), "--identity", "private/recipient.identity", "-o", into);
  return into;
}

/** The ids in every file that was opened and has them. */
async function idsIn(folder: string): Promise<ReadonlySet<string>> {
  const engine = await openDuckdb({ folders: [folder] });
  const ids = new Set<string>();
  for (const name of readdirSync(folder)) {
    const rows = await engine.rows(`SELECT * FROM read_parquet('${join(folder, name)}')`);
    const columns = await engine.rows(`DESCRIBE SELECT * FROM read_parquet('${join(folder, name)}')`);
    const at = columns.findIndex(([column]) => column === "MSIS-IDENTIFICATION-NUM");
    for (const row of rows) ids.add(String(row[at]));
  }
  engine.close();
  return ids;
}

const planIn = (file: string): Plan => JSON.parse(readFileSync(file, "utf8")) as Plan;

describe("8 a letter about some people", () => {
  it("opens those it names and for whom the law would, and nobody else", async () => {
    const named = proven.slice(0, 3);
    const request = about([...named, others[0] ?? "", "NOBODY-AT-ALL"]).replace(
      "[address, phone, medicaid-id, name]",
      "[address, medicaid-id]",
    );
    const file = await shop.plan(`${request}where: { origin: [CA] }\n`);
    const released = await shop.release(file);
    expect([...(await idsIn(await opened(released)))].sort()).toEqual([...named].sort());
  });

  it("is said for what it is: the rest is not among the people named, and no id stands in plan or ledger", async () => {
    const named = proven.slice(0, 2);
    const file = await shop.plan(about(named));
    const lines = planLines(planIn(file)).join("\n");
    expect(lines).toContain("for the people it names only");
    expect(lines).toContain("not among the people whom the evidence names");
    for (const path of [file, ...filesBelow(shop.path("ledger"))]) {
      for (const id of named) expect(readFileSync(path, "utf8")).not.toContain(id);
    }
  });

  it("opens nobody of a state it does not name, and a list of another state's ids opens nothing here", async () => {
    const plan = planIn(await shop.plan(about(proven.slice(0, 2).map((id) => `NM,${id}`))));
    expect(plan.permitted).toEqual([]);
  });

  it("makes a plan stale once the list is another, and refuses a list that is not what it says", async () => {
    const file = await shop.plan(about(proven.slice(0, 2)));
    about(proven.slice(0, 3));
    const refusal = await shop.refused(shop.release(file));
    expect(refusal).toMatchObject({ exit: 23 });
    expect(refusal.said).toContain(
      "private/evidence/people.csv the list of people is not the one with that sha256 | attach the list that was verified",
    );
    expect(await shop.refused(shop.plan(about([])))).toMatchObject({ said: [expect.stringContaining("the list names nobody")] });
    expect(await shop.refused(shop.plan(about(["XX,1"])))).toMatchObject({ said: [expect.stringContaining("people.csv:2:1")] });
    const outside = await shop.refused(shop.plan(about(["CA,1"], "requests/people.csv")));
    expect(outside.said[0]).toContain("a list of people stays below private/ | file: private/evidence/NAME.csv");
  });
});

describe("8 other scopes", () => {
  it("counts for its activity, and for categories of which it names every element asked for", async () => {
    const permitted = async (scope: string): Promise<readonly string[]> => [
      ...new Set(planIn(await shop.plan(scoped(scope))).permitted.flatMap(({ fields }) => fields)),
    ];
    const all = await permitted("issuer: dhs-ice, signatory: the director, addressee: hhs-cms");
    expect(all).toContain("phone");
    expect(await permitted("activity: audit")).toEqual([]);
    expect(await permitted("activity: immigration-enforcement")).toEqual(all);
    expect(await permitted("elements: [ELIGIBLE-PHONE-NUM]")).toEqual(["phone"]);
  });

  it.each([
    ["addressee: ssa", "the request-1360b is addressed to ssa, not to hhs-cms"],
    ["addressee: hhs-cmms", 'unknown word "hhs-cmms" for "addressee" | did you mean "hhs-cms"?'],
    ["activity: adit", 'unknown word "adit" for "activity" | did you mean "audit"?'],
    ["elements: [ELIGIBLE-PHONE-NUMB]", 'unknown element "ELIGIBLE-PHONE-NUMB" | did you mean "ELIGIBLE-PHONE-NUM"?'],
    ["signatry: x", 'unknown key "signatry" | did you mean "signatory"?'],
  ])("refuses %s", async (scope, said) => {
    expect((await shop.refused(shop.plan(scoped(scope)))).said.join("\n")).toContain(said);
  });
});

describe("6 actions of a plan", () => {
  it("refuses to plan a use, and to release what was planned for viewing", async () => {
    expect((await shop.refused(shop.plan(`${OIG}action: use\n`))).said[0]).toContain("a release hands over a copy");
    const file = await shop.plan(`${OIG}action: view\n`);
    expect(await shop.refused(shop.release(file))).toMatchObject({ exit: 20 });
  });
});

describe("7 a recipient in the service of another", () => {
  it("is barred in a plan by what bars any employer", async () => {
    const plain = planIn(await shop.plan(OIG));
    const lent = planIn(await shop.plan(`${OIG}employers: [dhs-ice]\n`));
    expect(plain.permitted).not.toEqual([]);
    expect(lent.permitted.length).toBeLessThan(plain.permitted.length);
    expect(planLines(lent)[0]).toContain("hhs-oig with dhs-ice");
  });
});

describe("duties and terms on the whole", () => {
  /** The law in which every permit that the inspector's plan rests on also says this. */
  const lawWith = (plan: Plan, more: Partial<Rule>): Law => ({
    ...law,
    rules: law.rules.map((rule) => (plan.restsOn.includes(rule.name) ? { ...rule, ...more } : rule)),
  });
  const planWith = async (changed: Law, request = OIG): Promise<Plan> => {
    writeFileSync(shop.path("requests", "w.yaml"), request);
    const { workspace } = await shop.room();
    const made = await planFrom(shop.path("requests", "w.yaml"), undefined, await openReleaseRoom(workspace, changed));
    if (!made.ok) throw new Error(JSON.stringify(made.problems));
    return made.value.plan;
  };
  let plain: Plan;
  beforeAll(async () => {
    plain = await planWith(law);
  });

  it("are in plan, package and ledger, the shorter term of two", async () => {
    const owing = await openWorkshop(lawWith(plain, { duties: [{ id: "destroy-by", days: 90 }, { id: "no-redisclosure" }] }));
    const file = await owing.plan(OIG);
    expect(planIn(file).duties).toEqual([{ id: "destroy-by", days: 90 }, { id: "no-redisclosure" }]);
    expect(planLines(planIn(file))).toContain("owes       destroy-by P90D · no-redisclosure");
    const { folder } = await owing.release(file);
    const { terms } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { terms: readonly string[] };
    expect(terms).toContain("destroy-by P90D: destroy every copy within so many days of the release.");
    const leaves = (await allLeaves((await owing.room()).ledger)).map(({ leaf }) => leaf);
    expect(leaves.find(({ kind }) => kind === "intent")).toMatchObject({ terms: ["destroy-by P90D", "no-redisclosure"] });
    expect(plain.duties).toEqual([]);
  });

  it("16: a permit for many opens nothing for few, counted as the extract would come out", async () => {
    const people = (minPeople: number): Law => lawWith(plain, { whole: { minPeople } });
    expect((await planWith(people(100))).permitted).toEqual(plain.permitted);
    const none = await planWith(people(100_000));
    expect([none.permitted, none.restsOn]).toEqual([[], []]);
    expect(none.whole.map(({ terms, from }) => `${terms}, ${from}`)).toContain("in an extract of at least 100000 people, everybody");
    const few = `${OIG}where: { elements: [{ element: SEX, in: [Q] }] }\n`;
    expect((await planWith(people(2), few)).permitted).toEqual([]);
    expect((await planWith(law, few)).permitted).not.toEqual([]);
  });

  it("16: groups of fewer people than a permit allows stay behind, the others go", async () => {
    const sizes = plain.spec.datasets.length;
    expect(sizes).toBe(2);
    const plan = await planWith(lawWith(plain, { whole: { minCell: 50 } }));
    expect(plan.permitted.map(({ origin }) => origin)).toEqual(["CA"]);
    expect(plan.whole.every(({ from }) => from === "some people")).toBe(true);
    expect(planLines(plan).join("\n")).toContain("counts only for groups of at least 50 people: it does not, for some people");
  });

  it("16: categories that may not go together do not, and what narrows never widens", async () => {
    const plan = await planWith(lawWith(plain, { whole: { notWith: ["date-of-birth"] } }));
    expect(plan.permitted).toEqual([]);
    const alone = OIG.replace("[sex, date-of-birth, medicaid-id]", "[sex, medicaid-id]");
    expect((await planWith(lawWith(plain, { whole: { notWith: ["date-of-birth"] } }), alone)).permitted).not.toEqual([]);
    for (const whole of [{ minPeople: 3 }, { minCell: 5 }, { notWith: ["ssn"] }, { minCell: 50, minPeople: 200 }]) {
      const narrowed = await planWith(lawWith(plain, { whole }));
      for (const { origin, fields } of narrowed.permitted) {
        expect(plain.permitted.find((one) => one.origin === origin)?.fields).toEqual(expect.arrayContaining([...fields]));
      }
    }
  });
});
