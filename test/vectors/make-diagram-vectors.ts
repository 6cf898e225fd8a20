/** `npx tsx test/vectors/make-diagram-vectors.ts` writes diagram.json: one small law as a diagram, its hash, and points with their verdicts. */
import { writeFileSync } from "node:fs";
import { sha256 } from "../../src/app/sha256.ts";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import { buildDiagram } from "../../src/core/verdict/diagram-build.ts";
import { diagramHash, diagramText } from "../../src/core/verdict/diagram-text.ts";
import type { Point } from "../../src/core/verdict/diagram.ts";
import { verdictAt } from "../../src/core/verdict/diagram.ts";
import { valueOf } from "../law/diagram-laws.ts";
import { bar, instrument, permit, smallLaw } from "../law/small-law.ts";

export type DiagramVectors = {
  readonly text: string;
  readonly sha256: string;
  readonly points: readonly {
    readonly point: Omit<Point, "evidence"> & { readonly evidence: readonly string[] };
    readonly outcome: string;
    readonly mask: string;
  }[];
};

/** A permit under a mask, one with a document, and a bar for a state on a list that leaves another open. */
export function diagramVectors(): DiagramVectors {
  const law = smallLaw(
    instrument(
      "act",
      {},
      permit({ when: 'resource.field == Field::"address"', notes: '@mask("county")' }),
      permit({ id: "2", when: 'context.evidence.contains(Evidence::"letter")' }),
    ),
    instrument(
      "order",
      { protects: "[{ jurisdiction: CA, cite: c }, { jurisdiction: DC, unresolved: true, cite: c }]" },
      bar({ head: 'principal in Party::"dhs", action, resource', when: 'resource.origin in Protected::"order"' }),
    ),
  );
  const diagram = valueOf(buildDiagram(dayView(law, "2026-01-15" as CivilDate, ["read"])));
  const asked = {
    discloser: "hhs-cms",
    recipient: "dhs-ice",
    purpose: "research",
    action: "disclose",
    field: "address",
    origin: "TX",
    population: "refugee",
  };
  const point = { ...asked, funding: "federal", special: "none", applicant: "yes", system: "medicaid", evidence: [] };
  const points = [
    point,
    { ...point, evidence: ["letter"] },
    { ...point, origin: "CA", evidence: ["letter"] },
    { ...point, origin: "DC", evidence: ["letter"] },
    { ...point, recipient: "researcher", origin: "DC", evidence: ["letter"] },
    { ...point, field: "name" },
    { ...point, recipient: "nobody-known" },
  ];
  return {
    text: diagramText(diagram),
    sha256: diagramHash(diagram, sha256),
    points: points.map((one) => ({ point: one, ...verdictAt(diagram, { ...one, evidence: new Set(one.evidence) }) })),
  };
}

if (process.argv[1]?.endsWith("make-diagram-vectors.ts") === true)
  writeFileSync(new URL("diagram.json", import.meta.url), `${JSON.stringify(diagramVectors(), null, 1)}\n`);
