import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Catalogue, Subject } from "../catalog/catalogue.ts";
import type { ClassTable } from "../catalog/row-class.ts";
import type { Band } from "../ledger/band.ts";
import { bandOf, bandOfParts, bandTop } from "../ledger/band.ts";
import type { Filter } from "../extract/filter.ts";
import { filterLeaves } from "../extract/filter.ts";
import { releases, transformFor } from "../extract/mask.ts";
import type { ExtractSpec, SegmentExtract, SegmentSource } from "../extract/spec.ts";
import type { SqlText } from "../extract/sql-text.ts";
import { sqlTexts } from "../extract/sql-text.ts";
import type { Duty } from "../law/duties.ts";
import { unionOfDuties } from "../law/duties.ts";
import type { DayView } from "../verdict/day-view.ts";
import { dutiesOf } from "../verdict/decide.ts";
import type { ClassJudge } from "./class-judge.ts";
import { classJudge } from "./class-judge.ts";
import type { AskedSegment } from "./columns.ts";
import { askedSegments, columnOf, judgedRows, rowsBySpecial } from "./columns.ts";
import type { PlanDataset } from "./plan-dataset.ts";
import type { Locate, ReleaseRequest } from "./release-request.ts";
import { NOWHERE } from "./release-request.ts";
import type { SetAside, WholeFinding } from "./whole-extract.ts";
import { NOTHING_ASIDE, wholeFindings } from "./whole-extract.ts";
import type { Withheld } from "./withheld.ts";
import { withheldOf } from "./withheld.ts";

export type PermittedOrigin = { readonly origin: string; readonly people: Band; readonly fields: readonly string[] };

/** Exactly what would be released, and why not the rest. No row was read but to count. docs/formats/plan.md */
export type Plan = {
  readonly format: "writ-plan/1";
  readonly request: ReleaseRequest;
  readonly on: string;
  /** True for a day other than the clock's: it answers a question and can never be released. */
  readonly whatIf: boolean;
  readonly simulated: boolean;
  readonly sourceDigest: string;
  readonly lawHash: string;
  readonly catalogueSha256: string;
  readonly statusSourceSha256?: string;
  /** Submissions that told who the people are. */
  readonly enrolment?: readonly string[];
  /** Of submissions of claims: the other submissions that were looked at for later versions of them, and those that were shredded. */
  readonly claims?: readonly {
    readonly dataset: string;
    readonly consulted: readonly string[];
    readonly shredded: readonly string[];
  }[];
  /** What is counted where that is not people. */
  readonly about?: Exclude<Subject, "people">;
  readonly asked: { readonly people: Band; readonly fields: readonly string[] };
  readonly permitted: readonly PermittedOrigin[];
  readonly withheld: readonly Withheld[];
  /** Regimes that were considered, and those that no instrument speaks for. */
  readonly considered: readonly string[];
  readonly notLoaded: readonly string[];
  /** Rules the permitted part rests on. */
  readonly restsOn: readonly string[];
  /** What the recipient owes for it: all duties of those permits, the stricter of each. */
  readonly duties: readonly Duty[];
  /** Terms on the extract as a whole that it does not meet: those permits count for nothing in it. */
  readonly whole: readonly WholeFinding[];
  readonly classes: readonly {
    readonly dataset: string;
    readonly id: number;
    readonly facets: ClassTable["classes"][number]["facets"];
    readonly people: Band;
  }[];
  readonly spec: ExtractSpec;
  readonly sql: readonly SqlText[];
};

export type PlanInput = {
  readonly view: DayView;
  readonly lawHash: string;
  readonly request: ReleaseRequest;
  readonly catalogue: Catalogue;
  readonly catalogueSha256: string;
  readonly datasets: readonly PlanDataset[];
  readonly statusSourceSha256?: string;
  readonly whatIf: boolean;
  readonly simulated: boolean;
  readonly setAside?: SetAside;
  /** Finds places in the request's file, if it comes from one. */
  readonly locate?: Locate;
};

/** At most what the loaded law permits of what was asked. Narrows rather than fails; an empty plan is a value. */
export function makePlan(input: PlanInput): Checked<Plan> {
  const { view, request, catalogue, datasets, locate = NOWHERE } = input;
  const asked = askedSegments(request, catalogue, view.law, locate);
  if (!asked.ok) return asked;
  const filtered = filterOf(request, asked.value, locate);
  if (!filtered.ok) return filtered;
  const idField =
    catalogue.segments.flatMap((one) => one.elements).find((one) => one.name === catalogue.personElement)?.category ?? "medicaid-id";
  const told = asked.value.map((one) => withFilter(one, request));
  const { setAside = NOTHING_ASIDE } = input;
  const judge = classJudge(view, request, { idField, told: elementsOf(told), setAside });
  const segments = asked.value.map((one) => segmentExtract(one, datasets, judge, filtered.value)).filter((one) => releasesAny(one));
  const fields = [...new Set(told.flatMap(({ elements }) => elements.map((element) => element.category)))].sort();
  // WHY only at first: what the extract as a whole takes away narrows it, and the filter was rightly asked.
  const refused = setAside === NOTHING_ASIDE ? filterProblem(request, asked.value, datasets, judge, locate) : undefined;
  if (refused !== undefined) return fail(refused);
  const enrolment = datasets.flatMap(({ classes }) => classes.enrolment ?? []);
  const claims = datasets.flatMap(({ digest, claims: of }) =>
    of === undefined ? [] : [{ dataset: digest, consulted: of.consulted, shredded: of.shredded }],
  );
  const spec: ExtractSpec = { asOf: view.on, pseudonym: request.pseudonym, datasets: datasets.map(extractDataset), segments };
  return pass({
    format: "writ-plan/1",
    request,
    on: view.on,
    whatIf: input.whatIf,
    simulated: input.simulated,
    sourceDigest: view.law.sourceDigest,
    lawHash: input.lawHash,
    catalogueSha256: input.catalogueSha256,
    ...(input.statusSourceSha256 === undefined ? {} : { statusSourceSha256: input.statusSourceSha256 }),
    ...(enrolment.length === 0 ? {} : { enrolment }),
    ...(claims.length === 0 ? {} : { claims }),
    ...(catalogue.about === "people" ? {} : { about: catalogue.about }),
    asked: { people: bandOfParts(datasets.map((one) => bandOf(peopleOf(one)))), fields },
    permitted: byOrigin(datasets.flatMap((dataset) => permittedOf(dataset, segments))),
    withheld: withheldOf(told, datasets, judge),
    considered: view.law.regimes.map((regime) => regime.id),
    notLoaded: view.law.regimes
      .filter((regime) => !view.law.instruments.some((one) => one.regime === regime.id))
      .map((regime) => regime.id),
    ...groundsOf(told, datasets, judge),
    whole: wholeFindings(view.permits, setAside),
    classes: datasets.flatMap((one) =>
      one.classes.classes.map(({ id, facets, people }) => ({ dataset: one.digest, id, facets, people: bandOf(people) })),
    ),
    spec,
    sql: segments.length === 0 ? [] : sqlTexts(spec),
  });
}

/** The elements told, by category. */
function elementsOf(told: readonly AskedSegment[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { name, category } of told.flatMap(({ elements }) => elements)) found.set(category, [...(found.get(category) ?? []), name]);
  return found;
}

const peopleOf = (one: PlanDataset): number => sum(one.classes.classes.map((row) => row.people));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const extractDataset = (one: PlanDataset): ExtractSpec["datasets"][number] => ({
  digest: one.digest,
  origin: one.origin,
  // WHY the top of a band: it only bounds memory, and a plan leaves this place.
  people: bandTop(bandOf(peopleOf(one))),
  classesFile: one.classesFile,
  classes: one.classes.classes.map((row) => row.id),
});

function segmentExtract(asked: AskedSegment, datasets: readonly PlanDataset[], judge: ClassJudge, filter: SegmentFilter): SegmentExtract {
  const columns = asked.elements.map(columnOf);
  const filterFields = filter?.segment === asked.segment.id ? filter.fields : [];
  const categories = [...new Set([...columns.map((column) => column.category), ...filterFields])];
  const sources = datasets.flatMap((dataset): readonly SegmentSource[] => {
    const file = dataset.segmentFiles[asked.segment.id];
    if (file === undefined) return [];
    const verdicts = dataset.classes.classes.flatMap(({ id, facets }) =>
      rowsBySpecial(asked, dataset).map(({ code, special }) => ({
        classId: id,
        ...(code === undefined ? {} : { mark: code }),
        masks: Object.fromEntries(categories.map((category) => [category, judge.mask(facets, special, category).word])),
      })),
    );
    const marksFile = dataset.claims?.segments.find(({ id }) => id === asked.segment.id)?.changed?.file;
    return [{ dataset: dataset.digest, file, ...(marksFile === undefined ? {} : { marksFile }), verdicts }];
  });
  return withoutEmpty({
    segment: asked.segment.id,
    columns,
    ...(asked.segment.span === undefined ? {} : { span: asked.segment.span }),
    ...(asked.segment.claim === undefined ? {} : { marked: true as const }),
    ...(filter?.segment === asked.segment.id ? { filter: filter.filter } : {}),
    sources,
  });
}

/** Without the columns that nobody's rows would fill. WHY: it would pass for data that nobody has. */
function withoutEmpty(segment: SegmentExtract): SegmentExtract {
  const released = segment.sources.flatMap(({ verdicts }) => verdicts.filter((verdict) => releases(segment, verdict)));
  return { ...segment, columns: segment.columns.filter((column) => released.some((one) => transformFor(column, one) !== undefined)) };
}

/** What rows tell: the elements asked for, and those they are selected by. */
const withFilter = ({ segment, elements }: AskedSegment, { only }: ReleaseRequest): AskedSegment => ({
  segment,
  elements: segment.elements.filter((element) => elements.includes(element) || only.some((one) => one.element === element.name)),
});

const releasesAny = (segment: SegmentExtract): boolean =>
  segment.sources.some((source) => source.verdicts.some((verdict) => releases(segment, verdict)));

type SegmentFilter = { readonly segment: string; readonly filter: Filter; readonly fields: readonly string[] } | undefined;

/** A filter reaches the rows of its own segment only, so all elements asked for must stand there. */
function filterOf(request: ReleaseRequest, asked: readonly AskedSegment[], locate: Locate): Checked<SegmentFilter> {
  if (request.only.length === 0) return pass(undefined);
  const [only, ...others] = asked;
  const elements = request.only.map((one) => only?.segment.elements.find((element) => element.name === one.element));
  if (only === undefined || others.length > 0 || elements.some((element) => element === undefined)) {
    const hint = "ask for the elements of one segment, that of the filter";
    const at = locate("where");
    return fail(problem("E_REQUEST", "a filter reaches the rows of its own segment only", { hint, ...(at === undefined ? {} : { at }) }));
  }
  const leaves = request.only.flatMap((one, at): readonly Filter[] => {
    const element = elements[at];
    if (element === undefined) return [];
    return [{ kind: "in", on: { element: element.name, category: element.category, type: element.type }, values: one.values }];
  });
  const fields = elements.flatMap((element) => element?.category ?? []);
  return pass({ segment: only.segment.id, filter: { kind: "and", of: leaves }, fields });
}

/** Asking by an element discloses it: a filter on what nobody's record may disclose is refused by name. */
function filterProblem(
  request: ReleaseRequest,
  asked: readonly AskedSegment[],
  datasets: readonly PlanDataset[],
  judge: ClassJudge,
  locate: Locate,
): Problem | undefined {
  const [only] = asked;
  if (only === undefined) return undefined;
  const withheld = request.only.find((one) => {
    const category = only.segment.elements.find((element) => element.name === one.element)?.category ?? "unclassified";
    return datasets.every((dataset) =>
      dataset.classes.classes.every(({ facets }) =>
        rowsBySpecial(only, dataset).every(({ special }) => judge.mask(facets, special, category).word !== "clear"),
      ),
    );
  });
  if (withheld === undefined) return undefined;
  const hint = "whoever selects by an element learns it; leave the filter out";
  const at = locate("where", withheld.element);
  return problem("E_REQUEST", `the filter asks by ${withheld.element}, which is withheld`, { hint, ...(at === undefined ? {} : { at }) });
}

function permittedOf(dataset: PlanDataset, segments: readonly SegmentExtract[]): readonly PermittedOrigin[] {
  const fields = new Set<string>();
  const classes = new Set<number>();
  for (const segment of segments) {
    const selectedBy = segment.filter === undefined ? [] : filterLeaves(segment.filter).map((leaf) => leaf.on);
    for (const verdict of segment.sources.find((source) => source.dataset === dataset.digest)?.verdicts ?? []) {
      if (!releases(segment, verdict)) continue;
      const released = segment.columns.filter((column) => transformFor(column, verdict) !== undefined);
      classes.add(verdict.classId);
      for (const { category } of [...released, ...selectedBy]) fields.add(category);
    }
  }
  const people = sum(dataset.classes.classes.filter((row) => classes.has(row.id)).map((row) => row.people));
  return people === 0 ? [] : [{ origin: dataset.origin, people: bandOf(people), fields: [...fields].sort() }];
}

/** One entry a state, whose people may come in several submissions. */
function byOrigin(parts: readonly PermittedOrigin[]): readonly PermittedOrigin[] {
  return [...new Set(parts.map(({ origin }) => origin))].map((origin) => {
    const same = parts.filter((part) => part.origin === origin);
    const fields = [...new Set(same.flatMap((part) => part.fields))].sort();
    return { origin, people: bandOfParts(same.map((part) => part.people)), fields };
  });
}

/** Names of the rules that open what the plan releases, and what they ask of the recipient. */
function groundsOf(asked: readonly AskedSegment[], datasets: readonly PlanDataset[], judge: ClassJudge): Pick<Plan, "restsOn" | "duties"> {
  const names = new Set<string>();
  const duties: (readonly Duty[])[] = [];
  for (const one of asked) {
    for (const field of new Set(one.elements.map((element) => element.category))) {
      for (const { facets, special } of datasets.flatMap((dataset) => judgedRows(one, dataset))) {
        const { word, verdicts } = judge.mask(facets, special, field);
        if (word === "omitted") continue;
        for (const verdict of verdicts) {
          for (const rule of [...verdict.needs.flatMap((need) => need.satisfiedBy), ...verdict.openings]) names.add(rule.name);
          duties.push(dutiesOf(verdict));
        }
      }
    }
  }
  return { restsOn: [...names].sort(), duties: unionOfDuties(duties) };
}
