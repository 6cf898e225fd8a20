import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import type { Rule } from "../../src/core/law/law.ts";
import type { Word } from "../../src/core/law/vocabulary.ts";
import { ancestorsIn } from "../../src/core/law/vocabulary.ts";
import type { Cell } from "../../src/core/verdict/cell.ts";
import type { DayView } from "../../src/core/verdict/day-view.ts";

/** Names of the rules that hold. */
export type CedarSide = (cell: Cell) => ReadonlySet<string>;

/** Cedar asked the whole request, a call a cell: the rules parsed beforehand, the entities only those the cell can reach. */
export function cedarSide(view: DayView, name: string): CedarSide {
  const rules = [...view.bars, ...view.permits, ...view.defeats];
  const staticPolicies = Object.fromEntries(rules.map((rule) => [rule.name, asPermit(rule)]));
  const parsed = cedar.preparsePolicySet(name, { staticPolicies });
  if (parsed.type === "failure") throw new Error(parsed.errors.map(({ message }) => message).join("; "));
  return (cell) => {
    const answer = cedar.statefulIsAuthorized({
      ...cedarRequest(cell),
      preparsedPolicySetId: name,
      entities: entitiesOf(view, cell),
    });
    if (answer.type === "failure") throw new Error(answer.errors.map(({ message }) => message).join("; "));
    return new Set(answer.response.diagnostics.reason);
  };
}

/** A cell as a request to Cedar, but for its entities. */
export const cedarRequest = (cell: Cell): Pick<cedar.StatefulAuthorizationCall, "principal" | "action" | "resource" | "context"> => ({
  principal: { type: "Party", id: cell.recipient },
  action: { type: "Action", id: cell.action },
  resource: CELL,
  context: {
    discloser: entity("Party", cell.discloser),
    purpose: entity("Purpose", cell.purpose),
    evidence: [...cell.evidence].map((kind) => entity("Evidence", kind)),
  },
});

export const CELL = { type: "Cell", id: "cell" };
export const entity = (type: string, id: string): { readonly __entity: { readonly type: string; readonly id: string } } => ({
  __entity: { type, id },
});

/** WHY permits: so that Cedar names every rule that holds, whichever way it decides. */
export const asPermit = (rule: Rule): string => (rule.effect === "permit" ? rule.text : rule.text.replace(/^forbid\b/m, "permit"));

function entitiesOf(view: DayView, cell: Cell): cedar.Entities {
  const { parties, purposes, populations, fields } = view.law.vocabulary;
  const line = (type: string, words: readonly Word[], ids: readonly string[]): cedar.Entities => {
    const reached = new Set(ids.flatMap((id) => [...ancestorsIn(words, id)]));
    return words.filter(({ id }) => reached.has(id)).map(({ id, parents }) => ({ uid: { type, id }, attrs: {}, parents: parents.map((parent) => ({ type, id: parent })) })); // prettier-ignore
  };
  const lists = view.law.instruments.filter(({ id }) => view.membership(id, cell.origin) === "member");
  const names = ["field", "origin", "population", "system", "funding", "special", "applicant"] as const;
  const types = ["Field", "Jurisdiction", "Population", "RecordSystem", "Funding", "Special", "Applicant"];
  return [
    ...line("Party", parties, [cell.recipient, cell.discloser]),
    ...line("Purpose", purposes, [cell.purpose]),
    ...line("Population", populations, [cell.population]),
    ...line("Field", fields, [cell.field]),
    { uid: { type: "Jurisdiction", id: cell.origin }, attrs: {}, parents: lists.map(({ id }) => ({ type: "Protected", id })) },
    { uid: CELL, attrs: Object.fromEntries(names.map((name, at) => [name, entity(types[at] ?? "", cell[name])])), parents: [] },
  ];
}
