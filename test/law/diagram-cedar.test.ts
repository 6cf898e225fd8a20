import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import { shippedLaw } from "./scenario.ts";
import type { Law } from "../../src/core/law/law.ts";
import { verdictAt } from "../../src/core/verdict/diagram.ts";
import { anyPoint, diagramOn, someDays } from "./diagram-laws.ts";
import { sameAsCedar, truthTable } from "./cedar-verdict.ts";
import { viewOn } from "./whole-request.ts";

const SEED = 20260212;
let law: Law;
beforeAll(async () => {
  law = await shippedLaw();
});

it("the diagram and decide say what follows from the rules Cedar alone finds to hold, reasons and all", () => {
  const seen = new Set<string>();
  const days = someDays(law, 6);
  const property = fc.property(fc.constantFrom(...days), anyPoint(law), (on, point) => {
    sameAsCedar(viewOn(law, on), point);
    seen.add(verdictAt(diagramOn(law, on), point).outcome);
  });
  fc.assert(property, { numRuns: 150, seed: SEED });
  expect([...seen]).toEqual(expect.arrayContaining(["permitted", "no-authority", "barred"]));
});

it("Cedar and the algebra give a rule one truth table, over every word of every dimension", () => {
  const every = Math.ceil(law.rules.length / 12);
  for (const [at, rule] of law.rules.entries()) if (at % every === 0) expect(truthTable(law, rule), rule.name).toEqual([]);
});
