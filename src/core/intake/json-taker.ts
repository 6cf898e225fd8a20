import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Catalogue, Element } from "../catalog/catalogue.ts";
import { parseJsonPath } from "../catalog/json-path.ts";
import type { Cut } from "./cut.ts";
import { cutFor, setField } from "./cut.ts";
import type { Fault } from "./fault.ts";
import type { JsonNode, JsonReader } from "./json-scan.ts";
import { jsonNode, JsonScan } from "./json-scan.ts";
import type { Line } from "./lines.ts";
import { recordRule } from "./record-rule.ts";
import type { RecordTaker } from "./record-taker.ts";
import { putRow, SegmentRows, type WritePersonKey } from "./segment-rows.ts";
import { reserve, rowBuffer, writeBytes } from "./row-buffer.ts";

/** Takes lines of JSON, one object each; columns are found by their paths. Values at other paths are left out and counted. */
export function jsonTaker(file: string, catalogue: Catalogue, writeKey: WritePersonKey): Checked<RecordTaker> {
  const segment = catalogue.segments[0];
  if (segment === undefined) return fail(problem("E_CATALOGUE", "the catalogue describes no columns"));
  const rule = recordRule(segment, catalogue);
  const rows = new SegmentRows(rule, writeKey);
  const [cut, root] = [cutFor([rule]), nodesOf(segment.elements)];
  const values = columnValues(cut, rule.fields.map(({ name }) => name)); // prettier-ignore
  const scan = new JsonScan(values.reader);
  let unlisted = 0;
  const take = (line: Line): readonly Fault[] | Problem => {
    values.clear();
    if (line.from === line.to) return [{ element: "", rule: "E1001", reason: "is an empty line" }];
    const wrong = scan.scan(line.bytes, line.from, line.to, root);
    if (wrong >= 0) return noJson(file, line, wrong);
    if (values.faults.length > 0) return [...values.faults];
    const faults = putRow(rows, values.text.bytes, cut);
    if (faults.length === 0 && values.unlisted()) unlisted += 1;
    return faults;
  };
  return pass({ segments: [rows], take, unlisted: () => unlisted });
}

/** The places of all columns, as one tree. */
function nodesOf(elements: readonly Element[]): JsonNode {
  const root = jsonNode();
  for (const [column, element] of elements.entries()) {
    let node = root;
    for (const step of parseJsonPath(element.path ?? element.name) ?? []) {
      const below: JsonNode = (typeof step === "number" ? node.items[step] : node.keys.get(step)) ?? jsonNode();
      if (typeof step === "number") node.items[step] = below;
      else node.keys.set(step, below);
      node = below;
    }
    node.column = column;
  }
  return root;
}

type ColumnValues = {
  readonly reader: JsonReader;
  /** The values of the line at hand, one after another; the cut says where each lies. */
  readonly text: { bytes: Uint8Array; length: number };
  readonly faults: Fault[];
  unlisted(): boolean;
  clear(): void;
};

/** Gathers the values of one line. A column that is there twice or holds more than one value is a fault. */
function columnValues(cut: Cut, names: readonly string[]): ColumnValues {
  const text = rowBuffer();
  const faults: Fault[] = [];
  const seen = new Uint8Array(names.length);
  let unlisted = false;
  const fault = (column: number, reason: string): number => faults.push({ element: names[column] ?? "", rule: "E1001", reason });
  return {
    text,
    faults,
    unlisted: () => unlisted,
    clear(): void {
      cut.starts.fill(0);
      cut.stops.fill(0);
      seen.fill(0);
      [text.length, faults.length, unlisted] = [0, 0, false];
    },
    reader: {
      key: (parent, key) => parent.keys.get(key),
      item: (parent, index) => parent.items[index],
      nested(node): void {
        if (node !== undefined && node.column >= 0) fault(node.column, "is not one value but an object or array");
      },
      value(node, bytes, from, to): void {
        const column = node?.column ?? -1;
        if (column < 0) {
          unlisted = true;
          return;
        }
        if (seen[column] === 1) fault(column, "is there twice");
        seen[column] = 1;
        reserve(text, to - from);
        const start = text.length;
        writeBytes(text, bytes, from, to);
        setField(cut, column, text.bytes, start, text.length);
      },
    },
  };
}

/** A line that is no JSON, and the byte of the file at which it stops being some. */
export function noJson(file: string, line: Line, offset: number): Problem {
  const byte = line.byte + offset - line.from;
  return problem("E_LAYOUT", `this is not one JSON object: it breaks off or goes wrong at byte ${byte}`, {
    at: { file, line: line.line, column: offset - line.from + 1 },
    hint: "each line of the file is one whole JSON object, of at most 64 levels",
  });
}
