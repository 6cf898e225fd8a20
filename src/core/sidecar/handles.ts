import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import { parseCsv } from "../base/csv.ts";
import type { Problem } from "../base/problem.ts";
import { cellReader } from "./cell-reader.ts";

export const HANDLE_COLUMNS = ["msis_id", "handle"] as const;

/** The name a state gives one of its people in disclosures; only the state can tell whose it is. */
export type PersonHandle = { readonly msisId: string; readonly handle: string };

/** Reads a state's handles (docs/formats/sidecars.md). INVARIANT: a person has one handle, and a handle one person. */
export function parseHandles(file: string, text: string): Checked<readonly PersonHandle[]> {
  const rows = parseCsv(file, text, { columns: HANDLE_COLUMNS });
  if (!rows.ok) return rows;
  const problems: Problem[] = [];
  const [people, names] = [new Set<string>(), new Set<string>()];
  const handles = rows.value.map((row): PersonHandle => {
    const read = cellReader(row, problems);
    const one = { msisId: read.personId("msis_id"), handle: row.cell("handle") };
    if (!/^(?:[0-9a-f]{2}){16,32}$/.test(one.handle)) read.refuse("handle", "is not 16 to 32 bytes in lower-case hexadecimal");
    if (people.has(one.msisId)) read.refuse("msis_id", "has a handle already");
    if (names.has(one.handle)) read.refuse("handle", "is another person's already");
    people.add(one.msisId);
    names.add(one.handle);
    return one;
  });
  return passIf(problems, () => handles);
}
