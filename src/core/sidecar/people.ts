import type { Checked } from "../base/checked.ts";
import { fail, passIf } from "../base/checked.ts";
import { parseCsv } from "../base/csv.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import { cellReader } from "./cell-reader.ts";

export const PEOPLE_COLUMNS = ["state", "msis_id"] as const;

/** One of the people a document is about. */
export type NamedPerson = { readonly state: string; readonly msisId: string };

/** WHY: the list becomes part of a query, and a document about more people than this is about a population. */
export const MOST_NAMED = 100_000;

/** Reads the people a document is about (docs/formats/release-request.md). No problem repeats an id. */
export function parsePeople(file: string, text: string, states: readonly string[]): Checked<readonly NamedPerson[]> {
  const rows = parseCsv(file, text, { columns: PEOPLE_COLUMNS });
  if (!rows.ok) return rows;
  const hint = "leave `people` out where a document is about everybody in its scope";
  if (rows.value.length === 0) return fail(problem("E_EVIDENCE", "the list names nobody", { at: { file }, hint }));
  if (rows.value.length > MOST_NAMED)
    return fail(problem("E_EVIDENCE", `the list names more than ${MOST_NAMED} people`, { at: { file }, hint }));
  const problems: Problem[] = [];
  const people = rows.value.map((row): NamedPerson => {
    const read = cellReader(row, problems);
    return { state: read.word("state", states, "law/vocabulary/jurisdictions.yaml"), msisId: read.personId("msis_id") };
  });
  return passIf(problems, () => people);
}
