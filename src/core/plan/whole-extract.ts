import { canonicalJson } from "../base/canonical-json.ts";
import type { RowFacets } from "../catalog/row-class.ts";
import type { Rule } from "../law/law.ts";
import { wholeTermsText } from "../law/whole-terms.ts";

/** Permits that do not count in an extract, anywhere or for some groups of rows. It only ever grows. */
export type SetAside = {
  readonly everywhere: ReadonlySet<string>;
  /** By the facets that make the group. */
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
};

export const NOTHING_ASIDE: SetAside = { everywhere: new Set(), groups: new Map() };

/** All rows whose facets are alike, of whatever submission. */
export const groupOf = (facets: RowFacets): string => canonicalJson(facets);

export const asideFor = ({ everywhere, groups }: SetAside, facets: RowFacets): ReadonlySet<string> => {
  const own = groups.size === 0 ? undefined : groups.get(groupOf(facets));
  return own === undefined ? everywhere : new Set([...everywhere, ...own]);
};

/** What an extract turned out to hold, counted by the very queries that would write it. */
export type ExtractFacts = {
  /** People of each group in each segment it has rows in. */
  readonly counts: readonly { readonly segment: string; readonly group: string; readonly people: number }[];
  /** Categories of which anything goes out. */
  readonly categories: readonly string[];
};

/** A term that an extract does not meet. No count is told: the term itself says enough. */
export type WholeFinding = {
  readonly rule: string;
  readonly cite: string;
  readonly terms: string;
  readonly from: "everybody" | "some people";
};

/**
 * The second decision, about the extract as a whole. INVARIANT: it can only narrow: permits are set aside, none is added, and
 * one set aside stays so though a later round would have let it count.
 */
export function setAsideBy(rules: readonly Rule[], facts: ExtractFacts, before: SetAside): SetAside {
  const everywhere = new Set(before.everywhere);
  const groups = new Map(before.groups);
  // WHY the largest segment: who is in several is one person, so a sum could only say too many.
  const people = Math.max(0, ...[...new Set(facts.counts.map((one) => one.segment))].map((id) => peopleIn(facts, id)));
  for (const { name, whole } of rules) {
    if (whole === undefined) continue;
    const { minPeople = 0, minCell = 0, notWith = [] } = whole;
    if (people < minPeople || notWith.some((field) => facts.categories.includes(field))) everywhere.add(name);
    for (const { group, people: alike } of facts.counts) {
      if (alike > 0 && alike < minCell) groups.set(group, new Set([...(groups.get(group) ?? []), name]));
    }
  }
  return { everywhere, groups };
}

const peopleIn = ({ counts }: ExtractFacts, segment: string): number =>
  counts.filter((one) => one.segment === segment).reduce((sum, one) => sum + one.people, 0);

/** Whether two rounds set the same aside. */
export const isSameAside = (a: SetAside, b: SetAside): boolean => sizeOf(a) === sizeOf(b);

const sizeOf = ({ everywhere, groups }: SetAside): number => [...groups.values()].reduce((sum, names) => sum + names.size, everywhere.size);

/** Which terms were not met, one a permit. */
export function wholeFindings(rules: readonly Rule[], { everywhere, groups }: SetAside): readonly WholeFinding[] {
  const some = new Set([...groups.values()].flatMap((names) => [...names]));
  return rules.flatMap(({ name, cite, whole }): readonly WholeFinding[] =>
    whole === undefined || !(everywhere.has(name) || some.has(name))
      ? []
      : [{ rule: name, cite, terms: wholeTermsText(whole), from: everywhere.has(name) ? "everybody" : "some people" }],
  );
}
