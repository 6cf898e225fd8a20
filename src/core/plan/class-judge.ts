import type { RowFacets } from "../catalog/row-class.ts";
import type { Cell, CellVerdict } from "../verdict/cell.ts";
import { judgeServing, OUTCOMES } from "../verdict/cell.ts";
import type { DayView } from "../verdict/day-view.ts";
import type { Verdict } from "../verdict/decide.ts";
import { cellsOf, decide, isWorse, opens } from "../verdict/decide.ts";
import { narrow } from "../verdict/narrow.ts";
import type { DecisionRequest } from "../verdict/request.ts";
import { evidenceFor } from "./attached-evidence.ts";
import type { ReleaseRequest } from "./release-request.ts";
import type { SetAside } from "./whole-extract.ts";
import { asideFor, NOTHING_ASIDE } from "./whole-extract.ts";

/** Categories of which nobody knows what they hold, and why. INVARIANT: no plan lets them out, whatever is permitted for the rest. */
export const NEVER_RELEASED: ReadonlyMap<string, string> = new Map([
  ["unclassified", "nobody has classified these elements in the catalogue"],
  ["free-text", "free text may hold anything, and nobody has classified it"],
]);
const SSN = "ssn";

/** Judges the classes of a request's rows. Cells that recur over classes are judged once. */
export type ClassJudge = {
  /** The mask under which a category goes out for a class; `omitted` where it does not. */
  mask(
    facets: RowFacets,
    special: readonly string[],
    field: string,
  ): {
    readonly word: string;
    /** Of every cell the class may be, each of which lets the category out under that mask or clearer. */
    readonly verdicts: readonly CellVerdict[];
  };
  /** The same with every reason, for showing. */
  explain(facets: RowFacets, special: readonly string[], field: string): Verdict;
};

/** What a plan knows beyond its request before it judges. */
export type JudgeTerms = {
  /** The category of the person's id, which is an SSN too where the submission's ids are. */
  readonly idField: string;
  /** Elements the extract tells, by category. A document that names elements reaches no category missing here. */
  readonly told?: ReadonlyMap<string, readonly string[]>;
  readonly setAside?: SetAside;
};

export function classJudge(view: DayView, request: ReleaseRequest, { idField, told, setAside = NOTHING_ASIDE }: JudgeTerms): ClassJudge {
  const { employers = [] } = request;
  const narrowed = narrow(view, {
    discloser: request.from,
    // WHY not with employers: each cell is judged again with each of them as its recipient.
    ...(employers.length === 0 ? { recipient: request.to } : {}),
    purpose: request.purpose,
    action: request.action,
  });
  const chains = new Map(view.law.vocabulary.fields.map((word) => [word.id, word.masks]));
  const judged = new Map<string, CellVerdict>();
  const question = (facets: RowFacets, special: readonly string[], field: string, of: string): DecisionRequest => ({
    discloser: request.from,
    recipient: request.to,
    employers,
    purpose: request.purpose,
    action: request.action as DecisionRequest["action"],
    evidence: evidenceFor(request, { ...facets, field, elements: told?.get(of) }),
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
    (facets.idIsSsn && field === idField ? [field, SSN] : [field]).map((one) => question(facets, special, one, field));
  const judgeOnce = (cell: Cell, aside: ReadonlySet<string>): CellVerdict => {
    const facets = [cell.field, cell.origin, cell.population, cell.funding, cell.special, cell.applicant];
    const key = [...facets, ...cell.memberOf, ...cell.evidence, "/", ...aside].join(" ");
    const verdict = judged.get(key) ?? judgeServing(without(narrowed, aside), cell, employers);
    judged.set(key, verdict);
    return verdict;
  };
  const mask: ClassJudge["mask"] = (facets, special, field) => {
    const aside = asideFor(setAside, facets);
    const cells = asked(facets, special, field).flatMap((one) => cellsOf(narrowed, one));
    const verdicts = cells.map((cell) => judgeOnce(cell, aside));
    const verdict = verdicts.reduce((a, b) => (isWorse(b, a) ? b : a));
    const chain = chains.get(field) ?? ["clear", "omitted"];
    const goesOut = !NEVER_RELEASED.has(field) && opens(verdict);
    return { word: (goesOut ? chain[verdict.mask] : undefined) ?? "omitted", verdicts };
  };
  const explain: ClassJudge["explain"] = (facets, special, field) =>
    asked(facets, special, field)
      .map((one) => decide(without(view, asideFor(setAside, facets)), one))
      .reduce((a, b) => (OUTCOMES.indexOf(b.outcome) > OUTCOMES.indexOf(a.outcome) ? b : a));
  return { mask, explain };
}

/** The view as if some permits were not in it. */
const without = (view: DayView, names: ReadonlySet<string>): DayView =>
  names.size === 0 ? view : { ...view, permits: view.permits.filter((rule) => !names.has(rule.name)) };
