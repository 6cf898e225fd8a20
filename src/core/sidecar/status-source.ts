import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { nearestHint } from "../base/nearest.ts";
import type { CsvRow } from "../base/csv.ts";
import { parseCsv } from "../base/csv.ts";
import type { Problem } from "../base/problem.ts";
import type { CellReader } from "./cell-reader.ts";
import { cellReader } from "./cell-reader.ts";

export const STATUS_COLUMNS = ["state", "msis_id", "population", "source", "observed", "valid_until", "doc_sha256"] as const;

/** One finding of a status source about one person; it never says anything about anybody else of the household. */
export type StatusFinding = {
  readonly state: string;
  readonly msisId: string;
  readonly population: string;
  readonly source: string;
  readonly observed: CivilDate;
  readonly validUntil?: CivilDate;
  readonly documentSha256: string;
};

/** The words a sidecar may use. */
export type SidecarWords = {
  readonly states: readonly string[];
  readonly populations: readonly string[];
  readonly funding: readonly string[];
};

/** Reads a status source (docs/formats/sidecars.md), all problems at once. INVARIANT: no problem repeats a person's id. */
export function parseStatusSource(file: string, text: string, words: SidecarWords): Checked<readonly StatusFinding[]> {
  const rows = parseCsv(file, text, { columns: STATUS_COLUMNS });
  if (!rows.ok) return rows;
  const problems: Problem[] = [];
  const findings = rows.value.map((row) => readFinding(row, words, cellReader(row, problems)));
  return passIf(problems, () => findings);
}

function readFinding(row: CsvRow, words: SidecarWords, read: CellReader): StatusFinding {
  const observed = read.date("observed");
  const validUntil = row.cell("valid_until") === "" ? undefined : read.date("valid_until");
  if (validUntil !== undefined && validUntil < observed) read.refuse("valid_until", "lies before the day of observation");
  return {
    state: read.word("state", words.states, "law/vocabulary/jurisdictions.yaml"),
    msisId: read.personId("msis_id"),
    population: population(row, words, read),
    source: read.filled("source"),
    observed,
    ...(validUntil === undefined ? {} : { validUntil }),
    documentSha256: read.digest("doc_sha256"),
  };
}

/** A finding names one leaf: "alien" and its like say too little to judge by. */
function population(row: CsvRow, words: SidecarWords, read: CellReader): string {
  const word = row.cell("population");
  if (words.populations.includes(word)) return word;
  const hint = nearestHint(word, words.populations, "law/vocabulary/populations.yaml");
  read.refuse("population", /^[a-z-]{1,40}$/.test(word) ? `"${word}" is no single population` : "is no population", hint, "E_WORD");
  return word;
}
