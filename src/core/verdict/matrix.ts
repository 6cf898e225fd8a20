import type { DayView } from "./day-view.ts";
import type { Verdict } from "./decide.ts";
import { decide } from "./decide.ts";
import { buildDiagram } from "./diagram-build.ts";
import type { PointVerdict } from "./diagram.ts";
import { project } from "./diagram.ts";
import type { DecisionRequest } from "./request.ts";

export type MatrixRow = {
  /** Origins whose answers are the same in every column. */
  readonly origins: readonly string[];
  readonly cells: readonly { readonly field: string; readonly outcome: Verdict["outcome"]; readonly mask: string }[];
};

/** A request's answer for every origin x field; origins that fare alike share a row. */
export function matrix(
  view: DayView,
  request: DecisionRequest,
  origins: readonly string[],
  fields: readonly string[],
): readonly MatrixRow[] {
  const answer = answering(view, origins.length * fields.length);
  const rows = new Map<string, { origins: string[]; cells: MatrixRow["cells"] }>();
  for (const origin of origins) {
    const cells = fields.map((field) => {
      const { outcome, mask } = answer({ ...request, origin, fields: [field] });
      return { field, outcome, mask };
    });
    const key = JSON.stringify(cells);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { origins: [origin], cells });
    else row.origins.push(origin);
  }
  return [...rows.values()].sort((a, b) => b.origins.length - a.origins.length);
}

/** Questions from which the diagram of the whole law costs less than judging them one by one. */
const MANY = 200;

/** INVARIANT: both ways give the same answers (test/law/diagram.test.ts). */
function answering(view: DayView, questions: number): (request: DecisionRequest) => PointVerdict {
  const diagram = questions < MANY ? undefined : buildDiagram(view);
  return diagram?.ok === true ? (request) => project(diagram.value, view.law, request) : (request) => decide(view, request);
}
