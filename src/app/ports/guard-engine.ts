import type { CivilDate } from "../../core/base/civil-date.ts";
import type { FilledSegment, FundingCounts } from "../../core/validate/guard.ts";
import type { ValidatedSegment } from "./validation-engine.ts";

export type GuardOrder = {
  readonly own: readonly ValidatedSegment[];
  readonly personElement: string;
  readonly people: number;
  /** First and last day of the submission's month. */
  readonly month: { readonly from: CivilDate; readonly to: CivilDate };
  /** Where the aid code is, and whom the state alone or nobody known pays for; absent where there is no aid code. */
  readonly aid?: {
    readonly segment: string;
    readonly element: string;
    readonly stateOnly: readonly string[];
    readonly known: readonly string[];
  };
  readonly folders: readonly string[];
};

export type GuardCounted = {
  readonly segments: readonly FilledSegment[];
  readonly funding?: FundingCounts;
  readonly idIsSsnRows: number;
};

/** Counts what a staged submission holds. INVARIANT: only counts leave it. */
export interface GuardEngine {
  count(order: GuardOrder): Promise<GuardCounted>;
}
