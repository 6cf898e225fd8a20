import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { utf8 } from "../base/bytes.ts";
import { parseCatalogue } from "../catalog/parse-catalogue.ts";
import { lineCutter } from "../intake/lines.ts";
import { columnTally, distinctBand, tallyValue } from "./column-tally.ts";
import { draftOf } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { draftText } from "./draft-text.ts";
import type { Profiler } from "./file-profile.ts";
import { tableProfiler } from "./file-profile.ts";
import { jsonProfiler } from "./json-profile.ts";
import type { NameClues } from "./name-clue.ts";
import { guessByName, knownNames, parseNameClues, wordsOf } from "./name-clue.ts";

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const categories = (parse(text("law/vocabulary/fields.yaml")) as { id: string }[]).map(({ id }) => id);
const read = parseNameClues({ file: "names.csv", text: text("catalog/guesses/names.csv") }, categories);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const clues: NameClues = { clues: read.value, known: new Map() };

/** Hands lines to a profiler; answers what it made of them. */
function profiled(lines: readonly string[], begin: "ndjson" | "csv" | "psv"): Draft {
  let profiler: Profiler | undefined = begin === "ndjson" ? jsonProfiler("f") : undefined;
  lineCutter().push(utf8(`${lines.join("\n")}\n`), (line) => {
    if (profiler !== undefined) return profiler.take(line) === undefined;
    const table = tableProfiler("f", line, begin === "psv" ? "psv" : "csv");
    if (!table.ok) throw new Error(JSON.stringify(table.problems));
    profiler = table.value;
    return true;
  });
  if (profiler === undefined) throw new Error("no line");
  return draftOf("x/y", profiler.profile(), clues);
}

const column = (name: string, ...values: readonly string[]): Draft["columns"][number] => {
  const [found] = profiled([name, ...values], "psv").columns;
  if (found === undefined) throw new Error("no column");
  return found;
};
const told = (name: string, ...values: readonly string[]): string => {
  const { category, confidence } = column(name, ...values);
  return `${category} ${confidence}`;
};
const many = (of: (at: number) => string): readonly string[] => Array.from({ length: 30 }, (_, at) => of(at));

describe("a guess", () => {
  it("is sure where name and values agree", () => {
    expect(told("BENE_BIRTH_DT", ...many((at) => `${10 + (at % 20)}-Mar-${1930 + at}`))).toBe("date-of-birth high");
    expect(told("dob", ...many((at) => `${1930 + at}0405`))).toBe("date-of-birth high");
    expect(told("ssn", ...many((at) => `${100 + at}45${1000 + at}`))).toBe("ssn high");
    expect(told("home_phone", ...many((at) => `(775) 555-01${10 + at}`))).toBe("phone high");
  });

  it("is a guess of medium confidence where one of them tells", () => {
    expect(told("BENE_ID", ...many(String))).toBe("medicare-id medium");
    expect(told("x1", ...many((at) => `${100 + at}-45-${1000 + at}`))).toBe("ssn medium");
    expect(told("x1", ...many((at) => `p${at}@example.org`))).toBe("contact medium");
    expect(told("x1", ...many((at) => `${at + 1} Main Street`))).toBe("address medium");
    expect(told("x1", ...many(() => "asked us to call again in the morning"))).toBe("free-text medium");
  });

  it("is none where nothing tells, or too little", () => {
    expect(told("x1", "a", "b")).toBe("unclassified none");
    expect(told("paid", "1.00")).toBe("unclassified none");
    expect(told("x1", ...many((at) => `${1930 + at}-04-05`))).toBe("unclassified none");
    expect(column("x1", ...many((at) => `${1930 + at}-04-05`)).because).toContain("as far apart as births");
    expect(told("x1", ...many((at) => `95${100 + at}`))).toBe("unclassified none");
    expect(told("x1", ...many((at) => `${100 + at}45${1000 + at}`))).toBe("unclassified none");
  });

  it("is none where name and values contradict each other", () => {
    expect(told("birth_date", "yes", "no")).toBe("unclassified none");
    for (const name of ["procedure_code", "CLM_ID", "gender", "plan_name"])
      expect(told(name, "A1", "123-45-6789", "B2")).toBe("unclassified none");
    expect(told("first_name", ...many((at) => `p${at}@example.org`))).toBe("unclassified none");
    expect(column("procedure_code", "A1", "123-45-6789", "B2").because).toContain("Social Security numbers");
    expect(told("city", ...many((at) => `p${at}@example.org`))).toBe("contact medium");
  });

  it("knows the names of dictionaries", () => {
    const eligible = parseCatalogue(
      { file: "e.yaml", text: text("catalog/tmsis/2.4/eligible.yaml") },
      { file: "e.csv", text: text("catalog/tmsis/2.4/eligible.csv") },
      { categories, facets: {}, fips: { "06": "CA" } },
    );
    if (!eligible.ok) throw new Error(JSON.stringify(eligible.problems.slice(0, 3)));
    const known = knownNames([eligible.value]);
    expect(guessByName("CONCEPTION_TO_BIRTH_IND", [], { clues: [], known })?.category).toBe("immigration-proxy");
    expect(guessByName("msisIdentificationNum", [], { clues: [], known })).toMatchObject({ category: "medicaid-id", person: true });
  });

  it.each([
    ["BENE_SRNM_NAME", "name"],
    ["Patient.name[0].family", "name"],
    ["MBI_NUM", "medicare-id"],
    ["ICD_DGNS_CD12", "diagnosis"],
    ["REV_CNTR_TOT_CHRG_AMT", "financial"],
    ["line1Address", "address"],
  ])("by name: %s is %s", (name, category) => {
    expect(guessByName(name, [], clues)?.category).toBe(category);
  });
});

describe("a draft", () => {
  const patient = (at: number): string =>
    JSON.stringify({ resourceType: "Patient", id: `secret-${at}`, name: [{ family: `Zyxw${at}`, given: ["Qq", "Rr"] }], birthDate: `${1930 + at}-01-02`, "123-45-6789": 1, note: "a\nb" }); // prettier-ignore
  const lines = many(patient);

  it("reads back as a catalogue in which every guess is denied and noted", () => {
    const draft = profiled(lines, "ndjson");
    const catalogue = parseCatalogue({ file: "d.yaml", text: draftText(draft, { file: "p.ndjson", all: true }) }, undefined, {
      categories,
    });
    if (!catalogue.ok) throw new Error(JSON.stringify(catalogue.problems));
    const { guesses = [], segments, personElement, encoding } = catalogue.value;
    expect([personElement, encoding]).toEqual(["id", "ndjson"]);
    expect(segments[0]?.elements.map(({ name, type, category }) => [name, type, category])).toEqual([
      ["resourceType", "text", "unclassified"],
      ["id", "text", "unclassified"],
      ["name[0].family", "text", "unclassified"],
      ["name[0].given[0]", "text", "unclassified"],
      ["name[0].given[1]", "text", "unclassified"],
      ["birthDate", "date", "unclassified"],
      ["note", "text", "unclassified"],
    ]);
    expect(guesses.map(({ column, guess }) => `${column ?? "-"} ${guess}`)).toContain("birthDate date-of-birth");
    expect(guesses.map(({ column, guess }) => `${column ?? "-"} ${guess}`)).toContain("- id");
  });

  it("holds no value, and is the same for the same rows", () => {
    const draft = profiled(lines, "ndjson");
    const said = `${draftText(draft, { file: "p", all: true })}${JSON.stringify(draft)}`;
    expect(said).not.toMatch(/secret|Zyxw|Qq|19\d\d|123-45/);
    expect(profiled(lines, "ndjson")).toEqual(draft);
    expect(draft.passedOver).toBe(30);
  });

  it("is not made of a file that starts with data", () => {
    const first = "123-45-6789,Ada,1930-01-02\n";
    lineCutter().push(utf8(first), (line) => {
      const made = tableProfiler("f.csv", line, "csv");
      expect(made.ok ? [] : made.problems.map(({ message }) => message)).toEqual([
        "the first line holds data where names of columns are expected",
      ]);
      return true;
    });
  });

  it("of any bytes never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom("csv" as const, "psv" as const), (bytes, encoding) => {
        const json = jsonProfiler("f");
        let table: Profiler | undefined;
        lineCutter().push(Uint8Array.of(...bytes, 10), (line) => {
          json.take(line);
          const begun = table === undefined ? tableProfiler("f", line, encoding) : undefined;
          if (begun?.ok === true) table = begun.value;
          else table?.take(line);
          return true;
        });
        for (const profiler of [json, table])
          if (profiler !== undefined) draftText(draftOf("x/y", profiler.profile(), clues), { file: "f", all: true });
      }),
      { numRuns: 300, seed: 17 },
    );
  });
});

describe("counts", () => {
  it("of different values come in bands", () => {
    const band = (different: number): string => {
      const tally = columnTally();
      for (let at = 0; at < different; at += 1) {
        const bytes = utf8(`v${at}`);
        tallyValue(tally, bytes, 0, bytes.length);
      }
      return distinctBand(tally);
    };
    expect([0, 1, 2, 10, 11, 100, 101, 1000, 1500].map(band)).toEqual(["none", "1", "2-10", "2-10", "11-100", "11-100", "101-1000", "101-1000", "more than 1000"]); // prettier-ignore
  });

  it("of filled values never say 100 % where one is missing", () => {
    expect(column("x|y", ...many(() => "1|2"), "|2").filled).toBe("96 %");
    expect(column("x|y", ...Array.from({ length: 999 }, () => "1|2"), "|2").filled).toBe("99 %");
  });

  it("of words in names", () => {
    expect(wordsOf("BENE_BIRTH_DT")).toEqual(["bene", "birth", "dt"]);
    expect(wordsOf("SSNNumber2.birthDate[0]")).toEqual(["ssn", "number", "birth", "date"]);
  });
});
