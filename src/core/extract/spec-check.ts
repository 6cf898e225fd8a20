import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import { civilDate } from "../base/civil-date.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { ElementType } from "../catalog/catalogue.ts";
import type { Filter } from "./filter.ts";
import { filterLeaves } from "./filter.ts";
import type { ExtractSpec, SegmentExtract, SegmentSource } from "./spec.ts";
import { PSEUDONYM_COLUMN } from "./spec.ts";
import { isStorable } from "./stored-text.ts";
import { isDefinedOn } from "./transform.ts";

/** All that is wrong with a spec: what passes compiles, prints, and means one thing. */
export function checkedSpec(spec: ExtractSpec): Checked<ExtractSpec> {
  const digests = new Set(spec.datasets.map(({ digest }) => digest));
  const problems = [
    ...repeated(
      "dataset",
      spec.datasets.map(({ digest }) => digest),
    ),
    ...repeated(
      "segment",
      spec.segments.map(({ segment }) => segment),
    ),
    ...spec.segments.flatMap((segment) => [...columnProblems(segment), ...filterProblems(segment), ...sourceProblems(segment, digests)]),
  ];
  return passIf(problems, () => spec);
}

const refused = (message: string, hint: string): Problem => problem("E_REQUEST", message, { hint });

// WHY lower case: the engine tells names apart by letters, not by case.
function repeated(what: string, names: readonly string[]): readonly Problem[] {
  const folded = names.map((name) => name.toLowerCase());
  return names
    .filter((_, at) => folded.indexOf(folded[at] ?? "") !== at)
    .map((name) => refused(`the ${what} "${name}" is named twice`, `name each ${what} once, whatever its case`));
}

function columnProblems(segment: SegmentExtract): readonly Problem[] {
  const names = segment.columns.map(({ element }) => element);
  const undefinedOn = segment.columns.flatMap(({ element, type, transforms }) =>
    Object.values(transforms)
      .filter((transform) => !isDefinedOn(transform, type))
      .map(({ kind }) => refused(`"${kind}" is not defined for ${element}, which is ${type}`, "choose another mask for its category")),
  );
  return [...repeated("element", [PSEUDONYM_COLUMN, "person_key", ...names]), ...undefinedOn];
}

function filterProblems(segment: SegmentExtract): readonly Problem[] {
  if (segment.filter === undefined) return [];
  return filterLeaves(segment.filter).flatMap((leaf) => {
    const values = askedValues(leaf);
    const wrong = values.filter((value) => !isOfType(leaf.on.type, value));
    // WHY the value is not repeated: it may be somebody's.
    return [
      ...(wrong.length > 0 ? [refused(`the filter on ${leaf.on.element} holds a value that is no ${leaf.on.type}`, "correct it")] : []),
      ...(leaf.kind === "in" && values.length === 0
        ? [refused(`the filter on ${leaf.on.element} lists no value`, "list at least one")]
        : []),
    ];
  });
}

/** The values a question compares with. */
export function askedValues(leaf: ReturnType<typeof filterLeaves>[number] & Filter): readonly string[] {
  if (leaf.kind === "compare") return [leaf.value];
  return leaf.kind === "in" ? leaf.values : [];
}

function isOfType(type: ElementType, value: string): boolean {
  if (type === "date") return civilDate(value).ok;
  if (type === "text") return isStorable(value);
  return /^-?\d{1,18}$/.test(value);
}

function sourceProblems(segment: SegmentExtract, digests: ReadonlySet<string>): readonly Problem[] {
  const unknown = segment.sources.filter(({ dataset }) => !digests.has(dataset));
  return [
    ...unknown.map(() => problem("E_BUG", `${segment.segment} draws on a dataset the extract does not list`)),
    ...repeated(
      "dataset",
      segment.sources.map(({ dataset }) => dataset),
    ),
    ...segment.sources.flatMap((source) => verdictProblems(source, segment.marked === true)),
    ...segment.sources
      .filter(({ marksFile }) => marksFile !== undefined && segment.marked !== true)
      .map(() => problem("E_BUG", `${segment.segment} has changes of marks and no marks`)),
  ];
}

function verdictProblems({ verdicts }: SegmentSource, marked: boolean): readonly Problem[] {
  const numbers = verdicts.flatMap(({ classId, mark }) => (mark === undefined ? [classId] : [classId, mark]));
  const keys = new Set(verdicts.map(({ classId, mark }) => `${classId} ${mark ?? ""}`));
  const sound =
    numbers.every((number) => Number.isSafeInteger(number) && number >= 0 && number < 2 ** 31) &&
    keys.size === verdicts.length &&
    verdicts.every(({ mark }) => (mark !== undefined) === marked);
  return sound ? [] : [problem("E_BUG", "a class has two verdicts, no whole number for an id, or marks where there are none")];
}
