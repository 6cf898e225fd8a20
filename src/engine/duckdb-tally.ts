import type { FailedRow } from "../app/ports/validation-engine.ts";
import { ROW_COLUMNS } from "./duckdb-conditions.ts";
import type { Duckdb } from "./duckdb.ts";

/** Rows named for one rule; more would be the file once more. */
const ROWS_NAMED = 1_000;

/** Of each rule and measure: how many rows or people it looked at, and how many were found. */
export type Tally = { readonly counts: Map<string, { found: number; of: number }>; readonly rows: FailedRow[] };

export function add({ counts }: Tally, id: string, found: unknown, of: unknown): void {
  const count = counts.get(id) ?? { found: 0, of: 0 };
  counts.set(id, { found: count.found + Number(found ?? 0), of: count.of + Number(of ?? 0) });
}

/** Adds what was counted of a rule, and names some of the rows that broke it; `failed` selects their segment and number. */
export async function addFailed(
  engine: Duckdb,
  tally: Tally,
  id: string,
  { failed, of, text }: { readonly failed: number; readonly of: number; readonly text: string },
): Promise<void> {
  const room = ROWS_NAMED - (tally.counts.get(id)?.found ?? 0);
  add(tally, id, failed, of);
  if (failed === 0 || room <= 0) return;
  for (const [segment, number] of await engine.rows(`SELECT segment, ${ROW_COLUMNS.record} FROM (${text}) ORDER BY ALL LIMIT ${room}`))
    tally.rows.push({ segment: String(segment), record: String(number), rule: id });
}

/** The same of what is in the table `failed`. */
export async function countFailed(engine: Duckdb, tally: Tally, id: string, of: number): Promise<void> {
  const [counted] = await engine.rows("SELECT count(*) FROM failed");
  await addFailed(engine, tally, id, { failed: Number(counted?.[0] ?? 0), of, text: "SELECT * FROM failed" });
}
