/** How many rows a rule looked at, and how many broke it. For rules of records, records and faults. */
export type Finding = { readonly rule: string; readonly failed: number; readonly of: number };

/** One measure's share; `segment` where it is taken of each. */
export type MeasureCount = { readonly rule: string; readonly segment?: string; readonly counted: number; readonly of: number };

/** A rule that could not be looked at here. */
export type Unseen = { readonly rule: string; readonly why: string };

export type Outcome = "accepted" | "accepted-with-findings";

/** What the rules found in one submission: counts, and nobody's data. Part of its manifest. */
export type Validation = {
  /** SHA-256 of the rule book and of the policy, as canonical JSON. */
  readonly rulesSha256: string;
  readonly policySha256: string;
  readonly outcome: Outcome;
  readonly findings: readonly Finding[];
  readonly measures: readonly MeasureCount[];
  readonly unseen: readonly Unseen[];
};

/** A measure out of its range is no finding: ranges are what is usual, and small or special submissions are not. */
export const outcomeOf = (findings: readonly Finding[]): Outcome =>
  findings.every(({ failed }) => failed === 0) ? "accepted" : "accepted-with-findings";

/** A share in percent, rounded so that something is never shown as nothing, nor all but something as all. */
export function shareText(counted: number, of: number): string {
  if (of === 0) return "none";
  const tenths = Math.round((counted * 1000) / of);
  if (counted > 0 && tenths === 0) return "under 0.1%";
  if (counted < of && tenths >= 1000) return "over 99.9%";
  return `${tenths / 10}%`;
}
