import type { Checked } from "../base/checked.ts";
import { fail, passIf } from "../base/checked.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Catalogue, Element, Segment } from "../catalog/catalogue.ts";
import { isAbout } from "../catalog/catalogue.ts";
import type { RowFacets } from "../catalog/row-class.ts";
import type { Law } from "../law/law.ts";
import type { ColumnExtract } from "../extract/spec.ts";
import type { Transform } from "../extract/transform.ts";
import { fieldLeaves } from "../verdict/request.ts";
import type { PlanDataset, RowMark } from "./plan-dataset.ts";
import type { Locate, ReleaseRequest } from "./release-request.ts";

/** A segment of which at least one element is asked for. */
export type AskedSegment = { readonly segment: Segment; readonly elements: readonly Element[] };

/** Whether rows of a segment may hold substance use records, as far as the segment tells; where they may, both are judged. */
export const specialOf = ({ segment }: AskedSegment): readonly string[] => (segment.special === "none" ? ["none"] : ["none", "part2"]);

/** The rows of a segment by what their marks tell of substance use. */
export const rowsBySpecial = (asked: AskedSegment, { marks }: PlanDataset): readonly RowMark[] =>
  asked.segment.claim === undefined ? [{ special: specialOf(asked) }] : (marks?.[asked.segment.id] ?? []);

/** Each class of a submission with each kind of row it has in a segment. */
export const judgedRows = (
  asked: AskedSegment,
  dataset: PlanDataset,
): readonly { readonly facets: RowFacets; readonly people: number; readonly special: readonly string[] }[] =>
  dataset.classes.classes.flatMap(({ facets, people }) =>
    rowsBySpecial(asked, dataset).map(({ special }) => ({ facets, people, special })),
  );

/** Categories that come along with a segment but never bring one in. */
const COMPANIONS: ReadonlySet<string> = new Set(["medicaid-id", "structural", "enrolment-date", "free-text"]);

/** The elements a request asks for, by segment; asking for what no segment holds is an error. */
export function askedSegments(request: ReleaseRequest, catalogue: Catalogue, law: Law, locate: Locate): Checked<readonly AskedSegment[]> {
  const about = catalogue.segments.filter((segment) => isAbout(catalogue, segment));
  if (about.length === 0) {
    const hint = "releases are of rows whose person, provider or plan the catalogue names; this dataset can be taken in and shown only";
    return fail(problem("E_REQUEST", `${catalogue.dataset} is about nobody`, { hint, ...place(locate("dataset")) }));
  }
  const problems = [...unknownElements(request, about, locate), ...predicates(request, law, locate)];
  const asked = request.elements.length > 0 ? byElement(request, about) : byField(request, about, law);
  if (problems.length === 0 && asked.length === 0) {
    const hint = "the categories of a dataset's elements are in its catalogue";
    const at = locate(request.elements.length > 0 ? "elements" : "fields");
    problems.push(problem("E_REQUEST", `no element of ${catalogue.dataset} is of the categories asked for`, { hint, ...place(at) }));
  }
  return passIf(problems, () => asked);
}

const place = (at: Place | undefined): { at?: Place } => (at === undefined ? {} : { at });

function unknownElements(request: ReleaseRequest, segments: readonly Segment[], locate: Locate): Problem[] {
  const known = new Set(segments.flatMap((segment) => segment.elements.map((element) => element.name)));
  const named = [
    ...request.elements.map((name) => ({ name, key: "elements" })),
    ...request.only.map(({ element }) => ({ name: element, key: "where" })),
    ...request.evidence.flatMap(({ elements = [] }) => elements.map((name) => ({ name, key: "evidence" }))),
  ];
  return named
    .filter(({ name }) => !known.has(name))
    .map(({ name, key }) => {
      const hint = nearestHint(name, known, "the dataset's catalogue");
      return problem("E_REQUEST", `unknown element "${name}"`, { hint, ...place(locate(key, name)) });
    });
}

/** `anonymized` and its like must be proven of an extract as a whole, which no plan does; so what rests on them opens nothing here. */
function predicates(request: ReleaseRequest, law: Law, locate: Locate): Problem[] {
  const words = new Set(law.vocabulary.fields.filter((word) => word.extract && word.id !== "full-dataset").map((word) => word.id));
  return request.fields
    .filter((field) => words.has(field))
    .map((field) =>
      problem("E_REQUEST", `"${field}" is a property of a whole extract, not a category of elements`, {
        hint: "name the categories",
        ...place(locate("fields", field)),
      }),
    );
}

const byElement = (request: ReleaseRequest, segments: readonly Segment[]): readonly AskedSegment[] =>
  broughtIn(segments, (element) => request.elements.includes(element.name));

function byField(request: ReleaseRequest, segments: readonly Segment[], law: Law): readonly AskedSegment[] {
  const words = law.vocabulary.fields.filter((word) => request.fields.includes(word.id));
  const fields = new Set(words.flatMap((word) => fieldLeaves(law, word)));
  // WHY not its leaves: elements may be of a category that others stand below, such as `health`.
  const whole = request.fields.includes("full-dataset");
  return broughtIn(segments, (element) => whole || fields.has(element.category));
}

/** The segments that hold what is asked for; the first that holds any of it where only companions are. */
function broughtIn(segments: readonly Segment[], isAsked: (element: Element) => boolean): readonly AskedSegment[] {
  const all = segments.map((segment) => ({ segment, elements: segment.elements.filter(isAsked) }));
  const chosen = all.filter(({ elements }) => elements.some((element) => !COMPANIONS.has(element.category)));
  return chosen.length > 0 ? chosen : all.filter(({ elements }) => elements.length > 0).slice(0, 1);
}

/** What an element becomes under each mask of its category. A mask nobody defined for the element releases nothing. */
export function columnOf(element: Element): ColumnExtract {
  const transforms: Record<string, Transform> = { clear: { kind: "clear" } };
  if (element.type === "date") transforms["year"] = { kind: "year" };
  return { element: element.name, category: element.category, type: element.type, transforms };
}
