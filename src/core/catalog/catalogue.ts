/** How a value is stored in a dataset: text as submitted, a civil day, an integer, or money in integer cents. */
export type ElementType = "text" | "date" | "integer" | "cents";

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
};

/** How a facet of a row is known: always one leaf, from a column through a map, or not at all (every leaf). */
export type FacetSource =
  | { readonly constant: string }
  | { readonly column: string; readonly segment: string; readonly map: Readonly<Record<string, string>> }
  | { readonly unknown: true };

/** A dataset described as data: what writ knows of it, all of it from files under catalog/. */
export type Catalogue = {
  /** Such as `tmsis/eligible`. */
  readonly dataset: string;
  readonly version: string;
  readonly title: string;
  /** How submissions arrive: T-MSIS files with a header record, or one delimited table. */
  readonly form: "tmsis" | "table";
  /** Bytes of every record of a fixed-length file; 0 for tables. */
  readonly recordLengthBytes: number;
  /** Element that names the person, in every segment that is about people. */
  readonly personElement: string;
  readonly segments: readonly Segment[];
  /** Where each row facet comes from, when the dataset's own columns tell; T-MSIS resolves its own. */
  readonly facets: Readonly<Record<string, FacetSource>>;
};
