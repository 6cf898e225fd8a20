import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { parseCsv } from "../base/csv.ts";
import type { Problem } from "../base/problem.ts";
import { cellReader } from "./cell-reader.ts";
import type { SidecarWords } from "./status-source.ts";

export const AID_CODE_COLUMNS = ["state", "code", "from", "to", "funding", "cite"] as const;

/** Who pays for the people a state gives one of its aid codes, from one day to another. */
export type AidCode = {
  readonly state: string;
  readonly code: string;
  readonly from: CivilDate;
  readonly to: CivilDate;
  readonly funding: string;
  readonly cite: string;
};

/** Reads an aid-code map (docs/formats/sidecars.md), all problems at once. `to` may be blank: until further notice. */
export function parseAidCodes(file: string, text: string, words: SidecarWords): Checked<readonly AidCode[]> {
  const rows = parseCsv(file, text, { columns: AID_CODE_COLUMNS });
  if (!rows.ok) return rows;
  const problems: Problem[] = [];
  const codes = rows.value.map((row): AidCode => {
    const read = cellReader(row, problems);
    const from = read.date("from");
    const to = row.cell("to") === "" ? ("9999-12-31" as CivilDate) : read.date("to");
    if (to < from) read.refuse("to", "lies before the first day");
    const code = read.filled("code");
    const state = read.word("state", words.states, "law/vocabulary/jurisdictions.yaml");
    return { state, code, from, to, funding: read.word("funding", words.funding, "law/vocabulary/facets.yaml"), cite: read.filled("cite") };
  });
  return passIf(problems, () => codes);
}

/** The funding a map gives each code of a state on one day: several where its lines disagree. */
export function fundingByCode(codes: readonly AidCode[], state: string, on: CivilDate): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const one of codes) {
    if (one.state !== state || on < one.from || on > one.to) continue;
    found.set(one.code, [...new Set([...(found.get(one.code) ?? []), one.funding])]);
  }
  return found;
}
