import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { utf8 } from "../base/bytes.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { TableEncoding } from "../catalog/catalogue.ts";
import type { Line } from "../intake/lines.ts";
import { headerNames, openQuote, tableCut } from "../intake/table-taker.ts";
import type { ColumnTally } from "./column-tally.ts";
import { columnTally, tallyValue } from "./column-tally.ts";
import { SHAPE_NAMES, shapesOf } from "./value-shape.ts";

/** What a file was found to hold. */
export type FileProfile = {
  readonly encoding: TableEncoding;
  readonly rows: number;
  /** Lines that are no row: another number of cells than the header has. */
  readonly malformed: number;
  readonly columns: readonly { readonly name: string; readonly tally: ColumnTally }[];
  /** The kind of FHIR resource, where all rows are of one. */
  readonly resource?: string;
  /** Places that are no columns: keys that look like data, items far back in arrays, more columns than a catalogue should have. */
  readonly passedOver?: number;
};

/** Looks at a file row by row. */
export type Profiler = {
  /** Answers what makes the file unreadable. */
  take(line: Line): Problem | undefined;
  rows(): number;
  profile(): FileProfile;
};

/** Shapes no column's name has. WHY: without a header line the first person's data would be printed as names. */
const DATA_SHAPES = ["ssn", "ssn-digits", "zip-plus-4", "phone", "email", "integer", "leading-zero", "amount", "instant", "mbi", "street", "YYYY-MM-DD", "MM/DD/YYYY", "DD-MON-YYYY"]; // prettier-ignore
const DATA_BITS = DATA_SHAPES.reduce((bits, name) => bits | (1 << SHAPE_NAMES.indexOf(name)), 0);

export function looksLikeData(name: string): boolean {
  const bytes = utf8(name);
  return (shapesOf(bytes, 0, bytes.length).shapes & DATA_BITS) !== 0;
}

/** A profiler of a table whose first line names its columns. */
export function tableProfiler(file: string, first: Line, encoding: TableEncoding): Checked<Profiler> {
  const cutLine = tableCut(encoding);
  const names = headerNames(first, cutLine);
  const wrong = names === undefined ? "the header line is not UTF-8 text, or a quote in it does not end" : headerProblem(names);
  if (names === undefined || wrong !== undefined) {
    const hint = "the first line must name the columns, each differently";
    return fail(problem("E_LAYOUT", wrong ?? "", { at: { file, line: 1 }, hint }));
  }
  const columns = names.map((name) => ({ name, tally: columnTally() }));
  const cut = { starts: new Int32Array(names.length), stops: new Int32Array(names.length) };
  let [rows, malformed] = [0, 0];
  return pass({
    rows: () => rows,
    take(line): Problem | undefined {
      const count = cutLine(line.bytes, line.from, line.to, cut);
      if (count < 0) return openQuote(file, line, QUOTE_HINT);
      rows += 1;
      if (count !== names.length) malformed += 1;
      else for (const [at, { tally }] of columns.entries()) tallyValue(tally, line.bytes, cut.starts[at] ?? 0, cut.stops[at] ?? 0);
      return undefined;
    },
    profile: () => ({ encoding, rows, malformed, columns }),
  });
}

function headerProblem(names: readonly string[]): string | undefined {
  const lower = new Set(names.map((name) => name.toLowerCase()));
  if (names.some((name) => name === "")) return "a column has no name";
  if (lower.size !== names.length) return "two columns have one name";
  if (names.some(looksLikeData)) return "the first line holds data where names of columns are expected";
  // oxlint-disable-next-line no-control-regex -- a catalogue has none
  return names.some((name) => /[\u0000-\u001f\u007f]/.test(name)) ? "a column's name holds a control character" : undefined;
}

const QUOTE_HINT = "a value in quotes ends on its own line; if pipes stand between values, add --encoding psv";
