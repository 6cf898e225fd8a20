import type { AreaList } from "./area-list.ts";

/** Forms a text can have or lack; each is written out where conditions are printed. */
export const TEXT_FORMS = ["social-security-number"] as const;
export type TextForm = (typeof TEXT_FORMS)[number];

/** A closed set of conditions on one row. INVARIANT: each is true or false, never neither; a blank is no value. */
export type Condition =
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "is"; readonly element: string; readonly values: readonly string[] }
  | { readonly kind: "filled"; readonly element: string }
  /** The element holds the federal code of the submission's own state. */
  | { readonly kind: "own-state"; readonly element: string }
  | { readonly kind: "form"; readonly element: string; readonly form: TextForm }
  | { readonly kind: "contains"; readonly element: string; readonly text: string }
  /** It is written in one of the forms: `A` a letter, `9` a digit, a last `*` whatever follows, other signs themselves. */
  | { readonly kind: "like"; readonly element: string; readonly forms: readonly string[] }
  /** The list has what the element begins with among the codes of the area that `of` holds. */
  | { readonly kind: "belongs"; readonly element: string; readonly of: string; readonly list: AreaList }
  /** Whole years from the element's day to the last day of the submission's month. */
  | { readonly kind: "years"; readonly element: string; readonly from: number; readonly to: number }
  /** The row's first day lies within, both ends included. */
  | { readonly kind: "begins"; readonly from?: string; readonly to?: string }
  /** The same person has such a row in another segment, true on a day on which this one is; with `by`, anybody whose row has this one's value. */
  | { readonly kind: "has"; readonly segment: string; readonly dataset?: string; readonly where?: Condition; readonly by?: Match };

/** An element of another row that holds what an element of this one does. */
export type Match = { readonly theirs: string; readonly own: string };

export type HasCondition = Extract<Condition, { kind: "has" }>;

/** Elements of the row itself that a condition looks at. */
export function elementsOf(condition: Condition): readonly string[] {
  if (condition.kind === "has") return condition.by === undefined ? [] : [condition.by.own];
  if (condition.kind === "belongs") return [condition.element, condition.of];
  if ("element" in condition) return [condition.element];
  if (condition.kind === "not") return elementsOf(condition.of);
  return condition.kind === "all" || condition.kind === "any" ? condition.of.flatMap(elementsOf) : [];
}

/** The other rows a condition asks for. */
export function hasIn(condition: Condition): readonly HasCondition[] {
  if (condition.kind === "has") return [condition];
  if (condition.kind === "not") return hasIn(condition.of);
  return condition.kind === "all" || condition.kind === "any" ? condition.of.flatMap(hasIn) : [];
}

/**
 * The part of a condition that looks at the row alone; what the rest may still rule out is let through.
 * INVARIANT: implied by the condition, so rows it excludes do not meet the whole.
 */
export function ownPart(condition: Condition): Condition {
  if (condition.kind === "all") return { kind: "all", of: condition.of.map(ownPart) };
  return hasIn(condition).length > 0 ? { kind: "all", of: [] } : condition;
}
