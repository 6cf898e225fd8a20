import type { Dimension } from "./condition.ts";
import type { CedarExpr } from "./judge.ts";

/**
 * One comparison about one dimension.
 * `words`: settled by Cedar for each word of the vocabulary. `evidence`: whether a kind of evidence is at hand.
 * `protected`: whether the origin is on an order's party list, which changes by day and may be unresolved.
 */
export type Atom =
  | { readonly kind: "words"; readonly dimension: Exclude<Dimension, "evidence">; readonly expr: CedarExpr }
  | { readonly kind: "evidence"; readonly evidence: string }
  | { readonly kind: "protected"; readonly order: string };

export const dimensionOf = (atom: Atom): Dimension =>
  atom.kind === "words" ? atom.dimension : atom.kind === "evidence" ? "evidence" : "origin";

/** Collects the distinct atoms of all rules, so that each comparison is judged once however often it is written. */
export class AtomList {
  readonly atoms: Atom[] = [];
  private readonly indexByText = new Map<string, number>();

  /** The index of an atom, adding it when new. */
  index(atom: Atom): number {
    const text = JSON.stringify(atom);
    const known = this.indexByText.get(text);
    if (known !== undefined) return known;
    this.indexByText.set(text, this.atoms.length);
    this.atoms.push(atom);
    return this.atoms.length - 1;
  }
}
