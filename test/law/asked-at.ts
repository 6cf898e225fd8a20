import type { Point } from "../../src/core/verdict/diagram.ts";
import type { DecisionRequest } from "../../src/core/verdict/request.ts";

/** The request that asks about one point and leaves nothing open but the readings of unresolved lists. */
export const askedAt = (point: Point): DecisionRequest => ({
  ...point,
  action: point.action as DecisionRequest["action"],
  evidence: [...point.evidence],
  fields: [point.field],
  population: [point.population],
  funding: [point.funding],
  special: [point.special],
  applicant: [point.applicant],
  assumed: {},
});
