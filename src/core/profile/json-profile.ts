import { utf8Text } from "../base/bytes.ts";
import type { JsonNode, JsonReader } from "../intake/json-scan.ts";
import { jsonNode, JsonScan } from "../intake/json-scan.ts";
import { noJson } from "../intake/json-taker.ts";
import type { Line } from "../intake/lines.ts";
import { jsonPathText, type JsonStep } from "../catalog/json-path.ts";
import type { ColumnTally } from "./column-tally.ts";
import { columnTally, tallyValue } from "./column-tally.ts";
import type { Profiler } from "./file-profile.ts";
import { looksLikeData } from "./file-profile.ts";

/** A catalogue of more columns is nobody's to read. */
const MOST_COLUMNS = 1_000;
/** Items of an array that become columns; an author may add further ones by hand. */
const MOST_ITEMS_DRAFTED = 3;
/** An object with more keys is a map from data to data. */
const MOST_KEYS = 300;
const KEY = /^[A-Za-z_][\w$-]{0,63}$/;

/** Kinds of resource whose name is printed; any other stays unsaid, as it might be data. */
const RESOURCES: ReadonlySet<string> = new Set(
  "Patient Coverage Claim ClaimResponse ExplanationOfBenefit Encounter Condition Observation Procedure Practitioner Organization Location RelatedPerson Person EligibilityRequest MedicationRequest".split(" "),
); // prettier-ignore
const RESOURCE_KEY = "resourceType";

/** A profiler of lines of JSON: every place with a single value becomes a column, named by its path. */
export function jsonProfiler(file: string): Profiler {
  const root = jsonNode();
  const tallies: ColumnTally[] = [];
  const resources = new Set<string>();
  let [rows, passedOver, places] = [0, 0, 0];
  const grown = (add: (node: JsonNode) => void, allowed: boolean): JsonNode | undefined => {
    if (!allowed || places >= 4 * MOST_COLUMNS) {
      passedOver += 1;
      return undefined;
    }
    places += 1;
    const node = jsonNode();
    add(node);
    return node;
  };
  const reader: JsonReader = {
    key: ({ keys }, key) =>
      keys.get(key) ?? grown((node) => keys.set(key, node), keys.size < MOST_KEYS && KEY.test(key) && !looksLikeData(key)),
    item: ({ items }, index) => items[index] ?? grown((node) => items.push(node), index < MOST_ITEMS_DRAFTED),
    nested: () => undefined,
    value(node, bytes, from, to): void {
      if (node === undefined) return;
      if (node.column < 0 && tallies.length < MOST_COLUMNS) node.column = tallies.push(columnTally()) - 1;
      const tally = tallies[node.column];
      if (tally !== undefined) tallyTrimmed(tally, bytes, from, to);
      if (node === root.keys.get(RESOURCE_KEY)) resources.add(resourceName(bytes, from, to));
    },
  };
  const scan = new JsonScan(reader);
  return {
    rows: () => rows,
    take(line: Line) {
      if (line.from === line.to) return undefined;
      const wrong = scan.scan(line.bytes, line.from, line.to, root);
      if (wrong >= 0) return noJson(file, line, wrong);
      rows += 1;
      return undefined;
    },
    profile() {
      const [resource = "", another] = resources;
      const columns = columnsOf(root, []).flatMap(({ steps, column }) => {
        const tally = tallies[column];
        return tally === undefined ? [] : [{ name: jsonPathText(steps), tally }];
      });
      return {
        encoding: "ndjson",
        rows,
        malformed: 0,
        columns,
        ...(resource !== "" && another === undefined ? { resource } : {}),
        passedOver,
      };
    },
  };
}

function columnsOf(
  node: JsonNode,
  steps: readonly JsonStep[],
): readonly { readonly steps: readonly JsonStep[]; readonly column: number }[] {
  const own = node.column < 0 ? [] : [{ steps, column: node.column }];
  const keys = [...node.keys].flatMap(([key, below]) => columnsOf(below, [...steps, key]));
  return [...own, ...keys, ...node.items.flatMap((below, at) => columnsOf(below, [...steps, at]))];
}

function resourceName(bytes: Uint8Array, from: number, to: number): string {
  try {
    const name = utf8Text(bytes.subarray(from, to));
    return RESOURCES.has(name) ? name : "";
  } catch {
    return "";
  }
}

function tallyTrimmed(tally: ColumnTally, bytes: Uint8Array, from: number, to: number): void {
  let [first, last] = [from, to];
  while (last > first && bytes[last - 1] === 0x20) last -= 1;
  while (first < last && bytes[first] === 0x20) first += 1;
  tallyValue(tally, bytes, first, last);
}
