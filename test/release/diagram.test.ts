/** What a plan compiles into SQL, class by class, against the diagram of the whole law; a release checks the SQL against the plan. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { evidenceFor } from "../../src/core/plan/attached-evidence.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import type { DecisionRequest } from "../../src/core/verdict/request.ts";
import { project } from "../../src/core/verdict/diagram.ts";
import { diagramOf } from "../law/diagram-laws.ts";
import { shippedLaw } from "../law/scenario.ts";
import { ICE, OIG, openWorkshop, ownTemporaryFolder, removeWorkshops, type Workshop } from "./workshop.ts";

let shop: Workshop;
beforeAll(async () => {
  ownTemporaryFolder();
  shop = await openWorkshop(await shippedLaw());
});
afterAll(removeWorkshops);

it.each([
  ["an inspector", OIG],
  ["the immigration authority", ICE],
])("the plan for %s lets out of each class what the diagram says, and is released", async (_who, asked) => {
  const file = await shop.plan(asked);
  const plan = JSON.parse(readFileSync(file, "utf8")) as Plan;
  const { law, workspace } = await shop.room();
  const diagram = diagramOf(dayView(law, plan.on as CivilDate, workspace.admittedGrades));
  const said = new Set<string>();
  for (const { sources } of plan.spec.segments)
    for (const { dataset, verdicts } of sources)
      for (const { classId, masks } of verdicts) {
        const facets = plan.classes.find((one) => one.dataset === dataset && one.id === classId)?.facets;
        if (facets === undefined) throw new Error("a verdict on no class");
        for (const [field, mask] of Object.entries(masks)) {
          const fields = facets.idIsSsn && field === "medicaid-id" ? [field, "ssn"] : [field];
          const request: DecisionRequest = {
            discloser: plan.request.from,
            recipient: plan.request.to,
            purpose: plan.request.purpose,
            action: plan.request.action as DecisionRequest["action"],
            origin: facets.origin,
            population: facets.population,
            funding: facets.funding,
            applicant: facets.applicant,
            fields,
            special: ["none"],
            assumed: {},
            evidence: evidenceFor(plan.request, { ...facets, field }),
          };
          expect([field, project(diagram, law, request).mask]).toEqual([field, mask]);
          said.add(mask);
        }
      }
  expect(said.size).toBe(asked === ICE ? 2 : 1);
  expect((await shop.release(file)).releaseId).toMatch(/^[0-9a-f]{32}$/);
});
