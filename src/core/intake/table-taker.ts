import { utf8Text } from "../base/bytes.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass, passIf } from "../base/checked.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Catalogue, TableEncoding } from "../catalog/catalogue.ts";
import type { Cut } from "./cut.ts";
import { cutFor, cutPiped } from "./cut.ts";
import { cutQuoted } from "./cut-quoted.ts";
import type { Fault } from "./fault.ts";
import type { Line } from "./lines.ts";
import { recordRule } from "./record-rule.ts";
import type { RecordTaker } from "./record-taker.ts";
import { putRow, SegmentRows, type WritePersonKey } from "./segment-rows.ts";

/** Stands between the values of a Parquet file that is read as lines. WHY: a control character passes no check, so no value holds it. */
export const FIELD_END: number = 0x1f;

/** Takes the lines of a user's own table; columns are found by the names of its first line. */
export function tableTaker(file: string, catalogue: Catalogue, first: Line, writeKey: WritePersonKey): Checked<RecordTaker> {
  const segment = catalogue.segments[0];
  if (segment === undefined) return fail(problem("E_CATALOGUE", "the catalogue describes no columns"));
  const rule = recordRule(segment, catalogue);
  const cutLine = tableCut(catalogue.encoding ?? "csv");
  const order = columnOrder(file, headerNames(first, cutLine), rule.fields.map((field) => field.name)); // prettier-ignore
  if (!order.ok) return order;
  const rows = new SegmentRows(rule, writeKey);
  const [raw, cut] = [cutFor([rule]), cutFor([rule])];
  const take = (line: Line): readonly Fault[] | Problem => {
    const count = cutLine(line.bytes, line.from, line.to, raw);
    if (count < 0) return openQuote(file, line);
    if (count !== order.value.length) return [{ element: "", rule: "E1001", reason: `has ${count} cells, not ${order.value.length}` }];
    arrange(raw, order.value, cut);
    return putRow(rows, line.bytes, cut);
  };
  return pass({ segments: [rows], take });
}

/** Cuts one line of a table; answers how many cells it has, or -1 where it cannot be cut. */
export type TableCut = (bytes: Uint8Array, from: number, to: number, cut: Cut) => number;

/** Pipes stand between values and nothing is quoted; a Parquet file arrives as lines with a control character between values. */
export function tableCut(encoding: TableEncoding): TableCut {
  if (encoding === "psv") return cutPiped;
  return encoding === "parquet" ? (bytes, from, to, cut) => cutPiped(bytes, from, to, cut, FIELD_END) : cutQuoted;
}

/** For each cell of the file, the position of its element. Every element must have its column, and no column may be unknown. */
function columnOrder(file: string, names: readonly string[] | undefined, known: readonly string[]): Checked<readonly number[]> {
  const at = { file, line: 1 };
  if (names === undefined) return fail(problem("E_LAYOUT", "the header line is not UTF-8 text, or a quote in it does not end", { at }));
  const problems = [
    ...names.filter((name) => !known.includes(name)).map((name) => problem("E_LAYOUT", `unknown column "${name}"`, { at, hint: nearestHint(name, known, "the catalogue") })),
    ...known.filter((name) => !names.includes(name)).map((name) => problem("E_LAYOUT", `the column "${name}" is missing`, { at, hint: `the catalogue lists ${known.join(", ")}` })),
    ...names.filter((name, index) => known.includes(name) && names.indexOf(name) !== index).map((name) => problem("E_LAYOUT", `the column "${name}" is there twice`, { at })),
  ]; // prettier-ignore
  return passIf(problems, () => names.map((name) => known.indexOf(name)));
}

/** The names of a header line; undefined where it cannot be cut or is no UTF-8. A byte order mark is skipped. */
export function headerNames(line: Line, cutLine: TableCut): readonly string[] | undefined {
  const most = line.to - line.from + 1;
  const cut: Cut = { starts: new Int32Array(most), stops: new Int32Array(most) };
  const count = cutLine(line.bytes, line.from, line.to, cut);
  try {
    return count < 0 ? undefined : Array.from({ length: count }, (_, at) => utf8Text(line.bytes.subarray(cut.starts[at], cut.stops[at])));
  } catch {
    return undefined;
  }
}

function arrange(raw: Cut, order: readonly number[], cut: Cut): void {
  for (let at = 0; at < order.length; at += 1) {
    const to = order[at] ?? 0;
    cut.starts[to] = raw.starts[at] ?? 0;
    cut.stops[to] = raw.stops[at] ?? 0;
  }
}

/** A line that cannot be cut. */
export function openQuote(
  file: string,
  line: Line,
  hint = "a value in quotes ends on its own line; take line breaks out of the values",
): Problem {
  return problem("E_LAYOUT", "a quoted value does not end on its line, or a quote stands within a value", {
    at: { file, line: line.line },
    hint,
  });
}
