import type { MapReader } from "../base/yaml-node.ts";
import type { DateForm, Element, ElementType, Segment } from "./catalogue.ts";
import { DATE_FORMS } from "./catalogue.ts";
import { parseJsonPath } from "./json-path.ts";
import type { Reading } from "./reading.ts";
import { checkCategory, checkNames, placeOf, refuse, withoutGuess } from "./reading.ts";
import { ELEMENT_TYPES, readSpan, readSpecial } from "./segments.ts";

const COLUMN_KEYS = ["name", "type", "category", "values", "necessity", "written", "path"];
const UNCLASSIFIED = "unclassified";

/** The one segment of a dataset that is a table; it also names the segment's Parquet file. */
const TABLE_SEGMENT = "ROWS";

/** A user's own delimited file: its columns are listed in the description itself. */
export function readTable(reader: MapReader, reading: Reading): Segment {
  const columns = reader.maps("columns", COLUMN_KEYS);
  if (columns.length === 0) refuse(reading, placeOf(reader, "columns"), "no columns are listed", "list every column of the file");
  const span = readSpan(reader, reading);
  const segment: Segment = {
    id: TABLE_SEGMENT,
    name: reader.optionalText("title") ?? "",
    elements: columns.map((column) => readColumn(column, reading)),
    key: reader.texts("key"),
    special: readSpecial(reader, reading),
    ...(span === undefined ? {} : { span }),
  };
  checkUnique(columns, reading);
  if (reader.optionalText("encoding") === "ndjson") checkPaths(columns, reading);
  checkNames(reading, placeOf(reader, "key"), segment, segment.key);
  checkNames(reading, placeOf(reader, "span"), segment, span === undefined ? [] : [span.from, span.to]);
  return segment;
}

function readColumn(column: MapReader, reading: Reading): Element {
  const name = column.text("name");
  const type = column.optionalText("type") ?? "text";
  if (!ELEMENT_TYPES.includes(type)) refuse(reading, placeOf(column, "type"), `"${type}" is no type`, `write ${ELEMENT_TYPES.join(", ")}`);
  const category = readCategory(column, name, reading);
  const element: Element = {
    id: name,
    name,
    picture: "",
    type: type as ElementType,
    start: 0,
    stop: 0,
    necessity: column.optionalText("necessity") ?? "",
    category,
  };
  return {
    ...element,
    ...(column.has("values") ? { values: column.texts("values") } : {}),
    ...readWritten(column, type, reading),
    ...readPath(column),
  };
}

/** INVARIANT: a guess is `unclassified` to everything that reads a category; its word must be one all the same. */
function readCategory(column: MapReader, name: string, reading: Reading): string {
  const at = placeOf(column, "category");
  const written = column.text("category");
  const category = withoutGuess(reading, at, written, name);
  checkCategory(reading, at, name, category);
  return category === written ? category : UNCLASSIFIED;
}

function readWritten(column: MapReader, type: string, reading: Reading): { written?: DateForm } {
  const written = column.optionalText("written");
  if (written === undefined) return {};
  const form = DATE_FORMS.find((one) => one === written);
  const at = placeOf(column, "written");
  if (form === undefined) refuse(reading, at, `dates are not written "${written}"`, `write ${DATE_FORMS.join(", ")}`);
  else if (type !== "date") refuse(reading, at, "only a date is written in a form", "add type: date");
  return form === undefined || form === DATE_FORMS[0] ? {} : { written: form };
}

function readPath(column: MapReader): { path?: string } {
  const path = column.optionalText("path");
  return path === undefined || path === column.optionalText("name") ? {} : { path };
}

function checkUnique(columns: readonly MapReader[], reading: Reading): void {
  const seen = new Set<string>();
  for (const column of columns) {
    const name = column.optionalText("name") ?? "";
    // WHY: the engine compares column names without regard to case.
    if (seen.has(name.toLowerCase())) refuse(reading, placeOf(column, "name"), `the column "${name}" is listed twice`);
    seen.add(name.toLowerCase());
  }
}

/** INVARIANT: each column of a file of JSON lines reads one place of a line, and no two the same. */
function checkPaths(columns: readonly MapReader[], reading: Reading): void {
  const seen = new Set<string>();
  for (const column of columns) {
    const [key, path] = column.has("path") ? ["path", column.text("path")] : ["name", column.optionalText("name") ?? ""];
    if (parseJsonPath(path) === undefined)
      refuse(reading, placeOf(column, key), `"${path}" is no path into JSON`, "write keys with points between, such as name[0].family");
    if (seen.has(path)) refuse(reading, placeOf(column, key), `the path "${path}" is read twice`);
    seen.add(path);
  }
}
