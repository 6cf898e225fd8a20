import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { sha256 } from "../../src/app/sha256.ts";
import { utf8 } from "../../src/core/base/bytes.ts";
import { readDiagram } from "../../src/core/verdict/diagram-text.ts";
import { verdictAt } from "../../src/core/verdict/diagram.ts";
import { valueOf } from "../law/diagram-laws.ts";
import { type DiagramVectors, diagramVectors } from "./make-diagram-vectors.ts";

const vectors = JSON.parse(readFileSync(new URL("diagram.json", import.meta.url), "utf8")) as DiagramVectors;

it("the law of the vectors has the text and the hash written down", () => {
  expect(diagramVectors()).toEqual(vectors);
});

it("the text alone, read back, gives every point its verdict", () => {
  const diagram = valueOf(readDiagram(utf8(vectors.text), vectors.sha256, sha256));
  for (const { point, outcome, mask } of vectors.points) {
    expect(verdictAt(diagram, { ...point, evidence: new Set(point.evidence) })).toEqual({ outcome, mask });
  }
  expect(vectors.points.map(({ outcome }) => outcome)).toEqual([
    "masked",
    "permitted",
    "barred",
    "barred",
    "permitted",
    "no-authority",
    "no-authority",
  ]);
});
