import { atomsOf } from "./condition.ts";
import type { Condition, Dimension } from "./condition.ts";
import type { Atom } from "./atom.ts";
import { dimensionOf } from "./atom.ts";

/** A word a rule names; `within` when the words under it are meant too. */
export type Named = { readonly word: string; readonly within: boolean };

/** What one part of a rule says about one dimension: it is one of these words, or it is none of them. */
export type Clause = { readonly dimension: Dimension; readonly none: boolean; readonly named: readonly Named[] };

export type Clauses = {
  /** One clause a part; several of one dimension all hold. */
  readonly clauses: readonly Clause[];
  /** Parts that speak of several dimensions at once. */
  readonly mixed: readonly Condition[];
};

/** Takes a condition apart into clauses a sentence can say. INVARIANT: clauses and mixed parts together are the whole condition. */
export function clausesOf(condition: Condition, atoms: readonly Atom[]): Clauses {
  const parts = conjuncts(condition);
  const read = parts.map((part) => ({ part, clause: clauseOf(part, atoms) }));
  return {
    clauses: merged(read.flatMap(({ clause }) => clause ?? [])),
    mixed: read.flatMap(({ part, clause }) => (clause === undefined ? [part] : [])),
  };
}

function conjuncts(condition: Condition): readonly Condition[] {
  if (condition.kind === "always") return [];
  if (condition.kind === "and") return condition.args.flatMap(conjuncts);
  // WHY: "not (a or b)" is "not a" and "not b", which read as two clauses; the negations of one dimension are merged again.
  if (condition.kind === "not" && condition.arg.kind === "or")
    return condition.arg.args.flatMap((arg) => conjuncts(arg.kind === "not" ? arg.arg : { kind: "not", arg }));
  return [condition];
}

/** The clause a part amounts to, or undefined when it speaks of several dimensions or mixes yes and no. */
export function clauseOf(condition: Condition, atoms: readonly Atom[]): Clause | undefined {
  const none = condition.kind === "not";
  const inner = none ? condition.arg : condition;
  const flat = inner.kind === "or" ? flatten(inner.args) : [inner];
  if (flat.some((part) => part.kind !== "atom")) return undefined;
  const found = flat.flatMap(atomsOf).map((index) => atoms[index]);
  const [first] = found;
  if (first === undefined || found.some((atom) => atom === undefined || dimensionOf(atom) !== dimensionOf(first))) return undefined;
  return { dimension: dimensionOf(first), none, named: found.flatMap((atom) => (atom === undefined ? [] : [namedBy(atom)])) };
}

const flatten = (args: readonly Condition[]): readonly Condition[] =>
  args.flatMap((arg) => (arg.kind === "or" ? flatten(arg.args) : [arg]));

/** The branches of an "or", those about one dimension alone joined to one branch each. */
export function alternativesOf(args: readonly Condition[], atoms: readonly Atom[]): readonly Condition[] {
  const branches: Condition[] = [];
  for (const arg of flatten(args)) {
    const dimension = arg.kind === "atom" ? clauseOf(arg, atoms)?.dimension : undefined;
    const at = branches.findIndex((other) => dimension !== undefined && positive(other) && clauseOf(other, atoms)?.dimension === dimension);
    const other = branches[at];
    if (other === undefined) branches.push(arg);
    else branches[at] = { kind: "or", args: other.kind === "or" ? [...other.args, arg] : [other, arg] };
  }
  return branches;
}

const positive = (condition: Condition): boolean => condition.kind === "atom" || condition.kind === "or";

/** Negations of one dimension become one list. */
function merged(clauses: readonly Clause[]): readonly Clause[] {
  const result: Clause[] = [];
  for (const clause of clauses) {
    const at = clause.none ? result.findIndex((other) => other.none && other.dimension === clause.dimension) : -1;
    const other = result[at];
    if (other === undefined) result.push(clause);
    else result[at] = { ...other, named: [...other.named, ...clause.named] };
  }
  return result;
}

function namedBy(atom: Atom): Named {
  if (atom.kind === "evidence") return { word: atom.evidence, within: false };
  if (atom.kind === "protected") return { word: atom.order, within: true };
  const [operator, operand] = Object.entries(atom.expr)[0] ?? [];
  const right = (operand as { right?: { Value?: { __entity?: { id?: string } } } } | undefined)?.right;
  return { word: right?.Value?.__entity?.id ?? "?", within: operator === "in" };
}
