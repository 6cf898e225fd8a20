import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Catalogue, Element, Segment } from "../catalog/catalogue.ts";
import type { Law } from "../law/law.ts";
import type { ColumnExtract } from "../extract/spec.ts";
import type { Transform } from "../extract/transform.ts";
import { fieldLeaves } from "../verdict/request.ts";
import type { ReleaseRequest } from "./release-request.ts";

/** A segment of which at least one element is asked for. */
export type AskedSegment = { readonly segment: Segment; readonly elements: readonly Element[] };

/** Whether rows of a segment may hold substance use records; where they may, both are judged. */
export const specialOf = ({ segment }: AskedSegment): readonly string[] => (segment.special === "none" ? ["none"] : ["none", "part2"]);

/** Categories that come along with a segment but never bring one in. */
const COMPANIONS: ReadonlySet<string> = new Set(["medicaid-id", "structural", "enrolment-date", "free-text"]);

/** The elements a request asks for, by segment; asking for what no segment holds is an error. */
export function askedSegments(request: ReleaseRequest, catalogue: Catalogue, law: Law): Checked<readonly AskedSegment[]> {
  const about = catalogue.segments.filter((segment) => segment.elements.some((element) => element.name === catalogue.personElement));
  const problems = [...unknownElements(request, about), ...predicates(request, law)];
  const asked = request.elements.length > 0 ? byElement(request, about) : byField(request, about, law);
  if (problems.length === 0 && asked.length === 0) {
    const hint = "the categories of a dataset's elements are in its catalogue";
    problems.push(problem("E_REQUEST", `no element of ${catalogue.dataset} is of the categories asked for`, { hint }));
  }
  return passIf(problems, () => asked);
}

function unknownElements(request: ReleaseRequest, segments: readonly Segment[]): Problem[] {
  const known = new Set(segments.flatMap((segment) => segment.elements.map((element) => element.name)));
  return [...request.elements, ...request.only.map((one) => one.element)]
    .filter((name) => !known.has(name))
    .map((name) => problem("E_REQUEST", `unknown element "${name}"`, { hint: nearestHint(name, known, "the dataset's catalogue") }));
}

/** `anonymized` and its like judge an extract as a whole; no plan can promise them yet. */
function predicates(request: ReleaseRequest, law: Law): Problem[] {
  const words = new Set(law.vocabulary.fields.filter((word) => word.extract && word.id !== "full-dataset").map((word) => word.id));
  return request.fields
    .filter((field) => words.has(field))
    .map((field) =>
      problem("E_REQUEST", `"${field}" is a property of a whole extract, not a category of elements`, { hint: "name the categories" }),
    );
}

const byElement = (request: ReleaseRequest, segments: readonly Segment[]): readonly AskedSegment[] =>
  segments.flatMap((segment) => {
    const elements = segment.elements.filter((element) => request.elements.includes(element.name));
    return elements.every((element) => COMPANIONS.has(element.category)) ? [] : [{ segment, elements }];
  });

function byField(request: ReleaseRequest, segments: readonly Segment[], law: Law): readonly AskedSegment[] {
  const words = law.vocabulary.fields.filter((word) => request.fields.includes(word.id));
  const fields = new Set(words.flatMap((word) => fieldLeaves(law, word)));
  const all = segments.map((segment) => ({ segment, elements: segment.elements.filter((element) => fields.has(element.category)) }));
  const chosen = all.filter(({ elements }) => elements.some((element) => !COMPANIONS.has(element.category)));
  return chosen.length > 0 ? chosen : all.filter(({ elements }) => elements.length > 0).slice(0, 1);
}

/** What an element becomes under each mask of its category. A mask nobody defined for the element releases nothing. */
export function columnOf(element: Element): ColumnExtract {
  const transforms: Record<string, Transform> = { clear: { kind: "clear" } };
  if (element.type === "date") transforms["year"] = { kind: "year" };
  return { element: element.name, category: element.category, type: element.type, transforms };
}
