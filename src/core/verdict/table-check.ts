import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import { nearestHint } from "../base/nearest.ts";
import { holds } from "../law/condition.ts";
import type { Cell } from "./cell.ts";
import { judgeServing, truthIn } from "./cell.ts";
import type { DayView } from "./day-view.ts";
import { dayView } from "./day-view.ts";
import { cellsOf } from "./decide.ts";
import { parseRequest, REQUEST_KEYS } from "./request.ts";
import type { Law } from "../law/law.ts";
import { GRADES } from "../law/source.ts";

export type TableReport = { readonly rows: number; readonly problems: readonly Problem[] };

/** Runs every expectation table of the law: does each instrument say what its author expected of it? */
export function checkTables(law: Law): TableReport {
  const results = law.tables.flatMap(({ instrument, path, table }) =>
    table.rows.map(({ line, cells }) => checkRow(law, instrument, { file: path, line }, table.columns, cells)),
  );
  return { rows: results.length, problems: results.flat() };
}

/**
 * In the order of the meet over what a row leaves open: a bar in any reading bars, a silence in any keeps a permit or a
 * protection from holding.
 */
const EFFECTS: readonly string[] = ["bar", "silent", "protected", "permit"];

type Spot = { readonly file: string; readonly line: number };

function checkRow(law: Law, instrument: string, at: Spot, columns: readonly string[], cells: readonly string[]): readonly Problem[] {
  if (cells.length !== columns.length) {
    const hint = "a vertical bar within a cell is not possible";
    return [problem("E_LAW", `the row has ${cells.length} cells, the table ${columns.length} columns`, { at, hint })];
  }
  const unknown = columns.filter((column) => column !== "expect" && !(REQUEST_KEYS as readonly string[]).includes(column));
  if (unknown.length > 0)
    return [problem("E_LAW", `unknown column "${unknown[0]}"`, { at, hint: `columns are ${REQUEST_KEYS.join(", ")}, expect` })];
  const row = Object.fromEntries(
    columns.map((column, index) => [column, cellValue(column, cells[index] ?? "")] as const).filter(([, value]) => value !== undefined),
  );
  const { expect, ...asked } = row;
  if (!EFFECTS.includes(String(expect))) {
    const hint = nearestHint(String(expect ?? ""), EFFECTS, "docs/formats/instrument.md");
    return [problem("E_LAW", `unknown expectation "${String(expect ?? "")}"`, { at, hint })];
  }
  const parsed = parseRequest(asked, law);
  if (!parsed.ok) return parsed.problems.map((found) => ({ ...found, at }));
  if (parsed.value.on === undefined) return [problem("E_LAW", "a row needs its day", { at, hint: "add a column `on`" })];
  const view = onlyOf(dayView(law, parsed.value.on, GRADES), instrument);
  const { request } = parsed.value;
  const said = new Set(cellsOf(view, request).map((cell) => effectOf(view, cell, request.employers ?? [])));
  const meet = EFFECTS.find((effect) => said.has(effect));
  return meet === expect ? [] : [problem("E_LAW", `expected ${String(expect)}, but the rules say ${meet ?? "nothing"}`, { at })];
}

function cellValue(column: string, text: string): string | readonly string[] | undefined {
  if (column === "evidence" || column === "employers") return text === "" || text === "-" ? [] : text.split(/[,+ ]+/);
  return text === "" || text === "-" ? undefined : text;
}

/** The view as if the instrument stood alone: no other rule, no need of any regime. */
const onlyOf = (view: DayView, instrument: string): DayView => ({
  ...view,
  law: { ...view.law, regimes: [] },
  bars: view.bars.filter((rule) => rule.instrument === instrument),
  permits: view.permits.filter((rule) => rule.instrument === instrument),
  defeats: view.defeats.filter((rule) => rule.instrument === instrument),
  protections: view.protections.filter((rule) => rule.instrument === instrument),
});

function effectOf(view: DayView, cell: Cell, employers: readonly string[]): string {
  const { bars, permits } = judgeServing(view, cell, employers);
  if (bars.length > 0) return "bar";
  if (permits.length > 0) return "permit";
  return view.protections.some((rule) => holds(rule.condition, truthIn(view, cell))) ? "protected" : "silent";
}
