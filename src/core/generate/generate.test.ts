import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Catalogue } from "../catalog/catalogue.ts";
import { parseCatalogue } from "../catalog/parse-catalogue.ts";
import { fictitiousSsn, MOST_PEOPLE, stateNumber } from "./fictitious.ts";
import { FAULTS } from "./faults.ts";
import type { GenerationOrder, GenerationPlan } from "./plan.ts";
import { planGeneration } from "./plan.ts";
import { aidCodeMap } from "./sidecars.ts";
import type { StatePopulation } from "./state-population.ts";
import { apportion, parseStatePopulations } from "./state-population.ts";
import type { Piece } from "./submission.ts";
import { submissionOf } from "./submission.ts";

const text = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

function eligible(): Catalogue {
  const elements = text("catalog/tmsis/2.4/eligible.csv");
  const categories = [...new Set(elements.split("\n").map((line) => line.split(",")[9] ?? ""))];
  const read = parseCatalogue(
    { file: "eligible.yaml", text: text("catalog/tmsis/2.4/eligible.yaml") },
    { file: "eligible.csv", text: elements },
    { categories },
  );
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

function statePopulations(): readonly StatePopulation[] {
  const read = parseStatePopulations("population.csv", text("catalog/tmsis/population.csv"));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

const catalogue = eligible();
const populations = statePopulations();
const ORDER: GenerationOrder = {
  states: ["CA", "NM", "TX"],
  people: 900,
  period: "2025-12",
  seed: "1",
  ssnStates: ["NM"],
  encoding: "FLF",
  transaction: "C",
  sequence: 1,
  segments: [],
  faults: [],
  statusSource: "source",
  statusObserved: undefined,
  statusUntil: undefined,
};

function planOf(order: Partial<GenerationOrder>): GenerationPlan {
  const plan = planGeneration({ ...ORDER, ...order }, catalogue, populations);
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  return plan.value;
}

type Made = { readonly bytes: Buffer; readonly lines: readonly string[]; readonly status: string; readonly handles: string };

/** One state's files as the store would leave them. */
function make(order: Partial<GenerationOrder>, state = 0): Made {
  const plan = planOf(order);
  const chosen = plan.states[state];
  if (chosen === undefined) throw new Error("no such state");
  const parts: Record<Piece["file"], Buffer[]> = { submission: [], handles: [], "status-source": [] };
  let header = Buffer.alloc(0);
  for (const { file, bytes, at } of submissionOf(plan, chosen, "00")) {
    if (at === undefined) parts[file].push(Buffer.from(bytes));
    else header = Buffer.from(bytes);
  }
  const files = { ...parts, submission: Buffer.concat(parts.submission) };
  files.submission.set(header);
  const lines = files.submission.toString("latin1").split("\n").slice(0, -1);
  return { bytes: files.submission, lines, status: files["status-source"].join(""), handles: files.handles.join("") };
}

const segmentOf = (id: string): Catalogue["segments"][number] => {
  const segment = catalogue.segments.find((candidate) => candidate.id === id);
  if (segment === undefined) throw new Error(id);
  return segment;
};

function record(line: string): Record<string, string> {
  const { elements } = segmentOf(line.slice(0, 8));
  const piped = line[8] === "|" ? line.split("|") : undefined;
  return Object.fromEntries(
    elements.map(({ name, start, stop }, at) => [name, piped === undefined ? line.slice(start - 1, stop).trim() : (piped[at] ?? "")]),
  );
}

/** A large state, made once. */
const big = make({ people: 6000 });

const records = (made: Made, segment: string): readonly Record<string, string>[] =>
  made.lines.filter((line) => line.startsWith(segment)).map(record);

describe("a generated submission", () => {
  it("is the same for the same seed and another for another", () => {
    const digest = (order: Partial<GenerationOrder>): string => createHash("sha256").update(make(order).bytes).digest("hex");
    const expected = digest({});
    expect(digest({})).toBe(expected);
    expect(digest({ seed: "2" })).not.toBe(expected);
    expect(digest({ statusObserved: "2026-01-05" as never })).toBe(expected);
  });

  it("has a valid header and counts the records after it", () => {
    for (const encoding of ["FLF", "PSV"]) {
      const made = make({ encoding });
      expect(record(made.lines[0] ?? "")).toMatchObject({
        "RECORD-ID": "ELG00001",
        "FILE-ENCODING-SPECIFICATION": encoding,
        "SUBMITTING-STATE": "06",
        "START-OF-TIME-PERIOD": "20251201",
        "END-OF-TIME-PERIOD": "20251231",
        "SSN-INDICATOR": "0",
        "TOT-REC-CNT": String(made.lines.length - 1).padStart(11, "0"),
        "SEQUENCE-NUMBER": "1",
      });
    }
  });

  it("has records of one length and of every segment, numbered through", () => {
    const made = big;
    const known = new Set(catalogue.segments.map(({ id }) => id));
    for (const line of made.lines) {
      if (line.length !== 1000) expect(line).toHaveLength(1000);
      known.delete(line.slice(0, 8));
    }
    expect([...known]).toEqual([]);
    expect(made.lines.slice(1).every((line, at) => Number(line.slice(10, 21)) === at + 1)).toBe(true);
  });

  it("says the same between pipes", () => {
    const [fixed, piped] = [make({}), make({ encoding: "PSV" })];
    const trimmed = (row: Record<string, string>): Record<string, string> => ({
      ...row,
      "RECORD-NUMBER": String(Number(row["RECORD-NUMBER"])),
    });
    expect(piped.lines.slice(1).map((line) => record(line))).toEqual(fixed.lines.slice(1).map((line) => trimmed(record(line))));
    expect(piped.lines.every((line) => line.split("|").length === segmentOf(line.slice(0, 8)).elements.length - 1)).toBe(true);
  });

  it("takes only values the catalogue lists, and spans within enrolment", () => {
    const made = make({});
    const enrolled = new Map(
      records(made, "ELG00021").map((row) => [row["MSIS-IDENTIFICATION-NUM"], [row["ENROLLMENT-EFF-DATE"], row["ENROLLMENT-END-DATE"]]]),
    );
    for (const line of made.lines.slice(1)) {
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

  it("comes near the enrolment figures", () => {
    const births = records(big, "ELG00002").map((row) => Number((row["DATE-OF-BIRTH"] ?? "").slice(0, 4)));
    const share = (count: number): number => count / births.length;
    expect(share(births.filter((year) => year >= 2007).length)).toBeCloseTo(0.364, 1);
    expect(share(births.filter((year) => year <= 1960).length)).toBeCloseTo(0.1, 1);
  });
});

describe("an SSN-state", () => {
  const made = make({ people: 6000 }, 1);
  it("says so, and its ids are the numbers", () => {
    expect(record(made.lines[0] ?? "")["SSN-INDICATOR"]).toBe("1");
    for (const { SSN, "MSIS-IDENTIFICATION-NUM": id } of records(made, "ELG00003")) {
      expect(SSN === "" ? id?.charAt(0) : SSN).toBe(SSN === "" ? "T" : id);
    }
  });
  it("has numbers nobody bears", () => {
    const ssns = records(made, "ELG00003").flatMap(({ SSN = "" }) => (SSN === "" ? [] : [SSN]));
    expect(ssns.every((ssn) => /^9\d\d[1-4]\d(?!0000)\d{4}$/.test(ssn))).toBe(true);
    fc.assert(
      fc.property(fc.nat(MOST_PEOPLE - 1), fc.nat(MOST_PEOPLE - 1), (a, b) => {
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
  it("move with their number and name, and are enrolled once at a time", () => {
    const of = (state: number): Map<string | undefined, Record<string, string>> =>
      new Map(records(make({}, state), "ELG00003").map((row) => [row["SSN"] === "" ? undefined : row["SSN"], row]));
    const [california, newMexico] = [of(0), of(1)];
    const both = [...california.keys()].filter((ssn) => ssn !== undefined && newMexico.has(ssn));
    expect(both.length).toBeGreaterThan(0);
    for (const ssn of both) {
      const end = california.get(ssn)?.["VARIABLE-DEMOGRAPHIC-ELEMENT-END-DATE"] ?? "";
      expect(end < (newMexico.get(ssn)?.["VARIABLE-DEMOGRAPHIC-ELEMENT-EFF-DATE"] ?? "")).toBe(true);
    }
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

describe("planted faults", () => {
  const sound = make({});
  const soundPiped = make({ encoding: "PSV" });
  const differing = (fault: string, encoding = "FLF"): readonly string[] => {
    const expected = encoding === "FLF" ? sound.lines : soundPiped.lines;
    return make({ faults: [fault], encoding }).lines.filter((line, at) => line !== expected[at]);
  };

  it("change one thing each", () => {
    const header = (fault: string): Record<string, string> => record(differing(fault)[0] ?? "");
    expect(header("header-count")["TOT-REC-CNT"]).toBe(String(sound.lines.length).padStart(11, "0"));
    expect(header("wrong-state")["SUBMITTING-STATE"]).toBe("48");
    expect(header("unknown-state")["SUBMITTING-STATE"]).toBe("99");
    expect(header("wrong-period")["END-OF-TIME-PERIOD"]).toBe("20260101");
    expect(header("wrong-encoding")["FILE-ENCODING-SPECIFICATION"]).toBe("PSV");
    expect(header("unknown-dictionary")["DATA-DICTIONARY-VERSION"]).toBe("9.9");
    expect(header("unknown-value")["SEX"]).toBe("Q");
    expect(header("bad-date")["DATE-OF-BIRTH"]).toBe("19930231");
    expect(header("stray-state")["SUBMITTING-STATE"]).toBe("78");
    expect(header("missing-id")["MSIS-IDENTIFICATION-NUM"]).toBe("");
    expect(differing("bad-line-length").map((line) => line.length)).toEqual([999]);
    expect(differing("bad-line-length", "PSV")[0]?.split("|")).toHaveLength(12);
    expect(differing("unknown-segment")[0]?.slice(0, 8)).toBe("ELG00099");
    expect(differing("binary")[0]).toContain("\0\0\0\0");
  });
  it("leave the header out, or the end", () => {
    expect(make({ faults: ["no-header"] }).bytes.equals(sound.bytes.subarray(1001))).toBe(true);
    expect(make({ faults: ["truncated"] }).bytes.equals(sound.bytes.subarray(0, -20))).toBe(true);
  });
  it("are planted in the state named, else the first", () => {
    expect(make({ faults: ["truncated@TX"] }).bytes.equals(sound.bytes)).toBe(true);
    expect(make({ faults: ["truncated@TX"] }, 2).bytes.length % 1001).not.toBe(0);
  });
  it("can each be planted", () => {
    const few = make({ people: 200 }).bytes;
    for (const fault of Object.keys(FAULTS)) expect(make({ faults: [fault], people: 200 }).bytes.equals(few)).toBe(false);
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
    const plan = planGeneration(wrong, catalogue, populations);
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
