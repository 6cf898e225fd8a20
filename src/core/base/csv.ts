import type { Checked } from "./checked.ts";
import { passIf } from "./checked.ts";
import type { Place, Problem } from "./problem.ts";
import { problem } from "./problem.ts";

/** One row of a CSV file by column name, with the place of each cell for messages. */
export type CsvRow = {
  readonly line: number;
  /** The cell's text, or "" for a column the file does not have. */
  cell(column: string): string;
  at(column?: string): Place;
};

/** `columns` must be there; `optional` may be; any other column is refused. */
export type CsvShape = { readonly columns: readonly string[]; readonly optional?: readonly string[] };

type Cell = { readonly text: string; readonly column: number };
type Line = { readonly line: number; readonly cells: readonly Cell[] };

/** RFC 4180 with a header row; CRLF or LF, a byte order mark is skipped. All problems are returned at once. */
export function parseCsv(file: string, text: string, shape: CsvShape): Checked<readonly CsvRow[]> {
  const problems: Problem[] = [];
  const lines = splitLines(file, text.replace(/^\uFEFF/, ""), problems);
  const header = lines[0]?.cells.map((cell) => cell.text) ?? [];
  checkHeader(file, header, shape, problems);
  for (const { line, cells } of lines.slice(1)) {
    if (cells.length === header.length) continue;
    problems.push(problem("E_SHAPE", `${cells.length} cells where the header names ${header.length} columns`, { at: { file, line } }));
  }
  return passIf(problems, () => {
    const position = new Map(header.map((name, at) => [name, at]));
    return lines.slice(1).map((line) => rowOf(file, line, position));
  });
}

function checkHeader(file: string, header: readonly string[], shape: CsvShape, problems: Problem[]): void {
  const known = [...shape.columns, ...(shape.optional ?? [])];
  const hint = `the columns are ${known.join(",")}`;
  const refuse = (message: string): number => problems.push(problem("E_SHAPE", message, { hint, at: { file, line: 1 } }));
  for (const column of shape.columns) if (!header.includes(column)) refuse(`column "${column}" is missing`);
  for (const column of header) if (!known.includes(column)) refuse(`unknown column "${column}"`);
  if (new Set(header).size !== header.length) refuse("a column is named twice");
}

function rowOf(file: string, { line, cells }: Line, position: ReadonlyMap<string, number>): CsvRow {
  const found = (column: string): Cell | undefined => cells[position.get(column) ?? -1];
  return {
    line,
    cell: (column) => found(column)?.text ?? "",
    at: (column) => {
      const cell = column === undefined ? undefined : found(column);
      return cell === undefined ? { file, line } : { file, line, column: cell.column };
    },
  };
}

/** Cuts the text into lines of cells; empty lines are skipped. */
function splitLines(file: string, text: string, problems: Problem[]): readonly Line[] {
  const cellForm = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
  const lines: Line[] = [];
  let [offset, line, lineStart, innerBreaks] = [0, 1, 0, 0];
  let cells: Cell[] = [];
  while (offset < text.length) {
    cellForm.lastIndex = offset;
    const match = cellForm.exec(text);
    const raw = match?.[0] ?? "";
    const quoted = match?.[1];
    cells.push({ text: quoted === undefined ? raw : quoted.replaceAll('""', '"'), column: offset - lineStart + 1 });
    offset += raw.length;
    innerBreaks += raw.split("\n").length - 1;
    const end = /,|\r?\n|$/y;
    end.lastIndex = offset;
    const mark = end.exec(text)?.[0];
    if (mark === undefined) {
      const at = { file, line, column: offset - lineStart + 1 };
      problems.push(problem("E_SHAPE", "a quotation mark is not closed, or stands within a cell", { at }));
      return lines;
    }
    offset += mark.length;
    if (mark === "," && offset < text.length) continue;
    if (mark === ",") cells.push({ text: "", column: offset - lineStart + 1 });
    if (cells.length > 1 || cells[0]?.text !== "") lines.push({ line, cells });
    line += 1 + innerBreaks;
    [lineStart, innerBreaks, cells] = [offset, 0, []];
  }
  return lines;
}
