import type { RowFacets } from "../catalog/row-class.ts";
import type { CellVerdict } from "../verdict/cell.ts";
import { judgeCell, OUTCOMES } from "../verdict/cell.ts";
import type { DayView } from "../verdict/day-view.ts";
import type { Verdict } from "../verdict/decide.ts";
import { cellsOf, decide, isWorse } from "../verdict/decide.ts";
import { narrow } from "../verdict/narrow.ts";
import type { DecisionRequest } from "../verdict/request.ts";
import type { ReleaseRequest } from "./release-request.ts";
import { evidenceFor } from "./release-request.ts";

/** Categories of which nobody knows what they hold, and why. INVARIANT: no plan lets them out, whatever is permitted for the rest. */
export const NEVER_RELEASED: ReadonlyMap<string, string> = new Map([
  ["unclassified", "nobody has classified these elements in the catalogue"],
  ["free-text", "free text may hold anything, and nobody has classified it"],
]);
const SSN = "ssn";

/** Judges the classes of a request's rows. Cells that recur over classes are judged once. */
export type ClassJudge = {
  /** The mask under which a category goes out for a class; `omitted` where it does not. */
  mask(facets: RowFacets, special: readonly string[], field: string): { readonly word: string; readonly verdict: CellVerdict };
  /** The same with every reason, for showing. */
  explain(facets: RowFacets, special: readonly string[], field: string): Verdict;
};

/** `idField`: the category of the person's id, which is an SSN too where the submission's ids are. */
export function classJudge(view: DayView, request: ReleaseRequest, idField: string): ClassJudge {
  const narrowed = narrow(view, {
    discloser: request.from,
    recipient: request.to,
    purpose: request.purpose,
    action: request.action,
  });
  const chains = new Map(view.law.vocabulary.fields.map((word) => [word.id, word.masks]));
  const judged = new Map<string, CellVerdict>();
  const question = (facets: RowFacets, special: readonly string[], field: string): DecisionRequest => ({
    discloser: request.from,
    recipient: request.to,
    purpose: request.purpose,
    action: request.action as DecisionRequest["action"],
    evidence: evidenceFor(request, field, facets.origin),
    fields: [field],
    origin: facets.origin,
    population: facets.population,
    funding: facets.funding,
    special,
    applicant: facets.applicant,
    assumed: {},
  });
  // INVARIANT: where ids are SSNs, releasing the id releases an SSN; both must be allowed, each on evidence that covers it.
  const asked = (facets: RowFacets, special: readonly string[], field: string): readonly DecisionRequest[] =>
    (facets.idIsSsn && field === idField ? [field, SSN] : [field]).map((one) => question(facets, special, one));
  const mask: ClassJudge["mask"] = (facets, special, field) => {
    const cells = asked(facets, special, field).flatMap((one) => cellsOf(narrowed, one));
    const verdicts = cells.map((cell) => {
      const key = [
        cell.field,
        cell.origin,
        cell.population,
        cell.funding,
        cell.special,
        cell.applicant,
        ...cell.memberOf,
        ...cell.evidence,
      ].join(" ");
      const known = judged.get(key);
      if (known !== undefined) return known;
      const verdict = judgeCell(narrowed, cell);
      judged.set(key, verdict);
      return verdict;
    });
    const verdict = verdicts.reduce((a, b) => (isWorse(b, a) ? b : a));
    const chain = chains.get(field) ?? ["clear", "omitted"];
    const goesOut = !NEVER_RELEASED.has(field) && (verdict.outcome === "permitted" || verdict.outcome === "masked");
    return { word: (goesOut ? chain[verdict.mask] : undefined) ?? "omitted", verdict };
  };
  const explain: ClassJudge["explain"] = (facets, special, field) =>
    asked(facets, special, field)
      .map((one) => decide(view, one))
      .reduce((a, b) => (OUTCOMES.indexOf(b.outcome) > OUTCOMES.indexOf(a.outcome) ? b : a));
  return { mask, explain };
}
