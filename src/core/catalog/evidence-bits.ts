/** Lists of people a request may name at once: one bit each. */
export const MOST_LISTS = 8;

/** The leaves each facet of a row may have, every list sorted. Unknown is the whole list. */
export type FacetLeaves = {
  readonly population: readonly string[];
  readonly funding: readonly string[];
  readonly applicant: readonly string[];
};

export type OpenFacet = keyof FacetLeaves;

/**
 * All that was found about one person, as one integer: an engine combines the rows of a person with a single bit-or.
 * Marks stand below, then one bit a leaf for each kind of finding.
 */
export type EvidenceBits = {
  /** A row of the person is true on the date. */
  readonly present: number;
  /** Several people use the id. */
  readonly shared: number;
  /** A row that should tell the facet does not. */
  open(facet: OpenFacet): number;
  /** A row proves the leaf. */
  proven(facet: OpenFacet, leaf: string): number;
  /** A row speaks against the population. */
  against(leaf: string): number;
  /** A status source found the population. */
  asserted(leaf: string): number;
  /** Everything that speaks for or against a population. */
  readonly ofPopulation: number;
  /** Everything that speaks for one. */
  readonly forPopulation: number;
  /** The list of people at that place names the person. */
  named(list: number): number;
};

/** What the bits of one person say, read back. */
export type Evidence = {
  readonly shared: boolean;
  readonly open: ReadonlySet<OpenFacet>;
  readonly proven: Readonly<Record<OpenFacet, readonly string[]>>;
  readonly against: readonly string[];
  readonly asserted: readonly string[];
  /** Places of the lists that name the person. */
  readonly named: readonly number[];
};

const FACETS: readonly OpenFacet[] = ["population", "funding", "applicant"];
const LISTS: readonly number[] = Array.from({ length: MOST_LISTS }, (_, list) => list);
/** Bits a double holds exactly. */
const MOST_BITS = 52;

export function evidenceBits(leaves: FacetLeaves): EvidenceBits {
  const names = bitNames(leaves);
  if (names.length > MOST_BITS) throw new RangeError(`the facets have too many leaves: ${names.length} bits`);
  const positions = new Map(names.map((name, at) => [name, at]));
  const bit = (name: string): number => {
    const at = positions.get(name);
    if (at === undefined) throw new RangeError(`no such leaf: ${name}`);
    return 2 ** at;
  };
  const sum = (kinds: readonly string[]): number =>
    kinds.flatMap((kind) => leaves.population.map((leaf) => bit(`${kind} ${leaf}`))).reduce((total, one) => total + one, 0);
  return {
    present: bit("present"),
    shared: bit("shared"),
    ofPopulation: sum(["population", "asserted", "against"]),
    forPopulation: sum(["population", "asserted"]),
    open: (facet) => bit(`open ${facet}`),
    proven: (facet, leaf) => bit(`${facet} ${leaf}`),
    against: (leaf) => bit(`against ${leaf}`),
    asserted: (leaf) => bit(`asserted ${leaf}`),
    named: (list) => bit(`named ${list}`),
  };
}

export function readEvidence(bits: number, leaves: FacetLeaves): Evidence {
  const names = bitNames(leaves);
  const has = (name: string): boolean => Math.floor(bits / 2 ** names.indexOf(name)) % 2 === 1;
  const proven = (facet: OpenFacet): readonly string[] => leaves[facet].filter((leaf) => has(`${facet} ${leaf}`));
  return {
    shared: has("shared"),
    open: new Set(FACETS.filter((facet) => has(`open ${facet}`))),
    proven: { population: proven("population"), funding: proven("funding"), applicant: proven("applicant") },
    against: leaves.population.filter((leaf) => has(`against ${leaf}`)),
    asserted: leaves.population.filter((leaf) => has(`asserted ${leaf}`)),
    named: LISTS.filter((list) => has(`named ${list}`)),
  };
}

const bitNames = (leaves: FacetLeaves): readonly string[] => [
  "present",
  "shared",
  ...FACETS.map((facet) => `open ${facet}`),
  ...FACETS.flatMap((facet) => leaves[facet].map((leaf) => `${facet} ${leaf}`)),
  ...leaves.population.map((leaf) => `against ${leaf}`),
  ...leaves.population.map((leaf) => `asserted ${leaf}`),
  ...LISTS.map((list) => `named ${list}`),
];
