/** Shares of generated months, against the ranges in which CMS finds a submission plausible. */
import { describe, expect, it } from "vitest";
import type { Cells } from "./made.ts";
import { make, SOURCES } from "./made.ts";

const SEGMENTS = ["ELG00002", "ELG00003", "ELG00004", "ELG00005", "ELG00016"];
const MONTH_END = "20251231";

type Shares = Readonly<Record<string, number>>;

/** Of the people of the month's last day. */
function sharesOf(state: string): Shares {
  const made = make({ states: [state], people: 2500, ssnStates: [], segments: SEGMENTS, period: "2025-12" });
  const on = (segment: string): readonly Cells[] => {
    const end =
      Object.keys(made.records(segment)[0] ?? {}).find((name) => name.endsWith("END-DATE") && !name.startsWith("IMMIGRATION")) ?? "";
    return made.records(segment).filter((row) => (row[end] ?? "") >= MONTH_END);
  };
  const share = (rows: readonly Cells[], has: (row: Cells) => boolean): number => rows.filter(has).length / Math.max(1, rows.length);
  const [people, status, homes, coverage] = [on("ELG00002"), on("ELG00003"), on("ELG00004"), on("ELG00005")];
  const born = (row: Cells): string => row["DATE-OF-BIRTH"] ?? "";
  const benefits = new Map(coverage.map((row) => [row["MSIS-IDENTIFICATION-NUM"], row["RESTRICTED-BENEFITS-CODE"] ?? ""]));
  const of = (row: Cells): string => benefits.get(row["MSIS-IDENTIFICATION-NUM"] ?? "") ?? "";
  const bySsn = new Map<string, Set<string>>();
  for (const row of status)
    if (row["SSN"] !== "")
      bySsn.set(row["SSN"] ?? "", (bySsn.get(row["SSN"] ?? "") ?? new Set()).add(row["MSIS-IDENTIFICATION-NUM"] ?? ""));
  return {
    "age 0-20": share(people, (row) => born(row) > "20041231"),
    "age 65+": share(people, (row) => born(row) <= "19601231"),
    female: share(people, (row) => row["SEX"] === "F"),
    dual: share(coverage, (row) => row["DUAL-ELIGIBLE-CODE"] !== "00"),
    "SSN present": share(status, (row) => row["SSN"] !== ""),
    "SSN of several ids": share(
      [...bySsn.values()].map(({ size }) => ({ size: String(size) })),
      ({ size }) => size !== "1",
    ),
    "citizenship missing": share(status, (row) => row["CITIZENSHIP-IND"] === ""),
    "status 3 with other benefits": share(
      status.filter((row) => row["IMMIGRATION-STATUS"] === "3"),
      (row) => of(row) !== "2" && of(row) !== "4",
    ),
    "immigration pending": share(
      status.filter((row) => row["CITIZENSHIP-IND"] === "0"),
      (row) => row["IMMIGRATION-VERIFICATION-FLAG"] === "0",
    ),
    "phone missing": share(homes, (row) => row["ELIGIBLE-PHONE-NUM"] === ""),
    "address elsewhere": share(homes, (row) => row["ELIGIBLE-STATE"] !== row["SUBMITTING-STATE"]),
    "race missing": 1 - share(on("ELG00016"), (row) => row["RACE"] !== ""),
    noncitizen: share(status, (row) => row["CITIZENSHIP-IND"] === "0"),
    "status 3": share(status, (row) => row["IMMIGRATION-STATUS"] === "3"),
  };
}

const PLAUSIBLE: Readonly<Record<string, readonly [number, number]>> = {
  "age 0-20": [0.45, 0.74],
  "age 65+": [0.05, 0.18],
  female: [0.5, 0.66],
  dual: [0.05, 0.3],
  "SSN present": [0.9, 1],
  "SSN of several ids": [0, 0.02],
  "citizenship missing": [0, 0.2],
  "status 3 with other benefits": [0, 0.1],
  "immigration pending": [0, 0.2],
  "phone missing": [0, 0.3],
  "address elsewhere": [0, 0.01],
  "race missing": [0, 0.4],
};
/** California pays for so many people who have no number that a plausible file cannot hold them. */
const EXCEPT: Readonly<Record<string, readonly string[]>> = { CA: ["SSN present"] };

describe("a generated month of", () => {
  it.each(["CA", "TX"])("%s is plausible to CMS", (state) => {
    const shares = sharesOf(state);
    const outside = Object.entries(PLAUSIBLE).flatMap(([name, [least, most]]) => {
      const share = shares[name] ?? -1;
      return share >= least && share <= most ? [] : [name];
    });
    expect(outside).toEqual(EXCEPT[state] ?? []);
    const population = SOURCES.populations.find((one) => one.state === state);
    const { noncitizenShare = 0, emergencyShare = 0, stateFundedShare = 0 } = population ?? {};
    expect(shares["noncitizen"]).toBeGreaterThan(0.7 * (noncitizenShare + emergencyShare + stateFundedShare));
    expect(shares["noncitizen"]).toBeLessThan(1.4 * (noncitizenShare + emergencyShare + stateFundedShare));
    expect(shares["status 3"]).toBeGreaterThan(0.7 * (emergencyShare + stateFundedShare));
    expect(shares["status 3"]).toBeLessThan(1.4 * (emergencyShare + stateFundedShare));
  });
});
