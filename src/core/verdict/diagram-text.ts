import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { canonicalJson, canonicalOf } from "../base/canonical-json.ts";
import { problem } from "../base/problem.ts";
import { DIMENSIONS } from "../law/condition.ts";
import type { Axis, Diagram } from "./diagram.ts";

export const DIAGRAM_FORMAT = "writ-verdict/1";

type DiagramJson = {
  readonly format: string;
  readonly axes: readonly { readonly name: string; readonly classes: readonly (readonly string[])[] }[];
  readonly masks: Diagram["masks"];
  readonly nodes: readonly (readonly number[])[];
  readonly root: number;
  readonly bars: number;
};

/** The one text of a diagram: equal verdicts everywhere, equal text. docs/formats/diagram.md */
export function diagramText({ axes, masks, nodes, root, bars }: Diagram): string {
  const json: DiagramJson = {
    format: DIAGRAM_FORMAT,
    axes: axes.map(({ dimension, evidence, classes }) => ({ name: evidence === undefined ? dimension : `evidence ${evidence}`, classes })),
    masks,
    nodes: nodes.map(({ axis, children }) => [axis, ...children]),
    root,
    bars,
  };
  return canonicalJson(json);
}

export const diagramHash = (diagram: Diagram, sha256: Sha256): string => hex(sha256(utf8(diagramText(diagram))));

/** Reads a diagram back. INVARIANT: only the very bytes that the hash names are read; any other bit is refused. */
export function readDiagram(bytes: Uint8Array, hash: string, sha256: Sha256): Checked<Diagram> {
  const json = hex(sha256(bytes)) === hash ? (canonicalOf(bytes) as DiagramJson | undefined) : undefined;
  if (json?.format !== DIAGRAM_FORMAT)
    return fail(problem("E_PROOF", "the bytes are not the verdict diagram that the hash names", { hint: "build it from the law again" }));
  const axes = json.axes.map(({ name, classes }) => ({ ...axisNamed(name), classes }));
  const nodes = json.nodes.map(([axis = -1, ...children]) => ({ axis, children }));
  return pass({ axes, masks: json.masks, nodes, root: json.root, bars: json.bars });
}

function axisNamed(name: string): Omit<Axis, "classes"> {
  const dimension = DIMENSIONS.find((known) => name === known);
  return dimension === undefined ? { dimension: "evidence", evidence: name.slice("evidence ".length) } : { dimension };
}
