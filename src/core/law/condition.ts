/** What a comparison in a rule may be about. Each is one dimension of the space of requests. */
export const DIMENSIONS = [
  "recipient",
  "discloser",
  "action",
  "purpose",
  "evidence",
  "field",
  "origin",
  "population",
  "funding",
  "special",
  "applicant",
  "system",
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/**
 * A rule's condition as Boolean algebra over atoms. An atom is one comparison about one dimension, by its index in
 * the law's atom list; Cedar has settled beforehand for which values it holds.
 */
export type Condition =
  | { readonly kind: "always" }
  | { readonly kind: "never" }
  | { readonly kind: "atom"; readonly atom: number }
  | { readonly kind: "not"; readonly arg: Condition }
  | { readonly kind: "and" | "or"; readonly args: readonly Condition[] };

/** What is known of an atom: true, false, or not settled yet. */
export type AtomTruth = (atom: number) => boolean | undefined;

export const ALWAYS: Condition = { kind: "always" };
export const NEVER: Condition = { kind: "never" };

export function negate(arg: Condition): Condition {
  if (arg.kind === "always") return NEVER;
  if (arg.kind === "never") return ALWAYS;
  return arg.kind === "not" ? arg.arg : { kind: "not", arg };
}

export function conjoin(...args: readonly Condition[]): Condition {
  const kept = args.filter((arg) => arg.kind !== "always");
  if (kept.some((arg) => arg.kind === "never")) return NEVER;
  return kept.length === 0 ? ALWAYS : kept.length === 1 ? (kept[0] ?? ALWAYS) : { kind: "and", args: kept };
}

export function disjoin(...args: readonly Condition[]): Condition {
  const kept = args.filter((arg) => arg.kind !== "never");
  if (kept.some((arg) => arg.kind === "always")) return ALWAYS;
  return kept.length === 0 ? NEVER : kept.length === 1 ? (kept[0] ?? NEVER) : { kind: "or", args: kept };
}

/** What remains of a condition once some atoms are known. */
export function specialise(condition: Condition, truth: AtomTruth): Condition {
  switch (condition.kind) {
    case "always":
    case "never":
      return condition;
    case "atom": {
      const known = truth(condition.atom);
      return known === undefined ? condition : known ? ALWAYS : NEVER;
    }
    case "not":
      return negate(specialise(condition.arg, truth));
    case "and":
      return conjoin(...condition.args.map((arg) => specialise(arg, truth)));
    case "or":
      return disjoin(...condition.args.map((arg) => specialise(arg, truth)));
  }
}

/** Whether a condition holds when every atom is known. */
export function holds(condition: Condition, truth: (atom: number) => boolean): boolean {
  switch (condition.kind) {
    case "always":
      return true;
    case "never":
      return false;
    case "atom":
      return truth(condition.atom);
    case "not":
      return !holds(condition.arg, truth);
    case "and":
      return condition.args.every((arg) => holds(arg, truth));
    case "or":
      return condition.args.some((arg) => holds(arg, truth));
  }
}

export function atomsOf(condition: Condition): readonly number[] {
  if (condition.kind === "atom") return [condition.atom];
  if (condition.kind === "not") return atomsOf(condition.arg);
  return condition.kind === "and" || condition.kind === "or" ? condition.args.flatMap(atomsOf) : [];
}
