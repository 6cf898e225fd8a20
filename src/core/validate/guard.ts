import { thousands } from "../base/thousands.ts";
import type { Element, Segment } from "../catalog/catalogue.ts";
import type { MarkCounts } from "../catalog/special-mark.ts";
import type { SourcedElements } from "./rule.ts";

/** How often each element of a segment holds something. */
export type FilledSegment = { readonly segment: Segment; readonly rows: number; readonly filled: ReadonlyMap<string, number> };

/** People by who pays for them, over the submission's month. */
export type FundingCounts = { readonly stateOnly: number; readonly unknown: number };

/** What was counted in a submission that is not sent yet. */
export type GuardCounts = {
  readonly people: number;
  readonly segments: readonly FilledSegment[];
  /** Absent where no row tells an aid code. */
  readonly funding?: FundingCounts;
  /** Rows whose person is named by the Social Security number that stands on them. */
  readonly idIsSsnRows: number;
  readonly marks: ReadonlyMap<string, MarkCounts>;
};

/** A count as it is told: `1-10` where it is small, exact above. */
export type Told = string;
export const told = (count: number): Told => (count > 0 && count <= 10 ? "1-10" : thousands(count));

/** What a state is about to hand over and may not have to. INVARIANT: counts and names of elements, nobody's data. */
export type GuardReport = {
  readonly people: Told;
  /** Whether a map said who pays for whom; without one all are unknown. */
  readonly funding?: { readonly mapped: boolean; readonly stateOnly: Told; readonly unknown: Told };
  readonly ids: { readonly saidToBeSsn: boolean; readonly rowsWithSsnAsId: Told };
  readonly freeText: readonly { readonly segment: string; readonly element: string; readonly rows: Told }[];
  readonly sourced: readonly (Omit<SourcedElements, "elements"> & {
    readonly segment: string;
    readonly element: string;
    readonly rows: Told;
  })[];
  /** Filled elements of which no requirement of CMS's is known, by category. */
  readonly unrequired: readonly { readonly category: string; readonly elements: readonly string[]; readonly values: Told }[];
  readonly special: readonly { readonly segment: string; readonly part2: Told; readonly unknown: Told }[];
};

type Filled = { readonly segment: string; readonly element: Element; readonly count: number };

export function guardReport(
  counts: GuardCounts,
  { idIsSsn, mapped, sourced }: { readonly idIsSsn: boolean; readonly mapped: boolean; readonly sourced: readonly SourcedElements[] },
): GuardReport {
  const filled = counts.segments.flatMap(filledOf);
  const { funding } = counts;
  const place = ({ segment, element, count }: Filled): { segment: string; element: string; rows: Told } => ({
    segment,
    element: element.name,
    rows: told(count),
  });
  return {
    people: told(counts.people),
    ...(funding === undefined ? {} : { funding: { mapped, stateOnly: told(funding.stateOnly), unknown: told(funding.unknown) } }),
    ids: { saidToBeSsn: idIsSsn, rowsWithSsnAsId: told(counts.idIsSsnRows) },
    freeText: filled.filter(({ element }) => element.category === "free-text").map(place),
    sourced: sourced.flatMap(({ elements, ...source }) =>
      filled.filter(({ element }) => elements.includes(element.name)).map((one) => ({ ...place(one), ...source })),
    ),
    unrequired: unrequiredOf(filled),
    special: [...counts.marks].flatMap(([segment, { part2, unknown }]) =>
      part2 + unknown === 0 ? [] : [{ segment, part2: told(part2), unknown: told(unknown) }],
    ),
  };
}

const filledOf = ({ segment, filled }: FilledSegment): readonly Filled[] =>
  segment.elements.flatMap((element) => {
    const count = filled.get(element.name) ?? 0;
    return count === 0 ? [] : [{ segment: segment.id, element, count }];
  });

/** WHY not structure: keys and counters tell nothing of a person. */
function unrequiredOf(filled: readonly Filled[]): GuardReport["unrequired"] {
  const found = filled.filter(({ element }) => element.necessity === "" && element.category !== "structural");
  const categories = [...new Set(found.map(({ element }) => element.category))].sort();
  return categories.map((category) => {
    const those = found.filter(({ element }) => element.category === category);
    const values = those.reduce((sum, { count }) => sum + count, 0);
    return { category, elements: [...new Set(those.map(({ element }) => element.name))].sort(), values: told(values) };
  });
}

/** The elements a guard counts: all but padding and what every record must start with. */
export const countedElements = (segment: Segment): readonly string[] =>
  segment.elements.filter(({ necessity, category }) => necessity !== "pad" && category !== "structural").map(({ name }) => name);

/** The element by which a segment says a person's Social Security number, if it does. */
export const ssnElement = (segment: Segment): string | undefined => segment.elements.find(({ category }) => category === "ssn")?.name;
