import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Law } from "../../src/core/law/law.ts";
import { LAWS_OF_LAW } from "../law/laws-of-law.ts";
import { shippedLaw } from "../law/scenario.ts";
import { anyMoment, heldByAlgebra, heldByCedar, readings, viewOn } from "../law/whole-request.ts";

let law: Law;
beforeAll(async () => {
  law = await shippedLaw();
});

/** A seed of its own a run, printed by fast-check when something fails. */
describe("the shipped law, at length", () => {
  it("Cedar holds the very rules that the algebra holds", () => {
    const property = fc.property(anyMoment(law), ({ on, cell }) => {
      const view = viewOn(law, on);
      for (const reading of readings(view, cell)) expect(heldByAlgebra(view, reading)).toEqual(heldByCedar(view, reading));
    });
    fc.assert(property, { numRuns: 6_000 });
  }, 300_000);

  it.each(Object.entries(LAWS_OF_LAW))("%s", (_name, property) => fc.assert(property(law), { numRuns: 10_000 }), 300_000);
});
