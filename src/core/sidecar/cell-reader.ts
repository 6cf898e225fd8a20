import type { CivilDate } from "../base/civil-date.ts";
import { civilDate } from "../base/civil-date.ts";
import type { CsvRow } from "../base/csv.ts";
import { nearestHint } from "../base/nearest.ts";
import type { ProblemCode } from "../base/problem-catalogue.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";

/** Reads the cells of one row strictly. Messages name the column and the place, never the cell. */
export type CellReader = {
  filled(column: string): string;
  date(column: string): CivilDate;
  digest(column: string): string;
  personId(column: string): string;
  word(column: string, known: readonly string[], listedIn: string): string;
  refuse(column: string, reason: string, hint?: string, code?: ProblemCode): void;
};

const MOST_PROBLEMS = 100;

export function cellReader(row: CsvRow, problems: Problem[]): CellReader {
  const refuse: CellReader["refuse"] = (column, reason, hint, code = "E_SHAPE") => {
    // WHY: a file of another format breaks every line alike.
    if (problems.length >= MOST_PROBLEMS) return;
    const at = row.at(column);
    problems.push(problem(code, reason.startsWith('"') ? reason : `${column} ${reason}`, hint === undefined ? { at } : { at, hint }));
  };
  const matching = (column: string, pattern: RegExp, reason: string): string => {
    const cell = row.cell(column);
    if (!pattern.test(cell)) refuse(column, reason);
    return cell;
  };
  return {
    refuse,
    filled: (column) => matching(column, /^[^\p{Cc}]*[^\p{Cc}\s][^\p{Cc}]*$/u, "is empty"),
    digest: (column) => matching(column, /^[0-9a-f]{64}$/, "is no SHA-256 in lower-case hexadecimal"),
    personId: (column) => matching(column, /^[!-{}~](?:[ -{}~]{0,18}[!-{}~])?$/, "is no Medicaid id of at most 20 characters"),
    date: (column) => {
      const date = civilDate(row.cell(column));
      if (!date.ok) refuse(column, "is no existing day", "write YYYY-MM-DD", "E_DATE");
      return row.cell(column) as CivilDate;
    },
    word: (column, known, listedIn) => {
      const word = row.cell(column);
      if (known.includes(word)) return word;
      refuse(column, /^[A-Za-z-]{1,30}$/.test(word) ? `"${word}" is unknown` : "is unknown", nearestHint(word, known, listedIn), "E_WORD");
      return word;
    },
  };
}
