import type { DayNumber } from "./calendar.ts";
import type { Sex } from "./fictitious.ts";

/** Days on which something is true, first and last included. */
export type Span = { readonly from: DayNumber; readonly to: DayNumber };

/** How a person stands to the immigration law, as far as T-MSIS can say. */
export type Standing = "citizen" | "national" | "qualified" | "lawfully-present" | "emergency-only";

/** One span of citizenship and immigration data, as submitted. */
export type StandingSpan = Span & { readonly standing: Standing };

/** One span of eligibility, as submitted. */
export type Coverage = Span & {
  readonly group: string;
  readonly dual: string;
  readonly benefits: string;
  readonly aidCode: string;
  readonly chip: string;
  readonly unborn: boolean;
};

export type Address = Span & {
  readonly type: string;
  readonly line: string;
  readonly town: string;
  readonly zip: string;
  readonly county: string;
};

export type Household = {
  readonly caseNumber: string;
  readonly size: number;
  readonly lastName: string;
  readonly fips: string;
  readonly line: string;
  readonly town: string;
  readonly zip: string;
  readonly county: string;
  readonly phone: string;
  readonly language: string;
  readonly race: string;
  readonly ethnicity: string;
};

/** What stays with a person who moves to another state. */
export type Identity = {
  readonly first: string;
  readonly last: string;
  readonly middle: string;
  readonly sex: Sex;
  readonly birth: DayNumber;
  readonly ssn: string;
};

export type Role = "child" | "adult" | "aged";

/** Who has which of the rarer segments; each stands for a share of the people. */
export type Services = {
  readonly managedCare: boolean;
  readonly healthHome: boolean;
  readonly lockIn: boolean;
  readonly moneyFollows: boolean;
  readonly waiver: boolean;
  readonly longTerm: boolean;
  readonly disabled: boolean;
  readonly demonstration: boolean;
  readonly homeCare: boolean;
};

export type Person = Identity & {
  readonly id: string;
  /** Counts the people of all states; two records of one person have two numbers. */
  readonly ordinal: number;
  readonly household: Household;
  readonly role: Role;
  readonly pregnant: boolean;
  readonly death: DayNumber | undefined;
  /** Enrolment in the state. */
  readonly enrolled: Span;
  readonly standings: readonly StandingSpan[];
  readonly coverage: readonly Coverage[];
  readonly addresses: readonly Address[];
  readonly services: Services;
  /** The number of the provider the person mostly goes to. */
  readonly provider: string;
  /** The population a status source would find: a word of the vocabulary that T-MSIS has no value for. */
  readonly population: string;
  /** A number of the person's own from which codes without consequence are taken. */
  readonly lot: number;
};
