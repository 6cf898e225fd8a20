import type { ClaimCase } from "./claim-cases.ts";
import type { DayNumber } from "./calendar.ts";
import type { Coverage, Person, Span } from "./person.ts";

export type ClaimFile = "claimip" | "claimlt" | "claimot" | "claimrx";

/** Whom a claim was treated for: the person whose id it bears or, within days of a birth, the child. */
export type Patient = { readonly first: string; readonly last: string; readonly middle: string; readonly birth: DayNumber };

/** One version of a claim; its span is the days of service. */
export type Claim = Span & {
  readonly person: Person;
  readonly patient: Patient;
  readonly case: ClaimCase;
  readonly diagnoses: readonly string[];
  /** Number of the claim, and this version's own where it adjusts another. */
  readonly original: string;
  readonly adjusted: string;
  /** 0: original, 1: void, 4: replacement. */
  readonly adjustment: "0" | "1" | "4";
  readonly decided: DayNumber;
  readonly denied: boolean;
  readonly coverage: Coverage;
  /** Empty where no plan is involved. */
  readonly plan: string;
  readonly provider: string;
  readonly prescriber: string;
  readonly lines: readonly ClaimLine[];
  readonly totalCents: number;
  readonly lot: number;
};

export type ClaimLine = Span & {
  readonly number: string;
  readonly procedure: string;
  readonly revenue: string;
  readonly drug: string;
  readonly amountCents: number;
};
