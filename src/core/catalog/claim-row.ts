import type { MapReader } from "../base/yaml-node.ts";
import { mapReader } from "../base/yaml-node.ts";
import type { ClaimRow, Segment } from "./catalogue.ts";
import type { Reading } from "./reading.ts";
import { checkNames, refuse } from "./reading.ts";

const KEYS = ["original", "adjusted", "kind", "decided", "served", "told_by"];

/** How rows of a segment are versions of claims; undefined where they are none. */
export function readClaim(part: MapReader, segment: Segment, reading: Reading): ClaimRow | undefined {
  const node = part.node("claim");
  if (node === undefined) return undefined;
  const reader = mapReader(node, KEYS, reading.problems);
  const [from, to, ...more] = reader.texts("served");
  const toldBy = reader.optionalText("told_by");
  const claim: ClaimRow = {
    original: reader.text("original"),
    adjusted: reader.text("adjusted"),
    kind: reader.text("kind"),
    decided: reader.text("decided"),
    ...(from === undefined || to === undefined ? {} : { served: { from, to } }),
    ...(toldBy === undefined ? {} : { toldBy }),
  };
  if (reader.has("served") && (claim.served === undefined || more.length > 0))
    refuse(reading, node.at, "served names two elements: [FROM, TO]");
  if (toldBy !== undefined && !segment.elements.some(({ signal }) => signal === toldBy))
    refuse(reading, node.at, `no element of ${segment.id} has the signal "${toldBy}"`);
  const { original, adjusted, kind, decided, served } = claim;
  checkNames(reading, node.at, segment, [original, adjusted, kind, decided, ...(served === undefined ? [] : [served.from, served.to])]);
  return claim;
}
