import type { CivilDate } from "../../core/base/civil-date.ts";
import type { Segment } from "../../core/catalog/catalogue.ts";
import type { Denied, Measure, Rule } from "../../core/validate/rule.ts";
import type { Finding, MeasureCount, Unseen } from "../../core/validate/validation.ts";
import type { StoredFile } from "./data-vault.ts";

/** A segment whose rows lie in stored files, one a submission. */
export type ValidatedSegment = { readonly segment: Segment; readonly person: boolean; readonly files: readonly StoredFile[] };

export type ValidationOrder = {
  readonly rules: readonly Rule[];
  readonly measures: readonly Measure[];
  readonly denied?: Denied;
  /** The submission's own segments. */
  readonly own: readonly ValidatedSegment[];
  /** Segments of the same state's submissions of other datasets, by dataset. */
  readonly beside: ReadonlyMap<string, readonly ValidatedSegment[]>;
  /** The last day of the submission's month. */
  readonly lastDay: CivilDate;
  /** Codes by which the submission's state is known. */
  readonly stateCodes: readonly string[];
  readonly people: number;
  /** Rows of the largest segment. */
  readonly mostRows: number;
  /** Whether rows of an earlier submission were kept, whose record numbers are of another file. */
  readonly update: boolean;
  /** All the engine may touch. */
  readonly folders: readonly string[];
};

/** A row that broke a rule, by what tells rows of a file apart. */
export type FailedRow = { readonly segment: string; readonly record: string; readonly rule: string };

export type Validated = {
  readonly findings: readonly Finding[];
  readonly measures: readonly MeasureCount[];
  readonly unseen: readonly Unseen[];
  /** Some of the rows that broke a rule, so that they can be found in the file. */
  readonly rows: readonly FailedRow[];
};

/** Looks at all rows of a submission at once. INVARIANT: nothing about a person leaves it but counts and record numbers. */
export interface ValidationEngine {
  validate(order: ValidationOrder): Promise<Validated>;
}
