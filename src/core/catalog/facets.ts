import { nearestHint } from "../base/nearest.ts";
import type { MapReader, YamlNode } from "../base/yaml-node.ts";
import { mapReader } from "../base/yaml-node.ts";
import type { FacetSource, Segment } from "./catalogue.ts";
import type { Reading } from "./reading.ts";
import { checkNames, refuse } from "./reading.ts";

/** The facets a catalogue may tell; `special` is told per segment. */
const FACETS = ["origin", "population", "funding", "applicant"];

/** What tells each row facet. A facet that is not told is unknown: every leaf at once. */
export function readFacets(reader: MapReader, segments: readonly Segment[], reading: Reading): Readonly<Record<string, FacetSource>> {
  const node = reader.node("facets");
  const sources: Record<string, FacetSource> = {};
  if (node === undefined) return sources;
  const facets = mapReader(node, FACETS, reading.problems);
  for (const facet of FACETS) {
    const told = facets.node(facet);
    if (told !== undefined) sources[facet] = readFacet(facet, told, segments, reading);
  }
  return sources;
}

function readFacet(facet: string, node: YamlNode, segments: readonly Segment[], reading: Reading): FacetSource {
  if (node.kind === "text") {
    if (node.text !== "unknown")
      refuse(reading, node.at, `"${node.text}" tells no facet`, "write unknown, { constant: … } or { column: …, map: … }");
    return { unknown: true };
  }
  const source = mapReader(node, ["constant", "column", "segment", "codes", "map"], reading.problems);
  const constant = source.optionalText("constant");
  if (constant !== undefined) {
    checkLeaf(facet, constant, node, reading);
    return { constant };
  }
  const only = segments.length === 1 ? segments[0]?.id : undefined;
  const segmentId = source.optionalText("segment") ?? only ?? source.text("segment");
  const segment = segments.find(({ id }) => id === segmentId);
  const column = source.text("column");
  if (segment === undefined) refuse(reading, node.at, `there is no segment "${segmentId}"`);
  else checkNames(reading, node.at, segment, [column]);
  return { column, segment: segmentId, map: { ...readCodes(source, reading), ...readMap(facet, source, reading) } };
}

/** Codes that the vocabulary already maps, so that no catalogue repeats them. */
function readCodes(source: MapReader, reading: Reading): Readonly<Record<string, string>> {
  const codes = source.optionalText("codes");
  if (codes !== undefined && codes !== "fips") refuse(reading, source.at, `there are no codes "${codes}"`, "write codes: fips");
  return codes === "fips" ? (reading.words.fips ?? {}) : {};
}

/** INVARIANT: a value the map does not list is unknown, so a map never widens by omission. */
function readMap(facet: string, source: MapReader, reading: Reading): Readonly<Record<string, string>> {
  const node = source.node("map");
  if (node === undefined || node.kind !== "map") {
    refuse(reading, source.at, `the facet "${facet}" needs a map from the column's values`, "map: { VALUE: leaf }");
    return {};
  }
  const map = new Map<string, string>();
  for (const [value, leaf] of node.entries) {
    if (leaf.kind !== "text") refuse(reading, leaf.at, `the value "${value}" is mapped to no word`);
    else {
      checkLeaf(facet, leaf.text, leaf, reading);
      map.set(value, leaf.text);
    }
  }
  return Object.fromEntries(map);
}

function checkLeaf(facet: string, leaf: string, node: YamlNode, reading: Reading): void {
  const known = reading.words.facets?.[facet];
  if (known === undefined || known.includes(leaf)) return;
  refuse(reading, node.at, `"${leaf}" is no leaf of the facet "${facet}"`, nearestHint(leaf, known, "law/vocabulary"));
}
