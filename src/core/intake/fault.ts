/**
 * Rules a record can break, by the numbers T-MSIS uses:
 * E1001 format · E1102 value not possible here · E1103 not among the listed values · E1105 missing.
 */
export type FaultRule = "E1001" | "E1102" | "E1103" | "E1105";

/** One reason to reject a record. INVARIANT: neither the element nor the reason repeats any byte of the record. */
export type Fault = {
  /** The element's name; empty when the whole record is at fault. */
  readonly element: string;
  readonly rule: FaultRule;
  readonly reason: string;
};
