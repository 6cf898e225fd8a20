/** The eight files of one state: each well formed by the rules intake reads by, and all about the same people. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { FILE_KINDS } from "../../src/core/generate/file-kind.ts";
import type { Cells } from "./made.ts";
import { make, SOURCES } from "./made.ts";
import { faultsOf } from "./read.ts";

const made = make({ people: 3000, files: ["all"] });
const id = (row: Cells): string => row["MSIS-IDENTIFICATION-NUM"] ?? "";
const enrolled = new Map(
  made.records("ELG00021").map((row) => [id(row), [row["ENROLLMENT-EFF-DATE"] ?? "", row["ENROLLMENT-END-DATE"] ?? ""]]),
);
const people = new Map(made.records("ELG00002").map((row) => [id(row), row]));
/** The first letter of the aid code on a day: who pays. */
const coverage = new Map<string, readonly Cells[]>();
for (const row of made.records("ELG00005")) coverage.set(id(row), [...(coverage.get(id(row)) ?? []), row]);
const letter = (person: string, day: string): string => {
  const found = coverage.get(person)?.find((row) => day <= (row["ELIGIBILITY-DETERMINANT-END-DATE"] ?? ""));
  return (found?.["STATE-SPEC-ELIG-GROUP"] ?? "").charAt(0);
};
const stays = made.records("CIP00002");
const visits = made.records("COT00002");
const CLAIMS = ["CIP", "CLT", "COT", "CRX"];

describe("the eight files", () => {
  it.each([
    ["FLF", "LF"],
    ["PSV", "CRLF"],
  ])("are taken in without a fault: %s, %s", (encoding, lineEnd) => {
    const small = make({ people: 500, files: ["all"], encoding, lineEnd });
    for (const kind of FILE_KINDS) {
      expect([kind, faultsOf(small.bytes[kind])]).toEqual([kind, []]);
      expect(small.lines(kind).length).toBeGreaterThan(10);
    }
  });

  it("are the same bytes on every machine", () => {
    const small = make({ people: 120, files: ["all"], encoding: "PSV" });
    const hash = createHash("sha256");
    for (const kind of FILE_KINDS) hash.update(small.bytes[kind]);
    expect(hash.digest("hex")).toBe("2f8830dfb85e87a26a2005d52aae8be0de3736194cd2eb0b2a9b02be8e016489");
  });

  it("do not depend on which others are asked for", () => {
    const alone = make({ people: 300, files: ["claimot"] });
    const together = make({ people: 300, files: ["claimrx", "eligible", "claimot"] });
    expect(alone.bytes.claimot.equals(together.bytes.claimot)).toBe(true);
  });

  it("fill every segment but the rarest", () => {
    const used = new Set(FILE_KINDS.flatMap((kind) => made.lines(kind).map((line) => line.slice(0, 8))));
    const unused = SOURCES.catalogues.flatMap(({ segments }) => segments.map((segment) => segment.id)).filter((one) => !used.has(one));
    expect(unused).toEqual([]);
  });
});

describe("claims", () => {
  it("are of people enrolled on each day of service, and decided in the month", () => {
    for (const prefix of CLAIMS)
      for (const row of made.records(`${prefix}00002`)) {
        const days = ["ADMISSION-DATE", "DISCHARGE-DATE", "BEGINNING-DATE-OF-SERVICE", "ENDING-DATE-OF-SERVICE", "PRESCRIPTION-FILL-DATE"];
        const [from = "9", to = ""] = enrolled.get(id(row)) ?? [];
        const outside = days.filter((name) => (row[name] ?? "") !== "" && !(from <= (row[name] ?? "") && (row[name] ?? "") <= to));
        expect([outside, row["ADJUDICATION-DATE"]?.slice(0, 6)]).toEqual([[], "202512"]);
      }
  });

  it("have the lines they count, under the same version", () => {
    const version = (row: Cells, kind: string): string => [row["ICN-ORIG"], row["ICN-ADJ"], row[kind], row["ADJUDICATION-DATE"]].join();
    for (const prefix of CLAIMS) {
      const lines = new Map<string, number>();
      for (const row of made.records(`${prefix}00003`)) {
        const name = version(row, "LINE-ADJUSTMENT-IND");
        lines.set(name, (lines.get(name) ?? 0) + 1);
      }
      const headers = made.records(`${prefix}00002`);
      for (const row of headers) expect(lines.get(version(row, "ADJUSTMENT-IND"))).toBe(Number(row["CLAIM-LINE-COUNT"]));
      expect(lines.size).toBe(headers.length);
    }
  });

  it("come as originals, voids and replacements of what is in the file", () => {
    const originals = new Map(visits.filter((row) => row["ADJUSTMENT-IND"] === "0").map((row) => [row["ICN-ORIG"], row]));
    const later = visits.filter((row) => row["ADJUSTMENT-IND"] !== "0");
    expect(new Set(later.map((row) => row["ADJUSTMENT-IND"]))).toEqual(new Set(["1", "4"]));
    for (const row of later) {
      const first = originals.get(row["ICN-ORIG"]);
      expect(first === undefined ? "" : id(first)).toBe(id(row));
      expect((first?.["ADJUDICATION-DATE"] ?? "") < (row["ADJUDICATION-DATE"] ?? "")).toBe(true);
      expect(row["ICN-ADJ"]).not.toBe("");
    }
  });

  it("name providers, their numbers and plans that are there", () => {
    const providers = new Set(made.records("PRV00002").map((row) => row["SUBMITTING-STATE-PROV-ID"]));
    const npis = new Set(made.records("PRV00005").map((row) => row["PROV-IDENTIFIER"]));
    const plans = new Set(made.records("MCR00002").map((row) => row["STATE-PLAN-ID-NUM"]));
    const rows = CLAIMS.flatMap((prefix) => [...made.records(`${prefix}00002`), ...made.records(`${prefix}00003`)]);
    const all = [...rows, ...["ELG00007", "ELG00009", "ELG00013", "ELG00014"].flatMap((segment) => made.records(segment))];
    for (const row of all)
      for (const [name, value] of Object.entries(row)) {
        if (value === "") continue;
        if (name.endsWith("PROV-NUM") && !providers.has(value)) expect([name, value]).toEqual([]);
        if (/-NPI(-NUM)?$/.test(name) && !npis.has(value)) expect([name, value]).toEqual([]);
        if (/PLAN-ID(-NUM(BER)?)?$/.test(name) && !plans.has(value)) expect([name, value]).toEqual([]);
      }
  });

  it("of people with emergency benefits only are births and emergencies, nearly all", () => {
    const theirs = [...stays, ...visits].filter((row) => letter(id(row), "20251231") === "E");
    const birth = (row: Cells): boolean => ["O80", "Z3800"].includes(row["DIAGNOSIS-CODE-1"] ?? "");
    const emergency = (row: Cells): boolean => row["PLACE-OF-SERVICE"] === "23" || row["ADMISSION-TYPE"] === "1";
    expect(theirs.length).toBeGreaterThan(10);
    expect(theirs.filter((row) => birth(row) || emergency(row)).length / theirs.length).toBeGreaterThan(0.85);
    expect(theirs.filter(birth).length).toBeGreaterThan(theirs.length / 2);
  });

  it("of a newborn bear the mother's id, on the day her own tells of", () => {
    const born = stays.filter((row) => row["DIAGNOSIS-CODE-1"] === "Z3800" && row["ADJUSTMENT-IND"] === "0");
    expect(born.length).toBeGreaterThan(2);
    for (const row of born) {
      const mother = people.get(id(row));
      const delivery = stays.find((other) => id(other) === id(row) && other["DIAGNOSIS-CODE-1"] === "O80");
      expect([mother?.["SEX"], delivery?.["ADMISSION-DATE"]]).toEqual(["F", row["DATE-OF-BIRTH"]]);
      expect(row["DATE-OF-BIRTH"]).not.toBe(mother?.["DATE-OF-BIRTH"]);
      expect(visits.some((other) => id(other) === id(row) && other["DATE-OF-BIRTH"] === row["DATE-OF-BIRTH"])).toBe(true);
    }
  });

  it("now and then tell of substance use, by the codes of catalog/part2", () => {
    const codes = new Set(SOURCES.part2.filter(({ signal }) => signal === "diagnosis").map(({ code }) => code));
    const share = visits.filter((row) => codes.has(row["DIAGNOSIS-CODE-1"] ?? "")).length / visits.length;
    expect(share).toBeGreaterThan(0.002);
    expect(share).toBeLessThan(0.1);
  });

  it("say who pays: the state alone, CHIP, Medicaid", () => {
    const kinds = new Map([..."SKM"].map((letter) => [letter, new Set<string>()]));
    for (const row of visits) kinds.get(letter(id(row), row["BEGINNING-DATE-OF-SERVICE"] ?? ""))?.add(row["TYPE-OF-CLAIM"] ?? "");
    expect([...(kinds.get("S") ?? [])].every((type) => "UVW".includes(type))).toBe(true);
    expect([...(kinds.get("K") ?? [])].every((type) => "ABC".includes(type))).toBe(true);
    expect([...(kinds.get("M") ?? [])].every((type) => "123".includes(type))).toBe(true);
    expect([...kinds.values()].every(({ size }) => size > 1)).toBe(true);
  });
});

describe("third party liability", () => {
  it("is of people in the file, and names policy owners' numbers that nobody in it has", () => {
    const enrolledSsns = new Set(made.records("ELG00003").map((row) => row["SSN"]));
    const covers = made.records("TPL00003");
    const relatives = covers.filter((row) => row["POLICY-OWNER-CODE"] !== "01");
    for (const row of covers) expect(people.has(id(row))).toBe(true);
    const numbers = relatives.flatMap((row) => (row["POLICY-OWNER-SSN"] === "" ? [] : [row["POLICY-OWNER-SSN"]]));
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.filter((ssn) => enrolledSsns.has(ssn))).toEqual([]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
