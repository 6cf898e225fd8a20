import { civilDate } from "../base/civil-date.ts";
import type { MapReader } from "../base/yaml-node.ts";
import type { DatedValue, Element, Segment } from "./catalogue.ts";
import type { Reading } from "./reading.ts";
import { placeOf, refuse } from "./reading.ts";

type Dated = { readonly element: string; readonly dated: DatedValue };

/** The segments, with the days on which some of their elements' values are valid. */
export function withValidity(reader: MapReader, segments: readonly Segment[], reading: Reading): readonly Segment[] {
  const dated = reader.maps("valid", ["element", "values", "from", "to", "cite"]).flatMap((part) => readDated(part, segments, reading));
  if (dated.length === 0) return segments;
  return segments.map((segment) => ({ ...segment, elements: segment.elements.map((element) => withDays(element, dated)) }));
}

function withDays(element: Element, all: readonly Dated[]): Element {
  const dated = all.filter((one) => one.element === element.name).map((one) => one.dated);
  return dated.length === 0 ? element : { ...element, dated };
}

/** INVARIANT: each has a source, and names a value that some segment lists, so that none is silently never met. */
function readDated(part: MapReader, segments: readonly Segment[], reading: Reading): readonly Dated[] {
  const element = part.text("element");
  const listed = segments.flatMap(({ elements }) => elements.filter(({ name }) => name === element).map(({ values = [] }) => values));
  if (listed.length === 0) refuse(reading, placeOf(part, "element"), `no segment has an element "${element}"`);
  const [from, to] = [readDay(part, "from", reading), readDay(part, "to", reading)];
  if (from === undefined && to === undefined) refuse(reading, part.at, "neither from nor to is given", "leave the value out");
  if (from !== undefined && to !== undefined && from > to) refuse(reading, placeOf(part, "to"), "the last day lies before the first");
  if (part.text("cite") === "") refuse(reading, placeOf(part, "cite"), "the source is missing");
  return part.texts("values").map((value) => {
    if (listed.length > 0 && !listed.every((values) => values.includes(value)))
      refuse(reading, placeOf(part, "values"), `the catalogue lists no value "${value}" of ${element}`);
    return { element, dated: { value, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) } };
  });
}

function readDay(part: MapReader, key: string, reading: Reading): string | undefined {
  const day = part.optionalText(key);
  if (day !== undefined && !civilDate(day).ok) refuse(reading, placeOf(part, key), `"${day}" is no day`, "write YYYY-MM-DD");
  return day;
}
