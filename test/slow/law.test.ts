import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Law } from "../../src/core/law/law.ts";
import { LAWS_OF_LAW } from "../law/laws-of-law.ts";
import { sameAsCedar, truthTable } from "../law/cedar-verdict.ts";
import { anyOpenRequest, diagramOn, sameAnswer } from "../law/diagram-laws.ts";
import { shippedLaw } from "../law/scenario.ts";
import { anyMoment, heldByAlgebra, heldByCedar, readings, turningDays, viewOn } from "../law/whole-request.ts";

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

  it("the diagram says what decide and Cedar's rules say", () => {
    const fields = Object.keys(diagramOn(law, "2026-01-15" as CivilDate).masks);
    const property = fc.property(anyMoment(law), ({ on, cell }) => {
      if (fields.includes(cell.field)) sameAsCedar(viewOn(law, on), cell);
    });
    fc.assert(property, { numRuns: 6_000 });
  }, 600_000);

  it("the diagram says what decide says to requests that leave things open", () => {
    const property = fc.property(fc.constantFrom(...turningDays(law)), anyOpenRequest(law), (on, asked) =>
      sameAnswer(viewOn(law, on), asked),
    );
    fc.assert(property, { numRuns: 6_000 });
  }, 600_000);

  it("Cedar and the algebra give every rule one truth table", () => {
    for (const rule of law.rules) expect(truthTable(law, rule), rule.name).toEqual([]);
  }, 600_000);
});
