import fc from "fast-check";
import { beforeAll, expect, it } from "vitest";
import type { Law } from "../../src/core/law/law.ts";
import { LAWS_OF_LAW } from "./laws-of-law.ts";
import { shippedLaw } from "./scenario.ts";
import { anyMoment, heldByAlgebra, heldByCedar, readings, viewOn } from "./whole-request.ts";

const SEED = 20260105;
let law: Law;
beforeAll(async () => {
  law = await shippedLaw();
});

it("Cedar, asked the whole request, holds the very rules that the algebra holds", () => {
  const held = new Set<string>();
  const property = fc.property(anyMoment(law), ({ on, cell }) => {
    const view = viewOn(law, on);
    for (const reading of readings(view, cell)) {
      const byAlgebra = heldByAlgebra(view, reading);
      expect(byAlgebra).toEqual(heldByCedar(view, reading));
      for (const name of byAlgebra) held.add(name);
    }
  });
  fc.assert(property, { numRuns: law.rules.length, seed: SEED });
  expect(held.size).toBeGreaterThan(law.rules.length / 3);
});

it.each(Object.entries(LAWS_OF_LAW))("%s", (_name, property) => {
  fc.assert(property(law), { numRuns: 300, seed: SEED });
});
