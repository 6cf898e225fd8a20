import { canonicalJson } from "../base/canonical-json.ts";
import type { Vocabulary } from "../law/vocabulary.ts";
import { leavesOf } from "../law/vocabulary.ts";
import type { Evidence, FacetLeaves, OpenFacet } from "./evidence-bits.ts";

/** What the law may ask about a row. Several leaves mean: any of them, nobody knows which. */
export type RowFacets = {
  readonly origin: string;
  readonly population: readonly string[];
  readonly funding: readonly string[];
  readonly applicant: readonly string[];
  readonly idIsSsn: boolean;
  /** SHA-256 of the lists that name the person, of those a request came with. Absent where it came with none. */
  readonly named?: readonly string[];
};

/** All rows the law cannot tell apart. Ids are dense from 0, in the order of the facets' canonical JSON. */
export type RowClass = { readonly id: number; readonly facets: RowFacets; readonly people: number };

/** Who belongs to which class on one day. docs/formats/dataset.md */
export type ClassTable = {
  readonly format: "writ-classes/1";
  readonly asOf: string;
  readonly statusSource?: string;
  readonly aidMap?: string;
  /** Submissions that told about the people, in order. */
  readonly enrolment?: readonly string[];
  readonly classes: readonly RowClass[];
  /** SHA-256 of the Parquet file that names the people. */
  readonly sha256: string;
};

/** The leaves of the closed vocabularies, sorted. */
export function facetLeaves(vocabulary: Vocabulary): FacetLeaves {
  const leaves = (facet: OpenFacet): readonly string[] => [...(vocabulary.facets.find((word) => word.id === facet)?.leaves ?? [])].sort();
  return { population: [...leavesOf(vocabulary.populations)].sort(), funding: leaves("funding"), applicant: leaves("applicant") };
}

/**
 * The facets of a person.
 * INVARIANT: a facet has fewer than all its leaves only where every finding agrees on one; silence and contradiction widen.
 */
export function facetsOf(
  evidence: Evidence,
  leaves: FacetLeaves,
  origin: string,
  idIsSsn: boolean,
  lists: readonly string[] = [],
): RowFacets {
  return {
    origin,
    population: populationOf(evidence, leaves.population),
    funding: provenOr(evidence, "funding", leaves),
    applicant: provenOr(evidence, "applicant", leaves),
    idIsSsn,
    ...(lists.length === 0 ? {} : { named: evidence.named.flatMap((list) => lists[list] ?? []) }),
  };
}

/** A status source's finding holds for one person only, and only while nothing else about that person disagrees. */
function populationOf(evidence: Evidence, all: readonly string[]): readonly string[] {
  const { asserted, against, shared } = evidence;
  const proven = evidence.open.has("population") ? [] : evidence.proven.population;
  const said = new Set([...asserted, ...evidence.proven.population]);
  const [leaf] = asserted.length > 0 ? asserted : proven;
  const agreed = !shared && leaf !== undefined && said.size === 1 && !against.includes(leaf);
  return agreed ? [leaf] : all;
}

/** Where an id is shared, or codes differ, the row is each of them. */
function provenOr({ open, proven }: Evidence, facet: "funding" | "applicant", leaves: FacetLeaves): readonly string[] {
  return open.has(facet) || proven[facet].length === 0 ? leaves[facet] : proven[facet];
}

/** People with the same evidence. */
export type EvidenceGroup = { readonly facets: RowFacets; readonly people: number };

/** Dense classes of the groups, and the class each group belongs to. */
export function rowClasses(groups: readonly EvidenceGroup[]): {
  readonly classes: readonly RowClass[];
  readonly classOf: readonly number[];
} {
  const keys = groups.map(({ facets }) => canonicalJson(facets));
  const sorted = [...new Set(keys)].sort();
  const ids = new Map(sorted.map((key, id) => [key, id]));
  const people = sorted.map(() => 0);
  const facets = new Map<number, RowFacets>();
  const classOf = groups.map((group, at) => {
    const id = ids.get(keys[at] ?? "") ?? 0;
    people[id] = (people[id] ?? 0) + group.people;
    facets.set(id, group.facets);
    return id;
  });
  const classes = [...facets].sort(([a], [b]) => a - b).map(([id, of]) => ({ id, facets: of, people: people[id] ?? 0 }));
  return { classes, classOf };
}
