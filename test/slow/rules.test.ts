/** What the shipped rules find in submissions: each rule broken once, and what keeps it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Catalogue, Segment } from "../../src/core/catalog/catalogue.ts";
import { parseManifest } from "../../src/core/intake/manifest.ts";
import { parseRuleBook } from "../../src/core/validate/rule-book.ts";
import type { Validation } from "../../src/core/validate/validation.ts";
import { claimRows, personRows, shippedCatalogue, tmsisFile, type Row } from "../intake/tmsis-file.ts";
import { openBench, said, shippedRules, type Bench } from "../intake/workbench.ts";

const NO_LIMITS = "policy: none\nrefuse: []\n";
let all: readonly Catalogue[];
let eligible: Catalogue;
let bench: Bench | undefined;

beforeAll(async () => {
  all = await Promise.all(["eligible", "claimip", "claimlt", "claimot", "claimrx", "mngdcare", "provider", "tpl"].map(shippedCatalogue));
  eligible = all[0] as Catalogue;
});
afterEach(() => bench?.remove());

const openWith = async (policy?: string): Promise<Bench> => (bench = await openBench(all, shippedRules(all, policy)));

const broken = ({ findings }: Validation): Readonly<Record<string, number>> =>
  Object.fromEntries(findings.filter(({ failed }) => failed > 0).map(({ rule, failed }) => [rule, failed]));

async function validated(at: Bench, file: string, bytes: Buffer): Promise<Validation> {
  const taken = await at.take(file, bytes);
  if (!taken.ok) throw new Error(said(taken).join());
  const { validation } = taken.value.stored.manifest;
  if (validation === undefined) throw new Error("not validated");
  return validation;
}

type Changes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A person's rows with other values, by segment, and more rows of the same person. */
function person(id: string, changes: Changes = {}, ...more: readonly Row[]): readonly Row[] {
  const rows = personRows(id, { citizen: "1", status: "8" }).map(({ segment, cells }) => ({
    segment,
    cells: { ...cells, ...(segment === "ELG00003" ? { "CHIP-CODE": "1" } : {}), ...changes[segment] },
  }));
  return [...rows, ...more.map(({ segment, cells }) => ({ segment, cells: { "MSIS-IDENTIFICATION-NUM": id, ...cells } }))];
}
const benefits = (code: string, more: Readonly<Record<string, string>> = {}) => ({
  ELG00005: { "RESTRICTED-BENEFITS-CODE": code, ...more },
});
const address = (cells: Readonly<Record<string, string>>): Row => ({
  segment: "ELG00004",
  cells: { "ELIGIBLE-ADDR-TYPE": "01", "ELIGIBLE-STATE": "06", ...cells },
});
const since = (day: string): Readonly<Record<string, string>> => ({ "ELIGIBILITY-DETERMINANT-EFF-DATE": day });
const waiver = (id: string, type: string): Row => ({ segment: "ELG00012", cells: { "WAIVER-ID": id, "WAIVER-TYPE": type } });
const [PRIMARY_FROM, PRIMARY_TO] = ["PRIMARY-DEMOGRAPHIC-ELEMENT-EFF-DATE", "PRIMARY-DEMOGRAPHIC-ELEMENT-END-DATE"];

/** Each breaks the rule it stands under, once, and no other. */
const BREAKING: Readonly<Record<string, readonly Row[]>> = {
  "record-number-once": person(
    "NUMBER",
    {},
    address({ "RECORD-NUMBER": "7" }),
    address({ "RECORD-NUMBER": "7", "ELIGIBLE-ADDR-TYPE": "06" }),
  ),
  "rows-apart": person("APART", {}, address({ "ELIGIBLE-ADDR-END-DATE": "20240101" }), address({ "ELIGIBLE-ADDR-EFF-DATE": "20240101" })),
  "within-person": person("BEFORE", {}, address({ "ELIGIBLE-ADDR-EFF-DATE": "20191231" })),
  "within-enrolment": person("UNENROLLED", { ELG00021: { "ENROLLMENT-EFF-DATE": "20200102" } }),
  "ends-by-death": person("DEAD", {
    ELG00002: { "DATE-OF-DEATH": "20251210", [PRIMARY_TO]: "20251211" },
    ELG00003: { "VARIABLE-DEMOGRAPHIC-ELEMENT-END-DATE": "20251210" },
    ELG00005: { "ELIGIBILITY-DETERMINANT-END-DATE": "20251210" },
    ELG00021: { "ENROLLMENT-END-DATE": "20251210" },
  }),
  "ssn-possible": person("SSN", { ELG00003: { SSN: "666123456" } }),
  "address-without-asterisk": person("STAR", {}, address({ "ELIGIBLE-ADDR-LN2": "APT * 3" })),
  "zip-in-state": person("ZIP", {}, address({ "ELIGIBLE-STATE": "09", "ELIGIBLE-ZIP-CODE": "06390" })),
  "zip-digits": person("ZIPS", {}, address({ "ELIGIBLE-ZIP-CODE": "90001123" })),
  "waiver-id-1915": person("WAIVER", {}, waiver("CA-0139", "06")),
  "waiver-id-1115": person("DEMO", {}, waiver("CA.0139", "22")),
  "county-in-state": person("COUNTY", {}, address({ "ELIGIBLE-COUNTY-CODE": "117" })),
  "value-on-first-day": person("LATE", benefits("1", { "ELIGIBILITY-GROUP": "76", ...since("20230512") })),
  "enrolled-in-chip": person("CHIP1", { ELG00021: { "ENROLLMENT-TYPE": "2" } }),
  "enrolled-in-medicaid": person("CHIP3", { ELG00003: { "CHIP-CODE": "3" } }),
  "immigration-status-there": person("NOSTATUS", { ELG00003: { "CITIZENSHIP-IND": "", "IMMIGRATION-STATUS": "" } }),
  "citizen-status": person("STATUS1", { ELG00003: { "CITIZENSHIP-IND": "2", "IMMIGRATION-STATUS": "1" } }),
  "status-citizen": person("STATUS8", { ELG00003: { "CITIZENSHIP-IND": "0" } }),
  "benefits-2-no-citizen": person("B2", benefits("2")),
  "benefits-3-dual": person("B3", benefits("3", { "DUAL-ELIGIBLE-CODE": "00" })),
  "dual-05-group-24": person("D05", benefits("3", { "DUAL-ELIGIBLE-CODE": "05", "ELIGIBILITY-GROUP": "23" })),
  "dual-06-group-26": person("D06", benefits("3", { "DUAL-ELIGIBLE-CODE": "06", "ELIGIBILITY-GROUP": "" })),
  "dual-02-group-23": person("D02", benefits("1", { "DUAL-ELIGIBLE-CODE": "02", "ELIGIBILITY-GROUP": "24" })),
  "dual-04-group-25": person("D04", benefits("1", { "DUAL-ELIGIBLE-CODE": "04", "ELIGIBILITY-GROUP": "24" })),
  "benefits-4-female": person("B4", { ...benefits("4"), ELG00002: { SEX: "M" } }),
  "benefits-6-group": person("B6", benefits("6", { "ELIGIBILITY-GROUP": "01" })),
  "benefits-7-option": person("B7", benefits("7")),
  "adult-group-benefits": person("ADULT", benefits("5", { "ELIGIBILITY-GROUP": "72" })),
  "benefits-d-money-follows": person("BD", benefits("D")),
  "benefits-g-dual": person("BG", benefits("G", { "DUAL-ELIGIBLE-CODE": "02" })),
};

/** Each keeps every rule, and would break one if it looked at less than it does. */
const KEEPING: readonly Row[] = [
  ...person("PLAIN", {}, address({}), address({ "ELIGIBLE-ADDR-TYPE": "06" })),
  // Two adjacent rows of the parent cover one of the child.
  ...person("TWICE", { ELG00002: { [PRIMARY_TO]: "20221231" } }, { segment: "ELG00002", cells: { SEX: "F", [PRIMARY_FROM]: "20230101" } }),
  ...person("MOVED", {}, address({ "ELIGIBLE-ADDR-END-DATE": "20231231" }), address({ "ELIGIBLE-ADDR-EFF-DATE": "20240101" })),
  ...person("DIED", {
    ELG00002: { "DATE-OF-DEATH": "20251210", [PRIMARY_TO]: "20251210" },
    ELG00003: { "VARIABLE-DEMOGRAPHIC-ELEMENT-END-DATE": "20251210" },
    ELG00005: { "ELIGIBILITY-DETERMINANT-END-DATE": "20251210" },
    ELG00021: { "ENROLLMENT-END-DATE": "20251210" },
  }),
  ...person("NONCITIZEN", { ...benefits("2"), ELG00003: { "CITIZENSHIP-IND": "0", "IMMIGRATION-STATUS": "3" } }),
  ...person("OPTION", benefits("7"), { segment: "ELG00011", cells: { "STATE-PLAN-OPTION-TYPE": "06" } }),
  ...person("DUAL", benefits("3", { "DUAL-ELIGIBLE-CODE": "05", "ELIGIBILITY-GROUP": "24" })),
  ...person("PLACED", {}, address({ "ELIGIBLE-ZIP-CODE": "940801234", "ELIGIBLE-COUNTY-CODE": "115" })),
  // The first three digits are Connecticut's.
  ...person("ISLAND", {}, address({ "ELIGIBLE-STATE": "36", "ELIGIBLE-ZIP-CODE": "06390" })),
  ...person("WAIVED", {}, waiver("ca.0139.R05.00", "06"), waiver("AK.01", "32"), waiver("21-W-00058/4", "30")),
  ...person("TESTED", benefits("F", { "ELIGIBILITY-GROUP": "76", ...since("20200318") })),
  ...person("TESTED2", benefits("F", { "ELIGIBILITY-GROUP": "76", ...since("20230511") })),
  ...person("UNKNOWN", {}, waiver("WHATEVER", "31")),
  ...person("SOLDIER", {}, address({ "ELIGIBLE-ZIP-CODE": "09012" })),
  ...person("BLANK", { ELG00003: { SSN: "" } }),
];

describe("the rules of the Eligible file", () => {
  it("are each broken by what breaks them and by nothing else", async () => {
    const at = await openWith(NO_LIMITS);
    const validation = await validated(at, "all", tmsisFile(eligible, [...KEEPING, ...Object.values(BREAKING).flat()]));
    // A citizen with a status of non-citizens contradicts both ways.
    const rules = [...Object.keys(BREAKING), "status-noncitizen"];
    expect(broken(validation)).toEqual(Object.fromEntries(rules.map((rule) => [rule, 1])));
    expect(validation.outcome).toBe("accepted-with-findings");
    expect(validation.unseen).toEqual([]);
  });

  it("find nothing in a submission that keeps them", async () => {
    const at = await openWith();
    const validation = await validated(at, "good", tmsisFile(eligible, KEEPING));
    expect(broken(validation)).toEqual({});
    expect(validation.outcome).toBe("accepted");
    expect(at.kept().filter((name) => /^rejects\/|^tmp\/./.test(name))).toEqual([]);
  });

  it("name the rows that broke them by record number, and no data", async () => {
    const at = await openWith(NO_LIMITS);
    const taken = await at.take("some", tmsisFile(eligible, [...KEEPING, ...(BREAKING["benefits-2-no-citizen"] ?? [])]));
    if (!taken.ok) throw new Error(said(taken).join());
    const list = readFileSync(join(at.workspace.paths.rejects, `${taken.value.stored.digest}-findings.csv`), "utf8");
    expect(list).toBe(`segment,record,rule\nELG00005,${KEEPING.length + 3},benefits-2-no-citizen\n`);
  });
});

describe("providers of claims", () => {
  const provider = (id: string, cells: Readonly<Record<string, string>> = {}): Row => ({
    segment: "PRV00002",
    cells: { "SUBMITTING-STATE-PROV-ID": id, "PROV-ATTRIBUTES-EFF-DATE": "20200101", "PROV-ATTRIBUTES-END-DATE": "99991231", ...cells },
  });
  const identifier = (id: string, type: string, value: string): Row => ({
    segment: "PRV00005",
    cells: {
      "SUBMITTING-STATE-PROV-ID": id,
      "PROV-IDENTIFIER-TYPE": type,
      "PROV-IDENTIFIER": value,
      "PROV-IDENTIFIER-EFF-DATE": "20200101",
      "PROV-IDENTIFIER-END-DATE": "99991231",
    },
  });
  const claim = (number: string, cells: Readonly<Record<string, string>>): readonly Row[] =>
    claimRows("COT", `P${number}`, { "ICN-ORIG": number, "BEGINNING-DATE-OF-SERVICE": "20251203", "ENDING-DATE-OF-SERVICE": "20251203", ...cells }, {
      "BEGINNING-DATE-OF-SERVICE": "20251203",
      "ENDING-DATE-OF-SERVICE": "20251203",
    }); // prettier-ignore
  const claims = (): Buffer =>
    tmsisFile(all[3] as Catalogue, [
      ...claim("1", { "BILLING-PROV-NUM": "KNOWN" }),
      ...claim("2", { "BILLING-PROV-NUM": "NICKNAME" }),
      ...claim("3", { "BILLING-PROV-NUM": "1234567893" }),
      ...claim("4", { "BILLING-PROV-NUM": "GONE" }),
      ...claim("5", { "BILLING-PROV-NUM": "NOBODY" }),
      ...claim("6", { "BILLING-PROV-NUM": "" }),
      ...claim("7", { "BILLING-PROV-NUM": "NOBODY", "TYPE-OF-CLAIM": "2" }),
      ...claim("8", { "BILLING-PROV-NUM": "NOBODY", "CLAIM-STATUS-CATEGORY": "F2" }),
    ]);
  const providers = (...rows: readonly Row[]): Buffer =>
    tmsisFile(all[6] as Catalogue, [provider("KNOWN"), provider("GONE", { "PROV-ATTRIBUTES-END-DATE": "20251202" }), ...rows]);
  const IDENTIFIERS = [identifier("KNOWN", "1", "NICKNAME"), identifier("KNOWN", "2", "1234567893")];

  it("are known by number or identifier, on a day served, in whichever share of the people", async () => {
    const rules = shippedRules(all, NO_LIMITS);
    for (const people of [1, 4_000_000]) {
      const validate: typeof rules.engine.validate = (order) => rules.engine.validate({ ...order, people });
      bench = await openBench(all, { ...rules, engine: { validate } });
      await validated(bench, "prv", providers(...IDENTIFIERS));
      const { findings } = await validated(bench, "cot", claims());
      expect(findings.find(({ rule }) => rule === "billing-provider-known")).toEqual({ rule: "billing-provider-known", failed: 3, of: 5 });
      bench.remove();
    }
  });

  it("are not looked at where the workspace's own catalogue of providers lacks their numbers", async () => {
    const without = ({ elements, key, ...segment }: Segment): Segment => ({
      ...segment,
      key: key.filter((name) => name !== "PROV-IDENTIFIER-TYPE"),
      elements: elements.filter(({ name }) => name !== "PROV-IDENTIFIER-TYPE"),
    });
    const described = all.map((one) => (one.dataset === "tmsis/provider" ? { ...one, segments: one.segments.map(without) } : one));
    bench = await openBench(described, shippedRules(all, NO_LIMITS));
    await validated(bench, "prv", providers(...IDENTIFIERS));
    const { unseen } = await validated(bench, "cot", claims());
    expect(unseen).toContainEqual({
      rule: "billing-provider-known",
      why: "the catalogue of tmsis/provider lacks what it asks of PRV00005",
    });
  });

  it("are not looked at where the month's file of them was shredded", async () => {
    const at = await openWith(NO_LIMITS);
    const taken = await at.take("prv", providers());
    if (taken.ok) at.ports.vault.keys.shred(taken.value.stored.manifest.keyId);
    const { unseen } = await validated(at, "cot", claims());
    expect(unseen.map(({ rule }) => rule)).toContain("billing-provider-known");
  });

  it("are looked for where the file of providers has none of a segment", async () => {
    const at = await openWith(NO_LIMITS);
    await validated(at, "prv", providers());
    expect(broken(await validated(at, "cot", claims()))).toEqual({ "billing-provider-known": 4 });
  });
});

describe("a value that was valid up to a day", () => {
  it("is held to it by the row's first day", async () => {
    const text = `rulebook: dates
version: "2.4"
datasets: [tmsis/eligible]
rules:
  - id: code-0-until-2017
    tier: "1.1"
    says: code 0 begins in 2017 or before
    of: [ELG00005]
    when: { element: RESTRICTED-BENEFITS-CODE, is: ["0"] }
    must: { begins_to: 2017-12-31 }
`;
    const book = parseRuleBook({ file: "dates.yaml", text }, all);
    if (!book.ok) throw new Error(said(book).join());
    bench = await openBench(all, { ...shippedRules(all, NO_LIMITS), books: [book.value] });
    const rows = [...person("OLD", benefits("0", since("20171231"))), ...person("NEW", benefits("0", since("20180101")))];
    const { findings } = await validated(bench, "dates", tmsisFile(eligible, rows));
    expect(findings.find(({ rule }) => rule === "code-0-until-2017")).toEqual({ rule: "code-0-until-2017", failed: 1, of: 2 });
  });
});

describe("a submission that is looked at in shares", () => {
  it("gives the same counts", async () => {
    const bytes = tmsisFile(eligible, [...KEEPING, ...Object.values(BREAKING).flat()]);
    const at = await openWith(NO_LIMITS);
    const once = await validated(at, "all", bytes);
    at.remove();
    const rules = shippedRules(all, NO_LIMITS);
    const validate: typeof rules.engine.validate = (order) => rules.engine.validate({ ...order, people: 1_000_000, mostRows: 10_000_000 });
    bench = await openBench(all, { ...rules, engine: { validate } });
    expect(await validated(bench, "all", bytes)).toEqual(once);
  });
});

describe("measures", () => {
  it("count people as they are on the month's last day", async () => {
    const at = await openWith(NO_LIMITS);
    const rows = [
      ...person("A", { ELG00003: { SSN: "123456789" }, ELG00002: { "DATE-OF-BIRTH": "20041231" } }, address({ "ELIGIBLE-STATE": "48" })),
      ...person("B", { ELG00003: { SSN: "123456789", "CITIZENSHIP-IND": "" }, ELG00002: { "DATE-OF-BIRTH": "20050101" } }, address({})),
      ...person("C", { ...benefits("1"), ELG00003: { "CITIZENSHIP-IND": "0", "IMMIGRATION-STATUS": "3" } }),
      ...person("GONE", { ELG00002: { [PRIMARY_TO]: "20251230" } }),
      { segment: "ELG00004", cells: { "MSIS-IDENTIFICATION-NUM": "" } },
    ];
    const { measures } = await validated(at, "some", tmsisFile(eligible, rows));
    const share = (rule: string, segment?: string): string | undefined => {
      const found = measures.find((one) => one.rule === rule && one.segment === segment);
      return found === undefined ? undefined : `${found.counted} of ${found.of}`;
    };
    expect(share("ssn-shared")).toBe("1 of 1");
    expect(share("age-0-20")).toBe("1 of 3");
    expect(share("citizenship-missing")).toBe("1 of 4");
    expect(share("status-3-other-benefits")).toBe("1 of 1");
    expect(share("address-elsewhere")).toBe("1 of 2");
    expect(share("address-missing")).toBe("1 of 3");
    expect(share("missing-id", "ELG00004")).toBe("1 of 3");
    expect(share("missing-id", "ELG00002")).toBe("0 of 4");
  });
});

describe("the policy", () => {
  it("refuses a submission that breaks more than it allows, and nothing of it is stored", async () => {
    const at = await openWith('policy: strict\nrefuse:\n  - { rule: benefits-2-no-citizen, above: "0%" }\n');
    const before = at.kept();
    const taken = await at.take("bad", tmsisFile(eligible, person("B2", benefits("2"))));
    expect(said(taken)).toEqual(["E_RULES : it breaks more rules than the policy allows (benefits-2-no-citizen: 100%, above 0%)"]);
    expect(taken.ok ? undefined : taken.found?.manifest.sourceSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(at.kept()).toEqual(before);
    expect((await at.take("good", tmsisFile(eligible, KEEPING))).ok).toBe(true);
  });

  it("leaves manifests from before it readable", async () => {
    const at = await openBench(all);
    bench = at;
    const taken = await at.take("old", tmsisFile(eligible, KEEPING));
    if (!taken.ok) throw new Error(said(taken).join());
    expect(taken.value.stored.manifest.validation).toBeUndefined();
    const read = parseManifest("manifest.json", readFileSync(join(taken.value.stored.folder, "manifest.json")));
    expect(read.ok).toBe(true);
  });
});

describe("claims", () => {
  const claim = (number: string, person_: string, category: string, more: Readonly<Record<string, string>> = {}): readonly Row[] =>
    claimRows(
      "CIP",
      person_,
      { "ICN-ORIG": number, "ADMISSION-DATE": "20251203", "DISCHARGE-DATE": "20251207", ...more },
      {
        "CMS-64-CATEGORY-FOR-FEDERAL-REIMBURSEMENT": category,
        "BEGINNING-DATE-OF-SERVICE": "20251203",
        "ENDING-DATE-OF-SERVICE": "20251207",
      },
    );

  it("are compared with the month's Eligible file of the state, denied ones left alone", async () => {
    const at = await openWith(NO_LIMITS);
    const claims = tmsisFile(all[1] as Catalogue, [
      ...claim("1", "MEDICAID", "01"),
      ...claim("2", "CHIP", "01"),
      ...claim("3", "MEDICAID", "02"),
      ...claim("4", "CHIP", "01", { "CLAIM-STATUS-CATEGORY": "F2" }),
      ...claim("5", "STRANGER", "02"),
    ]);
    await validated(at, "elg", tmsisFile(eligible, [
      ...person("MEDICAID"),
      ...person("CHIP", { ELG00003: { "CHIP-CODE": "3" }, ELG00021: { "ENROLLMENT-TYPE": "2" } }),
    ])); // prettier-ignore
    const validation = await validated(at, "cip", claims);
    expect(broken(validation)).toEqual({ "cms-64-title-xix": 1, "cms-64-title-xxi": 1 });
    const looked = validation.findings.filter(({ rule }) => rule.startsWith("cms-64")).map(({ of }) => of);
    expect(looked).toEqual([2, 1]);
  });

  it("have lines that belong to them, lie within their days, and are counted", async () => {
    const at = await openWith(NO_LIMITS);
    const rows = [
      ...claim("SOUND", "A", "", { "CLAIM-LINE-COUNT": "1" }),
      ...claim("UNCOUNTED", "A", ""),
      ...claim("MISCOUNTED", "A", "", { "CLAIM-LINE-COUNT": "2" }),
      ...claim("LINELESS", "A", "", { "CLAIM-LINE-COUNT": "1" }).slice(0, 1),
      ...claim("LATER", "A", "", { "ADMISSION-DATE": "20251204" }),
      ...claim("STAYING", "A", "", { "DISCHARGE-DATE": "" }),
      ...claim("HEADLESS", "A", "").slice(1),
      ...claim("ANOTHER", "A", "").slice(0, 1),
      ...claim("ANOTHER", "B", "").slice(1),
      ...claim("DENIED", "A", "", { "CLAIM-LINE-COUNT": "9", "CLAIM-STATUS-CATEGORY": "F2" }),
    ];
    const validation = await validated(at, "cip", tmsisFile(all[1] as Catalogue, rows));
    expect(broken(validation)).toEqual({ "line-of-claim": 2, "line-within-claim": 1, "lines-counted": 2 });
  });

  it("without that file are not compared, and the report says so; a denied one may hold values nobody lists", async () => {
    const at = await openWith(NO_LIMITS);
    const denied = claim("1", "A", "01", { "CLAIM-STATUS-CATEGORY": "F2", "TYPE-OF-CLAIM": "?" });
    const paid = claim("2", "A", "01", { "CLAIM-STATUS-CATEGORY": "F1", "TYPE-OF-CLAIM": "?" });
    const validation = await validated(at, "cip", tmsisFile(all[1] as Catalogue, [...denied, ...paid]));
    expect(validation.unseen.map(({ rule, why }) => `${rule}: ${why}`)).toEqual([
      "billing-provider-known: no tmsis/provider of this state and month can be read",
      "cms-64-title-xix: no tmsis/eligible of this state and month can be read",
      "cms-64-title-xxi: no tmsis/eligible of this state and month can be read",
    ]);
    expect(validation.findings.find(({ rule }) => rule === "E1103")).toEqual({ rule: "E1103", failed: 1, of: 4 });
  });
});
