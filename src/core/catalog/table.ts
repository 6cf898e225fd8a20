import type { MapReader } from "../base/yaml-node.ts";
import type { Element, ElementType, Segment } from "./catalogue.ts";
import type { Reading } from "./reading.ts";
import { checkCategory, checkNames, placeOf, refuse } from "./reading.ts";
import { ELEMENT_TYPES, readSpan, readSpecial } from "./segments.ts";

const COLUMN_KEYS = ["name", "type", "category", "values", "necessity"];

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
  checkNames(reading, placeOf(reader, "key"), segment, segment.key);
  checkNames(reading, placeOf(reader, "span"), segment, span === undefined ? [] : [span.from, span.to]);
  return segment;
}

function readColumn(column: MapReader, reading: Reading): Element {
  const name = column.text("name");
  const type = column.optionalText("type") ?? "text";
  if (!ELEMENT_TYPES.includes(type)) refuse(reading, placeOf(column, "type"), `"${type}" is no type`, `write ${ELEMENT_TYPES.join(", ")}`);
  const category = column.text("category");
  checkCategory(reading, placeOf(column, "category"), name, category);
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
  return column.has("values") ? { ...element, values: column.texts("values") } : element;
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
