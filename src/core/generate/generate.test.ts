import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cells, Made } from "../../../test/generate/made.ts";
import { make as makeAll, ORDER, planOf, record, segmentOf as foundSegment, SOURCES } from "../../../test/generate/made.ts";
import type { Segment } from "../catalog/catalogue.ts";
import { fictitiousSsn, SSN_COUNT, stateNumber } from "./fictitious.ts";
import type { GenerationOrder } from "./plan.ts";
import { planGeneration } from "./plan.ts";
import { aidCodeMap } from "./sidecars.ts";
import { apportion } from "./state-population.ts";

type MadeFile = Made & { readonly file: Buffer; readonly all: readonly string[] };

/** One state's Eligible file. */
function make(order: Partial<GenerationOrder>, state = 0): MadeFile {
  const made = makeAll(order, state);
  return { ...made, file: made.bytes.eligible, all: made.lines("eligible") };
}

const { populations } = SOURCES;
const eligible = SOURCES.catalogues.find(({ dataset }) => dataset === "tmsis/eligible");
const segmentOf = (id: string): Segment => foundSegment(id).segment;
const records = (made: Made, segment: string): readonly Cells[] => made.records(segment);

/** A large state, made once. */
const big = make({ people: 6000 });

describe("a generated submission", () => {
  it("is the same for the same seed and another for another", () => {
    const digest = (order: Partial<GenerationOrder>): string => createHash("sha256").update(make(order).file).digest("hex");
    const expected = digest({});
    expect(digest({})).toBe(expected);
    expect(digest({ seed: "2" })).not.toBe(expected);
    expect(digest({ statusObserved: "2026-01-05" as never })).toBe(expected);
  });

  it("has a valid header and counts the records after it", () => {
    for (const encoding of ["FLF", "PSV"]) {
      const made = make({ encoding });
      expect(record(made.all[0] ?? "")).toMatchObject({
        "RECORD-ID": "ELG00001",
        "FILE-ENCODING-SPECIFICATION": encoding,
        "SUBMITTING-STATE": "06",
        "START-OF-TIME-PERIOD": "20251201",
        "END-OF-TIME-PERIOD": "20251231",
        "SSN-INDICATOR": "0",
        "TOT-REC-CNT": String(made.all.length - 1).padStart(11, "0"),
        "SEQUENCE-NUMBER": "1",
      });
    }
  });

  it("has records of one length and of every segment, numbered through", () => {
    const made = big;
    const known = new Set((eligible?.segments ?? []).map(({ id }) => id));
    for (const line of made.all) {
      if (line.length !== 1000) expect(line).toHaveLength(1000);
      known.delete(line.slice(0, 8));
    }
    expect([...known]).toEqual([]);
    expect(made.all.slice(1).every((line, at) => Number(line.slice(10, 21)) === at + 1)).toBe(true);
  });

  it("says the same between pipes", () => {
    const [fixed, piped] = [make({}), make({ encoding: "PSV" })];
    const trimmed = (row: Record<string, string>): Record<string, string> => ({
      ...row,
      "RECORD-NUMBER": String(Number(row["RECORD-NUMBER"])),
    });
    expect(piped.all.slice(1).map((line) => record(line))).toEqual(fixed.all.slice(1).map((line) => trimmed(record(line))));
    expect(piped.all.every((line) => line.split("|").length === segmentOf(line.slice(0, 8)).elements.length - 1)).toBe(true);
  });

  it("takes only values the catalogue lists, and spans within enrolment", () => {
    const made = make({});
    const enrolled = new Map(
      records(made, "ELG00021").map((row) => [row["MSIS-IDENTIFICATION-NUM"], [row["ENROLLMENT-EFF-DATE"], row["ENROLLMENT-END-DATE"]]]),
    );
    for (const line of made.all.slice(1)) {
      const row = record(line);
      const { elements, span } = segmentOf(line.slice(0, 8));
      const unlisted = elements.filter(({ name, values }) => row[name] !== "" && values?.includes(row[name] ?? "") === false);
      if (unlisted.length > 0) expect(unlisted).toEqual([]);
      const [from = "", to = ""] = enrolled.get(row["MSIS-IDENTIFICATION-NUM"]) ?? [];
      const [first = "", last = ""] = [row[span?.from ?? ""], row[span?.to ?? ""]];
      if (!(from <= first && first <= last && last <= to)) expect([from, first, last, to]).toEqual([from, first, last, "within"]);
    }
  });

  it("codes benefits as the dictionary's rules ask", () => {
    const made = big;
    const status = new Map(records(made, "ELG00003").map((row) => [row["MSIS-IDENTIFICATION-NUM"], row]));
    const coverage = records(made, "ELG00005");
    for (const row of coverage) {
      const person = status.get(row["MSIS-IDENTIFICATION-NUM"]);
      if (row["RESTRICTED-BENEFITS-CODE"] === "2") expect(person?.["CITIZENSHIP-IND"]).toBe("0");
      if (row["RESTRICTED-BENEFITS-CODE"] === "3") expect(row["DUAL-ELIGIBLE-CODE"]).toMatch(/^0[1356]$/);
      if (row["RESTRICTED-BENEFITS-CODE"] === "7") expect(row["ELIGIBILITY-GROUP"]).toBe("72");
      if (row["RESTRICTED-BENEFITS-CODE"] === "6") expect(row["ELIGIBILITY-GROUP"]).toBe("35");
    }
    const restricted = coverage.filter((row) => row["RESTRICTED-BENEFITS-CODE"] === "2").length / coverage.length;
    expect(restricted).toBeGreaterThan(0.08);
    expect(restricted).toBeLessThan(0.25);
    expect(new Set(coverage.map((row) => (row["STATE-SPEC-ELIG-GROUP"] ?? "").charAt(0)))).toEqual(new Set(["M", "K", "E", "S", "X"]));
  });
});

describe("an SSN-state", () => {
  const made = make({ people: 6000 }, 1);
  it("says so, and its ids are the numbers", () => {
    expect(record(made.all[0] ?? "")["SSN-INDICATOR"]).toBe("1");
    for (const { SSN, "MSIS-IDENTIFICATION-NUM": id } of records(made, "ELG00003")) {
      expect(id === SSN || id?.startsWith("T")).toBe(true);
    }
  });
  it("keeps the temporary number of somebody whose number came later", () => {
    const rows = records(made, "ELG00003");
    const later = rows.filter(({ SSN, "MSIS-IDENTIFICATION-NUM": id }) => SSN !== "" && id !== SSN);
    expect(later.length).toBeGreaterThan(0);
    for (const { SSN } of later)
      expect(new Set(rows.flatMap((row) => (row["SSN"] === SSN ? [row["MSIS-IDENTIFICATION-NUM"]] : []))).size).toBe(2);
  });
  it("has numbers nobody bears", () => {
    const ssns = records(made, "ELG00003").flatMap(({ SSN = "" }) => (SSN === "" ? [] : [SSN]));
    expect(ssns.every((ssn) => /^9\d\d[1-4]\d(?!0000)\d{4}$/.test(ssn))).toBe(true);
    fc.assert(
      fc.property(fc.nat(SSN_COUNT - 1), fc.nat(SSN_COUNT - 1), (a, b) => {
        expect(fictitiousSsn(a) === fictitiousSsn(b)).toBe(a === b);
        expect(stateNumber("35", a) === stateNumber("35", b)).toBe(a === b);
      }),
    );
  });
});

describe("people of several states", () => {
  it("are split by enrolment and none is lost", () => {
    fc.assert(
      fc.property(fc.integer({ min: 51, max: 1_000_000 }), (people) => {
        const counts = apportion(people, populations);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(people);
        expect(Math.min(...counts)).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
  it("move with number, name and birth, and some are enrolled in both at once", () => {
    const order = { people: 2500, segments: ["ELG00002", "ELG00003"] };
    const of = (state: number): ReadonlyMap<string, Cells> => {
      const made = make(order, state);
      const named = new Map(records(made, "ELG00002").map((row) => [row["MSIS-IDENTIFICATION-NUM"], row]));
      return new Map(records(made, "ELG00003").map((row) => [row["SSN"] ?? "", { ...named.get(row["MSIS-IDENTIFICATION-NUM"]), ...row }]));
    };
    const [california, newMexico] = [of(0), of(1)];
    const both = [...california].flatMap(([ssn, row]) => {
      const there = ssn === "" ? undefined : newMexico.get(ssn);
      return there === undefined ? [] : [[row, there] as const];
    });
    for (const [here, there] of both)
      for (const name of ["ELIGIBLE-FIRST-NAME", "ELIGIBLE-LAST-NAME", "DATE-OF-BIRTH", "SEX"]) expect(here[name]).toBe(there[name]);
    const at = "VARIABLE-DEMOGRAPHIC-ELEMENT";
    const twice = both.filter(([here, there]) => (here[`${at}-END-DATE`] ?? "") >= (there[`${at}-EFF-DATE`] ?? ""));
    expect(twice.length).toBeGreaterThan(0);
    expect(both.length - twice.length).toBeGreaterThan(twice.length);
  });
  it("live in households in which some are citizens and some are not, and some children are not born yet", () => {
    const order = { people: 2500, segments: ["ELG00003", "ELG00005"] };
    const made = make(order, 0);
    const citizen = new Map(records(made, "ELG00003").map((row) => [row["MSIS-IDENTIFICATION-NUM"], row["CITIZENSHIP-IND"] === "1"]));
    const homes = new Map<string | undefined, Set<boolean | undefined>>();
    for (const { "MSIS-CASE-NUM": home, "MSIS-IDENTIFICATION-NUM": id } of records(made, "ELG00005"))
      homes.set(home, (homes.get(home) ?? new Set()).add(citizen.get(id)));
    expect([...homes.values()].filter(({ size }) => size > 1).length / homes.size).toBeGreaterThan(0.03);
    const unborn = records(made, "ELG00005").filter((row) => row["CONCEPTION-TO-BIRTH-IND"] === "1");
    expect(unborn.length).toBeGreaterThan(0);
    expect(unborn.every((row) => citizen.get(row["MSIS-IDENTIFICATION-NUM"]) === false && row["ELIGIBILITY-GROUP"] === "64")).toBe(true);
  });
  it("are the same in all months of a quarter", () => {
    const segments = ["ELG00002", "ELG00003"];
    const of = (month: string): ReadonlyMap<string | undefined, Cells> => {
      const made = make({ period: month, segments });
      return new Map(
        segments.flatMap((segment) => records(made, segment)).map((row) => [`${row["RECORD-ID"]}${row["MSIS-IDENTIFICATION-NUM"]}`, row]),
      );
    };
    const [october, december] = [of("2025-10"), of("2025-12")];
    expect([...october.keys()]).toEqual([...december.keys()]);
    for (const [key, row] of october)
      for (const name of ["ELIGIBLE-FIRST-NAME", "DATE-OF-BIRTH", "SSN", "IMMIGRATION-STATUS"])
        expect(december.get(key)?.[name]).toBe(row[name]);
  });
  it("may have two ids in one state", () => {
    const rows = records(make({ people: 2500, segments: ["ELG00003"] }, 2), "ELG00003");
    const ids = new Map<string, Set<string>>();
    for (const { SSN = "", "MSIS-IDENTIFICATION-NUM": id = "" } of rows) if (SSN !== "") ids.set(SSN, (ids.get(SSN) ?? new Set()).add(id));
    const several = [...ids.values()].filter((known) => known.size > 1).length / ids.size;
    expect(several).toBeGreaterThan(0);
    expect(several).toBeLessThan(0.02);
  });
});

describe("full size", () => {
  it("is enrolment, and who comes on top of it", () => {
    const people = planOf({ states: ["CA"], people: "full", ssnStates: [] }).people;
    expect(people).toBe(Math.round(12_676_877 / (1 - 0.041 - 0.118)));
    const whole = planGeneration({ ...ORDER, states: populations.map(({ state }) => state), people: "full" }, SOURCES);
    expect(whole.ok ? [] : whole.problems.map(({ message }) => message)).toEqual(["the number of people is out of range"]);
  });
});

describe("sidecars", () => {
  const made = make({ statusObserved: "2026-01-05" as never, people: 3000 });
  it("give everybody one handle", () => {
    const ids = records(made, "ELG00002").map((row) => row["MSIS-IDENTIFICATION-NUM"]);
    const handles = made.handles.trim().split("\n");
    expect(handles.map((line) => line.split(",")[0])).toEqual(ids);
    expect(new Set(handles.map((line) => line.split(",")[1])).size).toBe(ids.length);
  });
  it("prove some people's status, of every standing", () => {
    const findings = made.status
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    const fresh = findings.filter((cells) => cells[4] === "2026-01-05");
    expect(fresh.every((cells) => cells[5] === "2026-04-05")).toBe(true);
    expect(findings.length - fresh.length).toBeGreaterThan(0);
    expect(new Set(fresh.map((cells) => cells[2]))).toContain("unlawfully-present");
    expect(new Set(fresh.map((cells) => cells[2])).size).toBeGreaterThan(3);
  });
  it("map aid codes to money, but for the unlisted ones", () => {
    const state = planOf({}).states[0];
    const map = state === undefined ? "" : aidCodeMap(state);
    expect(map).toContain("CA,S72,2014-01-01,9999-12-31,state-only,");
    expect(map).toContain("CA,M07,2014-01-01,9999-12-31,federal,");
    expect(map).not.toContain(",X");
    for (const row of records(made, "ELG00005")) {
      const code = row["STATE-SPEC-ELIG-GROUP"] ?? "";
      expect(map.includes(`CA,${code},`)).toBe(!code.startsWith("X"));
    }
  });
});

describe("an order", () => {
  it("is refused with all its problems", () => {
    const wrong = {
      ...ORDER,
      states: ["CA", "ZZ", "CA"],
      people: 2,
      period: "2025-13",
      ssnStates: ["TX"],
      encoding: "XML",
      transaction: "R",
      segments: ["ELG00019"],
      faults: ["truncate", "no-header@TX"],
    };
    const plan = planGeneration(wrong, SOURCES);
    expect(plan.ok ? [] : plan.problems.map(({ message }) => message)).toEqual([
      '"2025-13" is not a month',
      '"ZZ" is not a state',
      "a state is named twice",
      '"TX" is not among the states',
      '"ELG00019" is not a segment',
      '"XML" is not an encoding',
      "the number of people is out of range",
      "a create has sequence 1, a replace or update 2 or more",
      '"truncate" is not a fault',
      'the fault\'s state "TX" is not among the states',
    ]);
  });
});
