import type { CivilDate } from "../base/civil-date.ts";
import type { ElementType } from "../catalog/catalogue.ts";
import type { Filter } from "./filter.ts";
import type { Transform } from "./transform.ts";

/** A word of a category's chain of masks, such as `clear` or `year`. `omitted`, and any word a column has no transform for, releases nothing. */
export type MaskWord = string;

/** Everything an extract does, decided before any row is read. */
export type ExtractSpec = {
  readonly asOf: CivilDate;
  /** Whether each row starts with a pseudonym of the person, by which the rows are then sorted. */
  readonly pseudonym: boolean;
  readonly datasets: readonly ExtractDataset[];
  readonly segments: readonly SegmentExtract[];
};

/** One accepted submission; its folder is named by its digest. */
export type ExtractDataset = {
  readonly digest: string;
  readonly origin: string;
  /** At most so many people have a class; bounds the memory an extract of it needs. */
  readonly people: number;
  /** Within the folder: person_key, class_id. */
  readonly classesFile: string;
  /** Every class id of the submission, released or not. */
  readonly classes: readonly number[];
};

/** One output file: the rows of a segment, of all datasets in the order of `datasets`. */
export type SegmentExtract = {
  readonly segment: string;
  readonly columns: readonly ColumnExtract[];
  /** Element names between which a row is true; given, only rows true on the spec's day are released. */
  readonly span?: { readonly from: string; readonly to: string };
  /** Whether rows bear marks: each verdict is then on the rows of one mark, and a row without a mark is released by none. */
  readonly marked?: true;
  readonly filter?: Filter;
  readonly sources: readonly SegmentSource[];
};

export type SegmentSource = {
  /** Digest of the dataset. */
  readonly dataset: string;
  /** Within the dataset's folder. */
  readonly file: string;
  /** Within the dataset's folder: rows whose marks other submissions change. */
  readonly marksFile?: string;
  readonly verdicts: readonly ClassVerdict[];
};

/** What the law leaves of each category for one class, or its rows of one mark. What has no verdict releases nothing. */
export type ClassVerdict = { readonly classId: number; readonly mark?: number; readonly masks: Readonly<Record<string, MaskWord>> };

export type ColumnExtract = {
  readonly element: string;
  readonly category: string;
  readonly type: ElementType;
  /** What the element becomes under each mask of its category. */
  readonly transforms: Readonly<Record<MaskWord, Transform>>;
};

/** Name of the leading column of a pseudonymised extract. */
export const PSEUDONYM_COLUMN = "person_pseudonym";
