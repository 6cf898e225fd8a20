import type { MapReader } from "../base/yaml-node.ts";
import { mapReader } from "../base/yaml-node.ts";
import type { ClaimRow, Segment } from "./catalogue.ts";
import type { Reading } from "./reading.ts";
import { checkNames, refuse } from "./reading.ts";

const KEYS = ["header", "original", "adjusted", "kind", "decided", "served", "told_by"];

/** How rows of a segment are versions of claims; undefined where they are none. */
export function readClaim(part: MapReader, segment: Segment, reading: Reading): ClaimRow | undefined {
  const node = part.node("claim");
  if (node === undefined) return undefined;
  const reader = mapReader(node, KEYS, reading.problems);
  const [header, toldBy] = [reader.optionalText("header"), reader.optionalText("told_by")];
  const served = readServed(reader, reading);
  const claim: ClaimRow = {
    ...(header === undefined ? {} : { header }),
    original: reader.text("original"),
    adjusted: reader.text("adjusted"),
    kind: readKind(reader, reading),
    decided: reader.text("decided"),
    ...(served === undefined ? {} : { served }),
    ...(toldBy === undefined ? {} : { toldBy }),
  };
  if (toldBy !== undefined && !segment.elements.some(({ signal }) => signal === toldBy))
    refuse(reading, node.at, `no element of ${segment.id} has the signal "${toldBy}"`);
  const days = served === undefined ? [] : [served.from, served.to];
  checkNames(reading, node.at, segment, [claim.original, claim.adjusted, claim.kind.element, claim.decided, ...days]);
  return claim;
}

function readKind(reader: MapReader, reading: Reading): ClaimRow["kind"] {
  const node = reader.node("kind");
  const kind = node === undefined ? reader : mapReader(node, ["element", "void", "replacement"], reading.problems);
  return { element: kind.text("element"), void: kind.text("void"), replacement: kind.text("replacement") };
}

function readServed(reader: MapReader, reading: Reading): ClaimRow["served"] {
  if (!reader.has("served")) return undefined;
  const [from, to, ...more] = reader.texts("served");
  if (from !== undefined && to !== undefined && more.length === 0) return { from, to };
  refuse(reading, reader.node("served")?.at ?? reader.at, "served names two elements", "the first and the last day: [FROM, TO]");
  return undefined;
}
