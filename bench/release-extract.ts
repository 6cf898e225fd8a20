/** The extract both sides make: as a spec for writ, and as the SQL somebody would write by hand. */
import { join } from "node:path";
import { day } from "../src/core/base/civil-date.ts";
import { identifier, literal } from "../src/core/extract/duckdb-printer.ts";
import type { ClassVerdict, ColumnExtract, ExtractSpec } from "../src/core/extract/spec.ts";
import { CLASSES, CLASSES_FILE, datasetName, SEGMENTS, STATES } from "./release-population.ts";

export type Segment = (typeof SEGMENTS)[number];

const clear = { kind: "clear" } as const;
const all = (element: string, category: string): ColumnExtract => ({ element, category, type: "text", transforms: { clear } });
const dated = (element: string, category: string): ColumnExtract => ({ element, category, type: "date", transforms: { clear } });
const place = (element: string, ...masks: readonly string[]): ColumnExtract => ({
  ...all(element, "address"),
  transforms: Object.fromEntries(["clear", ...masks].map((mask) => [mask, clear])),
});

const COLUMNS: Readonly<Record<Segment, readonly ColumnExtract[]>> = {
  ELG00002: [
    all("SEX", "sex"),
    dated("DATE-OF-BIRTH", "date-of-birth"),
    all("ELIGIBLE-FIRST-NAME", "name"),
    all("ELIGIBLE-LAST-NAME", "name"),
    all("ELIGIBLE-MIDDLE-INIT", "name"),
  ],
  ELG00003: [
    all("MARITAL-STATUS", "demographic"),
    all("INCOME-CODE", "income"),
    all("PRIMARY-LANGUAGE-CODE", "language"),
    all("HOUSEHOLD-SIZE", "household-relationship"),
    all("MEDICARE-BENEFICIARY-IDENTIFIER", "medicare-id"),
    all("PREGNANCY-IND", "health"),
  ],
  ELG00004: [
    place("ELIGIBLE-ADDR-LN1"),
    place("ELIGIBLE-CITY"),
    place("ELIGIBLE-STATE", "county", "state"),
    place("ELIGIBLE-ZIP-CODE"),
    place("ELIGIBLE-COUNTY-CODE", "county"),
  ],
  ELG00005: [
    all("DUAL-ELIGIBLE-CODE", "eligibility"),
    all("ELIGIBILITY-GROUP", "eligibility"),
    all("MEDICAID-BASIS-OF-ELIGIBILITY", "eligibility"),
    all("STATE-SPEC-ELIG-GROUP", "immigration-proxy"),
    dated("ELIGIBILITY-DETERMINANT-EFF-DATE", "enrolment-date"),
  ],
};

/** Classes 0 to 6 get everything, 7 to 10 are masked in one way or another, 11 gets nothing. */
const WITHHELD: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  7: { name: "omitted", "immigration-proxy": "omitted" },
  8: { address: "county", "medicare-id": "omitted" },
  9: { address: "state", name: "omitted", "date-of-birth": "omitted" },
  10: { income: "omitted", language: "omitted", "immigration-proxy": "omitted" },
};
const CATEGORIES = [...new Set(Object.values(COLUMNS).flatMap((columns) => columns.map(({ category }) => category)))];
const VERDICTS: readonly ClassVerdict[] = Array.from({ length: CLASSES - 1 }, (_, classId) => ({
  classId,
  masks: Object.fromEntries(CATEGORIES.map((category) => [category, WITHHELD[classId]?.[category] ?? "clear"])),
}));

export function benchSpec(people: number, pseudonym: boolean): ExtractSpec {
  const datasets = Array.from({ length: STATES }, (_, state) => datasetName(state));
  return {
    asOf: day("2026-11-24"),
    pseudonym,
    datasets: datasets.map((digest, state) => ({
      digest,
      origin: String(state),
      people: Math.ceil(people / STATES),
      classesFile: CLASSES_FILE,
      classes: Array.from({ length: CLASSES }, (_, id) => id),
    })),
    segments: SEGMENTS.map((segment) => ({
      segment,
      columns: COLUMNS[segment],
      sources: datasets.map((dataset) => ({ dataset, file: `${segment}.parquet`, verdicts: VERDICTS })),
    })),
  };
}

/** One state's rows of a segment in plain SQL, with the same cells withheld. */
export function handWritten(folder: string, state: number, segment: Segment, { sorted }: { readonly sorted: boolean }): string {
  const path = (file: string): string => literal(join(folder, datasetName(state), file));
  const columns = COLUMNS[segment].map(({ element, category, transforms }) => {
    const shown = VERDICTS.filter(({ masks }) => Object.hasOwn(transforms, masks[category] ?? "")).map(({ classId }) => classId);
    const name = identifier(element);
    return shown.length === VERDICTS.length ? `s.${name}` : `CASE WHEN c.class_id IN (${shown.join(", ")}) THEN s.${name} END AS ${name}`;
  });
  return (
    `SELECT ${[...(sorted ? ["s.person_key"] : []), ...columns].join(", ")} FROM read_parquet(${path(`${segment}.parquet`)}) s ` +
    `JOIN read_parquet(${path(CLASSES_FILE)}) c ON c.person_key = s.person_key WHERE c.class_id < ${CLASSES - 1}${sorted ? " ORDER BY s.person_key" : ""}`
  );
}
