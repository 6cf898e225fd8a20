import type { Catalogue, Segment } from "./catalogue.ts";
import { isAbout } from "./catalogue.ts";
import type { OpenFacet } from "./evidence-bits.ts";

/** What the values of one column say about a facet on the days its row is true. */
export type ColumnEvidence = {
  readonly segment: string;
  readonly column: string;
  readonly facet: OpenFacet;
  /** Value to the leaf it proves. */
  readonly proves: Readonly<Record<string, string>>;
  /** Value to the populations it speaks against; `*` stands for all. */
  readonly against?: Readonly<Record<string, readonly string[]>>;
  /** Whether a state's aid-code map adds to what is proven. */
  readonly byAidMap?: true;
};

/** Where the facets of a dataset's people come from. */
export type ClassSource = {
  /** Segments whose rows make a person present. */
  readonly segments: readonly Segment[];
  readonly columns: readonly ColumnEvidence[];
  readonly constants: Readonly<Partial<Record<OpenFacet, string>>>;
  /** A segment that has one row a person on any day: two mean that two people use the id. */
  readonly single?: string;
  /** A number that each person has one of: ids that share it are one person's. */
  readonly own?: { readonly segment: string; readonly column: string };
  /** Values that mean that several people use the id. */
  readonly shared: readonly { readonly segment: string; readonly column: string; readonly value: string }[];
  /** A column that tells each row's origin; else the submission's own origin holds. */
  readonly origin?: { readonly segment: string; readonly column: string; readonly map: Readonly<Record<string, string>> };
};

const FACETS: readonly OpenFacet[] = ["population", "funding", "applicant"];
const ALIENS = ["lpr", "refugee", "tps", "daca", "asylum-pending", "unlawfully-present"];

/**
 * T-MSIS proves citizenship and nobody's immigration status: its status 3 and benefit code 2 hold lawfully present people too.
 * What it says of status can still speak against a finding. Facts: ELG040, ELG042, ELG093, ELG094, ELG252.
 */
const TMSIS_COLUMNS: readonly ColumnEvidence[] = [
  {
    segment: "ELG00003",
    column: "CITIZENSHIP-IND",
    facet: "population",
    proves: { "1": "citizen" },
    // WHY: 2 is a national who is no citizen, for whom there is no leaf.
    against: { "0": ["citizen"], "2": ["*"] },
  },
  {
    segment: "ELG00003",
    column: "IMMIGRATION-STATUS",
    facet: "population",
    proves: {},
    against: { "1": ["citizen", "unlawfully-present"], "2": ["citizen", "unlawfully-present"], "3": ["citizen"], "8": ALIENS },
  },
  { segment: "ELG00005", column: "STATE-SPEC-ELIG-GROUP", facet: "funding", proves: {}, byAidMap: true },
  { segment: "ELG00021", column: "ENROLLMENT-TYPE", facet: "applicant", proves: { "1": "yes", "2": "yes" } },
];
const TMSIS_SHARED = [{ segment: "ELG00005", column: "CONCEPTION-TO-BIRTH-IND", value: "1" }] as const;
const TMSIS_SINGLE = "ELG00002";
const TMSIS_OWN = { segment: "ELG00003", column: "SSN" };

/** The sources of a catalogue's facets; for T-MSIS also what the dictionary's own columns say. */
export function classSource(catalogue: Catalogue): ClassSource {
  const has = (segment: string, column: string): boolean =>
    catalogue.segments.some(({ id, elements }) => id === segment && elements.some(({ name }) => name === column));
  const tmsis = catalogue.form === "tmsis";
  const columns = [...toldColumns(catalogue), ...(tmsis ? TMSIS_COLUMNS : [])].filter(({ segment, column }) => has(segment, column));
  const shared = tmsis ? TMSIS_SHARED.filter(({ segment, column }) => has(segment, column)) : [];
  const origin = toldOrigin(catalogue);
  return {
    segments: consulted(catalogue, new Set([...columns.map(({ segment }) => segment), ...(tmsis ? [TMSIS_SINGLE] : [])])),
    columns,
    constants: toldConstants(catalogue),
    shared,
    ...(tmsis && has(TMSIS_SINGLE, catalogue.personElement) ? { single: TMSIS_SINGLE } : {}),
    ...(tmsis && has(TMSIS_OWN.segment, TMSIS_OWN.column) ? { own: TMSIS_OWN } : {}),
    ...(origin === undefined ? {} : { origin }),
  };
}

const aboutPeople = (catalogue: Catalogue): readonly Segment[] => catalogue.segments.filter((segment) => isAbout(catalogue, segment));

/** Segments that tell something; all segments about people when none does. */
function consulted(catalogue: Catalogue, ids: ReadonlySet<string>): readonly Segment[] {
  const people = aboutPeople(catalogue);
  const telling = people.filter(({ id }) => ids.has(id));
  return telling.length > 0 ? telling : people;
}

function toldColumns(catalogue: Catalogue): readonly ColumnEvidence[] {
  return FACETS.flatMap((facet) => {
    const source = catalogue.facets[facet];
    return source === undefined || !("column" in source)
      ? []
      : [{ segment: source.segment, column: source.column, facet, proves: source.map }];
  });
}

function toldConstants(catalogue: Catalogue): Readonly<Partial<Record<OpenFacet, string>>> {
  return Object.fromEntries(
    FACETS.flatMap((facet) => {
      const source = catalogue.facets[facet];
      return source !== undefined && "constant" in source ? [[facet, source.constant]] : [];
    }),
  );
}

/** WHY not a header's column: the header told the submission's origin already. */
function toldOrigin(catalogue: Catalogue): ClassSource["origin"] {
  const origin = catalogue.facets["origin"];
  if (origin === undefined || !("column" in origin)) return undefined;
  return aboutPeople(catalogue).some(({ id }) => id === origin.segment) ? origin : undefined;
}
