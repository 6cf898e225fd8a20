import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Catalogue } from "./catalogue.ts";
import { parseCatalogue } from "./parse-catalogue.ts";
import type { CatalogueWords } from "./reading.ts";
import { pictureBytes } from "./segments.ts";

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const fields = parse(text("law/vocabulary/fields.yaml")) as { id: string }[];
const words: CatalogueWords = {
  categories: fields.map((field) => field.id),
  facets: { population: ["citizen", "lpr"] },
  fips: { "06": "CA" },
};
const yaml = { file: "eligible.yaml", text: text("catalog/tmsis/2.4/eligible.yaml") };
const csv = { file: "eligible.csv", text: text("catalog/tmsis/2.4/eligible.csv") };

function eligible(): Catalogue {
  const read = parseCatalogue(yaml, csv, words);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

const problemsOf = (description: string, elements?: string): readonly string[] => {
  const read = parseCatalogue(
    { file: "c.yaml", text: description },
    elements === undefined ? undefined : { file: "c.csv", text: elements },
    words,
  );
  return read.ok
    ? []
    : read.problems.map((found) => `${found.at?.file}:${found.at?.line}:${found.at?.column}: ${found.code} ${found.message}`);
};

describe("the Eligible file", () => {
  it("has 20 contiguous segments of 1,000 bytes", () => {
    const catalogue = eligible();
    expect(catalogue.segments).toHaveLength(20);
    expect(catalogue.segments.flatMap((segment) => segment.elements)).toHaveLength(251);
    for (const { elements } of catalogue.segments) {
      expect(elements[0]?.start).toBe(1);
      expect(elements.at(-1)?.stop).toBe(1000);
      for (const [at, element] of elements.entries()) {
        expect(element.start).toBe((elements[at - 1]?.stop ?? 0) + 1);
        expect(pictureBytes(element.picture)).toBe(element.stop - element.start + 1);
      }
    }
  });

  it("puts every element under the word that says what it tells", () => {
    const expected: Record<string, string[]> = {
      "immigration-proxy": ["ELG041", "ELG043", "ELG044", "ELG087", "ELG093", "ELG094", "ELG095", "ELG097"],
      "immigration-status": ["ELG042"],
      citizenship: ["ELG040"],
      address: ["ELG065", "ELG066", "ELG067", "ELG068", "ELG069", "ELG070", "ELG071", "ELG072"],
      phone: ["ELG073"],
      "date-of-birth": ["ELG024"],
      "date-of-death": ["ELG025"],
      ssn: ["ELG036"],
      "ssn-verification": ["ELG037"],
      "medicare-id": ["ELG050", "ELG051"],
      "case-number": ["ELG083"],
      name: ["ELG020", "ELG021", "ELG022"],
      sex: ["ELG023"],
      diagnosis: ["ELG130", "ELG242"],
    };
    const elements = eligible().segments.flatMap((segment) => segment.elements);
    for (const [category, ids] of Object.entries(expected)) {
      expect(elements.filter((element) => element.category === category).map((element) => element.id)).toEqual(ids);
    }
    for (const { name, category } of elements) {
      if (name === "STATE-NOTATION" || name === "TYPE-OF-LIVING-ARRANGEMENT") expect(category).toBe("free-text");
      if (name === "MSIS-IDENTIFICATION-NUM") expect(category).toBe("medicaid-id");
      if (/^(RECORD-|FILLER|SUBMITTING)/.test(name)) expect(category).toBe("structural");
    }
  });

  it("lets no element of a health segment look like a plain date", () => {
    const health = new Set(["ELG00006", "ELG00007", "ELG00008", "ELG00009", "ELG00010", "ELG00012", "ELG00013", "ELG00017", "ELG00020"]);
    const allowed = new Set(["health", "diagnosis", "disability", "structural", "medicaid-id", "free-text"]);
    for (const segment of eligible().segments.filter(({ id }) => health.has(id))) {
      for (const element of segment.elements) expect(allowed).toContain(element.category);
    }
  });

  it("names a key, a span and special content that exist", () => {
    const { segments, facets } = eligible();
    expect(segments.filter((segment) => segment.span === undefined).map((segment) => segment.id)).toEqual(["ELG00001"]);
    expect(segments.filter((segment) => segment.special === "possible").map((segment) => segment.id.slice(-2))).toEqual(
      "06 07 08 09 10 12 14 20".split(" "),
    );
    expect(facets["origin"]).toMatchObject({
      column: "SUBMITTING-STATE",
      segment: "ELG00001",
      map: { "06": "CA", "93": "WY", "97": "PA" },
    });
  });
});

describe("a faulty catalogue", () => {
  it("names the line of a gap, a wrong picture, an unknown category and a wrong length", () => {
    const elements = csv.text
      .replace("X(20),text,22,41,inferred,medicaid-id", "X(20),text,23,42,inferred,medicaid-id")
      .replace("103,103,,sex", "103,103,,sexx")
      .replace("X(365),text,636,1000", "X(365),text,636,999");
    const found = problemsOf(yaml.text, elements);
    expect(found).toContain('c.csv:21:85: E_CATALOGUE "MSIS-IDENTIFICATION-NUM" starts at 23, not at 22');
    expect(found).toContain('c.csv:25:73: E_CATALOGUE "SEX" has the unknown category "sexx"');
    expect(found.some((text) => text.endsWith("ELG00002 ends at byte 999, not at 1000"))).toBe(true);
    expect(found.some((text) => text.endsWith("the picture X(365) does not take 364 bytes"))).toBe(true);
  });

  it("names missing segments, unknown keys and unknown forms", () => {
    const found = problemsOf(yaml.text.replace("id: ELG00001", "id: ELG00099").replace("form: tmsis", "form: tmsis\nfrom: x"), csv.text);
    expect(found.map((text) => text.replace(/^\S+ /, ""))).toEqual([
      'E_SHAPE unknown key "from"',
      'E_CATALOGUE the elements have no segment "ELG00099"',
      "E_CATALOGUE segment ELG00001 is not in the description",
      'E_CATALOGUE there is no segment "ELG00001"',
    ]);
    expect(problemsOf(yaml.text)[0]).toContain("the elements are missing");
  });
});

describe("values that are valid on some days", () => {
  const said = (entry: string): readonly string[] =>
    problemsOf(yaml.text.replace(/^valid:$/m, `valid:\n  - ${entry}`), csv.text).map((text) => text.replace(/^\S+ \S+ /, ""));

  it("stand with their elements, of every segment that has them", () => {
    const dated = eligible().segments.flatMap(({ id, elements }) =>
      elements.flatMap(({ name, dated: days }) => (days === undefined ? [] : [[id, name, days.length, days[0]]])),
    );
    expect(dated).toEqual([
      ["ELG00003", "IMMIGRATION-STATUS", 1, { value: "2", from: "2009-04-01" }],
      ["ELG00005", "ELIGIBILITY-GROUP", 5, { value: "76", from: "2020-03-18", to: "2023-05-11" }],
      ["ELG00005", "RESTRICTED-BENEFITS-CODE", 1, { value: "F", from: "2020-03-18", to: "2023-05-11" }],
    ]);
  });

  it.each([
    ["{ element: SEXX, values: [M], from: 2020-01-01, cite: x }", 'no segment has an element "SEXX"'],
    ["{ element: SEX, values: [X], from: 2020-01-01, cite: x }", 'the catalogue lists no value "X" of SEX'],
    ["{ element: SEX, values: [M], cite: x }", "neither from nor to is given"],
    ["{ element: SEX, values: [M], from: 2020-02-30, cite: x }", '"2020-02-30" is no day'],
    ["{ element: SEX, values: [M], from: 2020-01-02, to: 2020-01-01, cite: x }", "the last day lies before the first"],
    ['{ element: SEX, values: [M], from: 2020-01-02, cite: "" }', "the source is missing"],
    ["{ element: SEX, values: [M], from: 2020-01-02 }", '"cite" is missing'],
  ])("are refused as %s", (entry, message) => {
    expect(said(entry)).toContain(message);
  });
});

describe("a table", () => {
  const table = `dataset: clinic/visits
version: "1"
title: Visits
form: table
person: patient
key: [visit]
columns:
  - { name: patient, category: medicaid-id }
  - { name: visit, type: integer, category: structural }
  - { name: status, category: citizenship, values: [C, L] }
facets:
  origin: { constant: CA }
  population: { column: status, map: { C: citizen, L: lpr } }
  funding: unknown
`;
  it("reads in one file", () => {
    const read = parseCatalogue({ file: "c.yaml", text: table }, undefined, words);
    expect(read.ok && read.value).toMatchObject({
      dataset: "clinic/visits",
      form: "table",
      recordLengthBytes: 0,
      personElement: "patient",
      segments: [
        { id: "ROWS", key: ["visit"], special: "possible", elements: [{ name: "patient" }, { type: "integer" }, { values: ["C", "L"] }] },
      ],
      facets: {
        origin: { constant: "CA" },
        population: { column: "status", segment: "ROWS", map: { C: "citizen", L: "lpr" } },
        funding: { unknown: true },
      },
    });
  });
  it("names what is wrong, and where", () => {
    const wrong = table
      .replace("person: patient", "person: nobody")
      .replace("medicaid-id", "medicade-id")
      .replace("L: lpr", "L: lprr")
      .replace("name: visit", "name: Patient")
      .replace("integer", "number");
    expect(problemsOf(wrong)).toEqual([
      'c.yaml:8:32: E_CATALOGUE "patient" has the unknown category "medicade-id"',
      'c.yaml:9:28: E_CATALOGUE "number" is no type',
      'c.yaml:9:13: E_CATALOGUE the column "Patient" is listed twice',
      'c.yaml:6:6: E_CATALOGUE ROWS has no element "visit"',
      'c.yaml:13:55: E_CATALOGUE "lprr" is no leaf of the facet "population"',
      'c.yaml:5:9: E_CATALOGUE no segment has the person element "nobody"',
    ]);
  });

  it("takes a word with a question mark for a guess, which is unclassified", () => {
    const draft = table
      .replace("person: patient", 'person: "?patient"')
      .replace("category: structural", "category: ?structural")
      .replace("category: citizenship", 'category: "?citizenship"');
    const read = parseCatalogue({ file: "c.yaml", text: draft }, undefined, words);
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const { guesses, segments, personElement } = read.value;
    expect(personElement).toBe("patient");
    expect(segments[0]?.elements.map(({ category }) => category)).toEqual(["medicaid-id", "unclassified", "unclassified"]);
    expect(guesses?.map(({ column, guess, at }) => [column, guess, at.line])).toEqual([
      ["visit", "structural", 9],
      ["status", "citizenship", 10],
      [undefined, "patient", 5],
    ]);
    expect(problemsOf(draft.replace("?structural", "?strctural"))).toEqual([
      'c.yaml:9:45: E_CATALOGUE "visit" has the unknown category "strctural"',
    ]);
    const open = parseCatalogue({ file: "c.yaml", text: table.replace("person: patient", 'person: "?"') }, undefined, words);
    expect(open.ok && open.value.guesses).toEqual([{ guess: "", at: { file: "c.yaml", line: 5, column: 9 } }]);
  });

  it("says how its file is written", () => {
    const json = table
      .replace("form: table", "form: table\nencoding: ndjson")
      .replace("name: visit, type: integer", 'name: visit, path: "a[0].b", type: date, written: YYYYMMDD');
    const read = parseCatalogue({ file: "c.yaml", text: json }, undefined, words);
    expect(read.ok && [read.value.encoding, read.value.segments[0]?.elements[1]]).toMatchObject([
      "ndjson",
      { name: "visit", path: "a[0].b", written: "YYYYMMDD" },
    ]);
    const wrong = json.replace("ndjson", "xml").replace("YYYYMMDD", "YYMMDD").replace("type: date, ", "");
    expect(problemsOf(wrong)).toEqual([
      'c.yaml:10:45: E_CATALOGUE dates are not written "YYMMDD"',
      'c.yaml:5:11: E_CATALOGUE unknown encoding "xml"',
    ]);
    expect(problemsOf(json.replace("a[0].b", "a[0]b").replace("name: status", 'name: s, path: "a[0]b"'))).toEqual([
      'c.yaml:10:26: E_CATALOGUE "a[0]b" is no path into JSON',
      'c.yaml:11:22: E_CATALOGUE "a[0]b" is no path into JSON',
      'c.yaml:11:22: E_CATALOGUE the path "a[0]b" is read twice',
      'c.yaml:14:15: E_CATALOGUE ROWS has no element "status"',
    ]);
  });
});
