import type { DatedValue } from "../catalog/catalogue.ts";
import type { Condition } from "./condition.ts";

/** CMS's tiers: 1.0 format, 1.1 value, 2.0 relations between rows, 3.0 between files. */
export type Tier = "1.0" | "1.1" | "2.0" | "3.0";
export const TIERS: readonly string[] = ["1.0", "1.1", "2.0", "3.0"] satisfies readonly Tier[];

/** What every rule says of itself. */
export type Said = {
  /** A name of ours, or CMS's error code for the rules of records. */
  readonly id: string;
  /** What it asks for, in plain words. */
  readonly says: string;
  /** CMS's own numbers for it, where known. */
  readonly cms?: string;
};

/** A rule kept while records are read; the reader of records knows what it means. */
export type RecordRuleSaid = Said & { readonly tier: Tier; readonly follows: "rejected" | "refused" };

/** What rows must be like. A rule looks at the rows of `of`, one segment after another. */
export type RowTest =
  /** Rows that meet `when` must meet `must`. */
  | { readonly kind: "row"; readonly when?: Condition; readonly must: Condition }
  /** On all its days there is a row of `parent` of the same person, or with the same values of `by`. */
  | { readonly kind: "within"; readonly parent: string; readonly by: readonly string[] }
  /** No two rows of one person and key are true on one day. */
  | { readonly kind: "apart" }
  /** No two rows of a segment have the same value. */
  | { readonly kind: "unique"; readonly element: string }
  /** No row is true after the day that the person's row in another segment names. */
  | { readonly kind: "ends-by"; readonly segment: string; readonly element: string }
  /** A line of a claim has a header of the same person and version; with `days`, its days of service lie within that header's. */
  | { readonly kind: "of-claim"; readonly days: boolean }
  /** Values are valid on the row's first day, by the days its catalogue has of them. */
  | { readonly kind: "dated"; readonly values: readonly DatedElement[] }
  /** A claim's header counts its lines. */
  | { readonly kind: "line-count"; readonly element: string };

/** A dated value where it stands. */
export type DatedElement = DatedValue & { readonly segment: string; readonly element: string };

export type Rule = Said & { readonly tier: Tier; readonly of: readonly string[]; readonly test: RowTest };

/** Shares in hundredths of a percent, ends included. */
export type Range = { readonly least: number; readonly most: number };

export type MeasureTest =
  /** Of the people with a row of `of` on the month's last day that meets `among`: those with such a row that also meets `share`. */
  | { readonly kind: "share"; readonly of: string; readonly among?: Condition; readonly share: Condition }
  /** Of the different values of an element: those that several people have. */
  | { readonly kind: "shared"; readonly of: string; readonly element: string }
  /** Of the records of each segment: those left out because the element is missing. */
  | { readonly kind: "missing"; readonly element: string };

/** A share, and the range it should lie in. */
export type Measure = Said & { readonly test: MeasureTest } & Range;

/** A rule that is known and not looked at. */
export type OpenRule = { readonly cms: string; readonly says: string; readonly why: string };

/** Elements whose content comes from another agency's records. */
export type SourcedElements = {
  readonly elements: readonly string[];
  readonly from: string;
  readonly why: string;
  readonly cite: string;
};

/** Which claims the rules leave alone: their header's element has one of these values. */
export type Denied = { readonly element: string; readonly values: readonly string[] };

/** Everything writ checks in the submissions of some datasets, as data. docs/formats/rules.md */
export type RuleBook = {
  readonly title: string;
  readonly version: string;
  readonly datasets: readonly string[];
  readonly denied?: Denied;
  /** Whose ranges those of the measures are. */
  readonly ranges?: string;
  readonly records: readonly RecordRuleSaid[];
  readonly rules: readonly Rule[];
  readonly measures: readonly Measure[];
  readonly open: readonly OpenRule[];
  readonly sourced: readonly SourcedElements[];
};

/** Whether a share lies within its range; of nothing, any does. */
export const isWithin = ({ least, most }: Range, counted: number, of: number): boolean =>
  of === 0 || (counted * WHOLE >= least * of && counted * WHOLE <= most * of);

/** All of it, in hundredths of a percent. */
export const WHOLE = 10_000;

/** The conditions of a rule or measure. */
export function conditionsOf(test: RowTest | MeasureTest): readonly Condition[] {
  if (test.kind === "row") return [...(test.when === undefined ? [] : [test.when]), test.must];
  return test.kind === "share" ? [...(test.among === undefined ? [] : [test.among]), test.share] : [];
}
