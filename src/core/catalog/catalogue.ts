import type { Place } from "../base/problem.ts";

/** How a value is stored in a dataset: text as submitted, a civil day, an integer, or money in integer cents. */
export type ElementType = "text" | "date" | "integer" | "cents";

/** How a table writes a date. `DD-MON-YYYY` is `05-JAN-2026`, in letters of any case. */
export const DATE_FORMS = ["YYYY-MM-DD", "YYYYMMDD", "MM/DD/YYYY", "DD-MON-YYYY"] as const;
export type DateForm = (typeof DATE_FORMS)[number];

/** How a table's file is written. */
export const TABLE_ENCODINGS = ["csv", "psv", "ndjson", "parquet"] as const;
export type TableEncoding = (typeof TABLE_ENCODINGS)[number];

/** A value that is valid on rows whose first day lies within, both ends included. */
export type DatedValue = { readonly value: string; readonly from?: string; readonly to?: string };

/** One data element of a segment. Positions are 1-based and inclusive, for fixed-length files only. */
export type Element = {
  /** The dictionary's number, such as `ELG036`; for other datasets the column's name. */
  readonly id: string;
  readonly name: string;
  readonly picture: string;
  readonly type: ElementType;
  readonly start: number;
  readonly stop: number;
  readonly necessity: string;
  /** A word of law/vocabulary/fields.yaml. */
  readonly category: string;
  /** Accepted values, when the catalogue lists them. */
  readonly values?: readonly string[];
  /** Those among them of which the days are known on which they are valid. */
  readonly dated?: readonly DatedValue[];
  /** Which lists of codes its value is looked up in, such as `diagnosis`: it may show specially protected content. */
  readonly signal?: string;
  /** How a table writes its dates; `YYYY-MM-DD` when left out. */
  readonly written?: DateForm;
  /** Where it lies in a line of JSON, such as `name[0].family`; its name when left out. */
  readonly path?: string;
};

/** Something a draft guesses and nobody has said. INVARIANT: a catalogue with one of these takes no data in. */
export type Guess = {
  /** The column whose category is guessed; without one the guess is what names the person. */
  readonly column?: string;
  readonly guess: string;
  readonly at: Place;
};

/** The elements by which the versions of a claim are told apart, ordered and judged. */
export type ClaimRow = {
  /** The segment of the claim's header, where these rows are its lines. */
  readonly header?: string;
  /** The number of the claim, or of the version that this one adjusts. */
  readonly original: string;
  /** This version's own number, where it adjusts another. */
  readonly adjusted: string;
  /** Tells an original from its voids and replacements. */
  readonly kind: { readonly element: string; readonly void: string; readonly replacement: string };
  /** The day the version was decided on. */
  readonly decided: string;
  /** First and last day of service; lists of codes are asked for these days. */
  readonly served?: { readonly from: string; readonly to: string };
  /** The signal that tells whether a claim is free of protected content; without it none is known to be. In headers only. */
  readonly toldBy?: string;
};

export type Segment = {
  /** Such as `ELG00003`; also the record id that starts each of its rows. */
  readonly id: string;
  readonly name: string;
  readonly elements: readonly Element[];
  /** Element names that identify a row within a person. */
  readonly key: readonly string[];
  /** Element names of the first and last day on which a row is true. */
  readonly span?: { readonly from: string; readonly to: string };
  /** `none`: cannot carry 42 CFR Part 2 content; `possible`: may, so a row is treated as both. */
  readonly special: "none" | "possible";
  /** Where rows are versions of claims, or their lines. */
  readonly claim?: ClaimRow;
};

/** How a facet of a row is known: always one leaf, from a column through a map, or not at all (every leaf). */
export type FacetSource =
  | { readonly constant: string }
  | { readonly column: string; readonly segment: string; readonly map: Readonly<Record<string, string>> }
  | { readonly unknown: true };

/** What rows are about. Of providers and plans nothing but their origin is known, so the law answers for every possibility. */
export const SUBJECTS = ["people", "providers", "plans"] as const;
export type Subject = (typeof SUBJECTS)[number];

/** A dataset described as data: what writ knows of it, all of it from files under catalog/. */
export type Catalogue = {
  /** Such as `tmsis/eligible`. */
  readonly dataset: string;
  readonly version: string;
  readonly title: string;
  /** How submissions arrive: T-MSIS files with a header record, or one delimited table. `unread`: known by name only, and refused. */
  readonly form: "tmsis" | "table" | "unread";
  /** Tables only; `csv` when left out. */
  readonly encoding?: TableEncoding;
  /** Bytes of every record of a fixed-length file; 0 for tables. */
  readonly recordLengthBytes: number;
  /** Element that names whom or what a row is about, in every segment that is about any. Empty where none is. */
  readonly personElement: string;
  /** What the person element names. */
  readonly about: Subject;
  readonly segments: readonly Segment[];
  /** Where each row facet comes from, when the dataset's own columns tell; T-MSIS resolves its own. */
  readonly facets: Readonly<Record<string, FacetSource>>;
  /** What is missing to read the form `unread`. Its `version` is that of a whole series, such as `3`. */
  readonly unread?: UnreadLayout;
  /** What stands with a question mark. The elements among it count as `unclassified`. */
  readonly guesses?: readonly Guess[];
};

/** Whether the rows of a segment are about the people, providers or plans that the catalogue names. */
export const isAbout = ({ personElement }: Pick<Catalogue, "personElement">, { elements }: Segment): boolean =>
  elements.some(({ name }) => name === personElement);

/** A layout of which too little is known. */
export type UnreadLayout = {
  /** The record id its files start with. */
  readonly header: string;
  /** What of it is not known, such as `positions of CLT00002`. */
  readonly unknown: string;
  /** Elements of which it is known that they lie elsewhere than in other versions. */
  readonly moved: readonly { readonly element: string; readonly segment: string; readonly start: number; readonly stop: number }[];
};
