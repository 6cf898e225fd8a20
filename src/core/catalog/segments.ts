import type { CsvRow } from "../base/csv.ts";
import { parseCsv } from "../base/csv.ts";
import type { Place } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import type { Element, ElementType, Segment } from "./catalogue.ts";
import type { Reading, SourceText } from "./reading.ts";
import { readClaim } from "./claim-row.ts";
import { checkCategory, checkNames, placeOf, refuse } from "./reading.ts";

const COLUMNS = "de_number,segment_id,segment_name,element_name,picture,type,start,stop,necessity,category,values".split(",");
const SEGMENT_KEYS = ["id", "special", "key", "span", "claim"];
export const ELEMENT_TYPES: readonly string[] = ["text", "date", "integer", "cents"] satisfies readonly ElementType[];

/** The segments of a fixed-length dataset: elements from the CSV, keys and spans from the description. */
export function readSegments(reader: MapReader, elements: SourceText | undefined, reading: Reading): readonly Segment[] {
  const length = reader.text("record_length");
  if (!/^[1-9]\d*$/.test(length)) refuse(reading, placeOf(reader, "record_length"), "record_length is a number of bytes");
  if (elements === undefined) {
    refuse(reading, reader.at, "the elements are missing", "put a CSV of the same name beside the description");
    return [];
  }
  const rows = parseCsv(elements.file, elements.text, { columns: COLUMNS, optional: ["signal"] });
  if (!rows.ok) {
    reading.problems.push(...rows.problems);
    return [];
  }
  const groups = grouped(rows.value, reading);
  const described = reader
    .maps("segments", SEGMENT_KEYS)
    .map((part) => readSegment(part, groups.get(part.text("id")), Number(length), reading));
  for (const [id, first] of groups) {
    if (!described.some((segment) => segment.id === id))
      refuse(reading, first[0]?.at() ?? reader.at, `segment ${id} is not in the description`);
  }
  return described;
}

/** Rows by segment. A segment's rows must stand together. */
function grouped(rows: readonly CsvRow[], reading: Reading): ReadonlyMap<string, readonly CsvRow[]> {
  const groups = new Map<string, CsvRow[]>();
  let last = "";
  for (const row of rows) {
    const id = row.cell("segment_id");
    if (id !== last && groups.has(id)) refuse(reading, row.at("segment_id"), `the rows of ${id} do not stand together`);
    groups.set(id, [...(groups.get(id) ?? []), row]);
    last = id;
  }
  return groups;
}

function readSegment(part: MapReader, rows: readonly CsvRow[] | undefined, lengthBytes: number, reading: Reading): Segment {
  const id = part.text("id");
  const first = rows?.[0];
  if (rows === undefined || first === undefined) refuse(reading, part.at, `the elements have no segment "${id}"`);
  const span = readSpan(part, reading);
  const segment: Segment = {
    id,
    name: first?.cell("segment_name") ?? "",
    elements: (rows ?? []).map((row) => readElement(row, reading)),
    key: part.texts("key"),
    special: readSpecial(part, reading),
    ...(span === undefined ? {} : { span }),
  };
  const claim = readClaim(part, segment, reading);
  checkContiguous(segment, rows ?? [], lengthBytes, reading);
  checkNames(reading, placeOf(part, "key"), segment, segment.key);
  checkNames(reading, placeOf(part, "span"), segment, span === undefined ? [] : [span.from, span.to]);
  return claim === undefined ? segment : { ...segment, claim };
}

function readElement(row: CsvRow, reading: Reading): Element {
  const name = row.cell("element_name");
  const type = row.cell("type");
  if (!ELEMENT_TYPES.includes(type)) refuse(reading, row.at("type"), `"${type}" is no type`, `write ${ELEMENT_TYPES.join(", ")}`);
  checkCategory(reading, row.at("category"), name, row.cell("category"));
  const values = row.cell("values");
  const signal = row.cell("signal");
  return {
    id: row.cell("de_number"),
    name,
    picture: row.cell("picture"),
    type: type as ElementType,
    start: Number(row.cell("start")),
    stop: Number(row.cell("stop")),
    necessity: row.cell("necessity"),
    category: row.cell("category"),
    ...(values === "" ? {} : { values: values.split(";") }),
    ...(signal === "" ? {} : { signal }),
  };
}

/** INVARIANT: the elements of a segment cover bytes 1 to the record's length, each byte once. */
function checkContiguous(segment: Segment, rows: readonly CsvRow[], lengthBytes: number, reading: Reading): void {
  let stop = 0;
  const seen = new Set<string>();
  for (const [at, element] of segment.elements.entries()) {
    const place = (column: string): Place => rows[at]?.at(column) ?? { file: segment.id };
    if (element.start !== stop + 1) refuse(reading, place("start"), `"${element.name}" starts at ${element.start}, not at ${stop + 1}`);
    if (!(element.stop >= element.start)) refuse(reading, place("stop"), `"${element.name}" stops before it starts`);
    if (seen.has(element.name)) refuse(reading, place("element_name"), `"${element.name}" is twice in ${segment.id}`);
    checkPicture(element, place("picture"), reading);
    seen.add(element.name);
    stop = element.stop;
  }
  const last = rows.at(-1);
  if (last !== undefined && stop !== lengthBytes)
    refuse(reading, last.at("stop"), `${segment.id} ends at byte ${stop}, not at ${lengthBytes}`);
}

/** The bytes a COBOL picture takes: `X(8)`, `9(11)`, `S9(11)V99`; the sign and the implied point take none. */
export function pictureBytes(picture: string): number | undefined {
  const match = /^(?:X\((\d+)\)|S?9\((\d+)\)(?:V(9+))?)$/.exec(picture);
  return match === null ? undefined : Number(match[1] ?? match[2]) + (match[3]?.length ?? 0);
}

function checkPicture(element: Element, at: Place, reading: Reading): void {
  const sizeBytes = element.stop - element.start + 1;
  if (pictureBytes(element.picture) !== sizeBytes) refuse(reading, at, `the picture ${element.picture} does not take ${sizeBytes} bytes`);
}

export function readSpan(part: MapReader, reading: Reading): { readonly from: string; readonly to: string } | undefined {
  if (!part.has("span")) return undefined;
  const [from, to, ...more] = part.texts("span");
  if (from !== undefined && to !== undefined && more.length === 0) return { from, to };
  refuse(reading, placeOf(part, "span"), "a span names two elements", "the first and the last day: [FROM, TO]");
  return undefined;
}

/** INVARIANT: a segment that does not say otherwise may carry specially protected content. */
export function readSpecial(part: MapReader, reading: Reading): "none" | "possible" {
  const special = part.optionalText("special") ?? "possible";
  if (special !== "none" && special !== "possible")
    refuse(reading, placeOf(part, "special"), `unknown "${special}"`, "write none or possible");
  return special === "none" ? "none" : "possible";
}
