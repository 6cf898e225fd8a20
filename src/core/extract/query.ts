import type { OutputType } from "./transform.ts";

/** Where rows come from. `submission` is a file of a stored dataset, found by whoever prints. */
export type Source =
  | {
      readonly kind: "submission";
      readonly dataset: string;
      readonly file: string;
      /** Of the same dataset: rows whose marks are others than those in `file`. */
      readonly marksFile?: string;
    }
  | { readonly kind: "table"; readonly name: string }
  /** Whole numbers given with the query itself. */
  | { readonly kind: "values"; readonly columns: readonly string[]; readonly rows: readonly (readonly number[])[] };

export type Operator = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** A closed set of expressions; each engine's printer gives every one the same meaning. */
export type Expression =
  | { readonly kind: "column"; readonly of: string; readonly name: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "value"; readonly type: OutputType; readonly text: string | null }
  /** The branch whose code equals the subject; NULL when none does. */
  | {
      readonly kind: "choice";
      readonly of: Expression;
      readonly branches: readonly { readonly code: number; readonly then: Expression }[];
    }
  | { readonly kind: "compare"; readonly op: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "in"; readonly of: Expression; readonly values: readonly Expression[] }
  | { readonly kind: "and" | "or"; readonly of: readonly Expression[] }
  | { readonly kind: "not" | "present"; readonly of: Expression }
  | { readonly kind: "text" | "year" | "pseudonym"; readonly of: Expression }
  | { readonly kind: "zip3"; readonly of: Expression; readonly sparse: readonly string[] }
  | { readonly kind: "band"; readonly of: Expression; readonly width: number };

export type NamedExpression = { readonly as: string; readonly value: Expression };
export type Join = {
  readonly source: Source;
  readonly alias: string;
  readonly on: { readonly left: Expression; readonly right: Expression };
};

/** All joins are inner: a row without a partner is released by no one. */
export type Select = {
  readonly columns: readonly NamedExpression[];
  readonly from: { readonly source: Source; readonly alias: string };
  readonly joins: readonly Join[];
  readonly where: readonly Expression[];
  readonly order: readonly Expression[];
};

export const column = (of: string, name: string): Expression => ({ kind: "column", of, name });
export const number = (value: number): Expression => ({ kind: "number", value });
export const compare = (op: Operator, left: Expression, right: Expression): Expression => ({ kind: "compare", op, left, right });
