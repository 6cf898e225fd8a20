import type { ElementType } from "../catalog/catalogue.ts";
import type { CellText } from "./transform.ts";

/** An element a filter asks about. Asking discloses, so rows count only where its category is clear. */
export type FilterElement = { readonly element: string; readonly category: string; readonly type: ElementType };

export type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/** Which rows are asked for. Values are in the text form of the element's type. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly of: readonly Filter[] }
  | { readonly kind: "not"; readonly of: Filter }
  | { readonly kind: "compare"; readonly on: FilterElement; readonly op: Comparison; readonly value: string }
  | { readonly kind: "in"; readonly on: FilterElement; readonly values: readonly string[] }
  | { readonly kind: "present"; readonly on: FilterElement };

type Leaf = Extract<Filter, { on: FilterElement }>;

/** The questions of a filter, left to right. */
export function filterLeaves(filter: Filter): readonly Leaf[] {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.of.flatMap(filterLeaves);
    case "not":
      return filterLeaves(filter.of);
    case "compare":
    case "in":
    case "present":
      return [filter];
  }
}

/** True, false, or undefined where a missing value leaves it open; only true lets a row through. */
export function filterHolds(filter: Filter, cellOf: (element: string) => CellText): boolean | undefined {
  switch (filter.kind) {
    case "and":
      return joined(
        filter.of.map((part) => filterHolds(part, cellOf)),
        false,
      );
    case "or":
      return joined(
        filter.of.map((part) => filterHolds(part, cellOf)),
        true,
      );
    case "not": {
      const inner = filterHolds(filter.of, cellOf);
      return inner === undefined ? undefined : !inner;
    }
    case "present":
      return cellOf(filter.on.element) !== null;
    case "compare":
    case "in":
      return leafHolds(filter, cellOf(filter.on.element));
  }
}

/** `decisive` settles it: one false an `and`, one true an `or`; else anything open leaves it open. */
function joined(parts: readonly (boolean | undefined)[], decisive: boolean): boolean | undefined {
  if (parts.includes(decisive)) return decisive;
  return parts.includes(undefined) ? undefined : !decisive;
}

function leafHolds(leaf: Extract<Filter, { kind: "compare" | "in" }>, cell: CellText): boolean | undefined {
  if (cell === null) return undefined;
  if (leaf.kind === "in") return leaf.values.length === 0 ? undefined : leaf.values.some((value) => order(leaf.on.type, cell, value) === 0);
  const sign = order(leaf.on.type, cell, leaf.value);
  const holds: Readonly<Record<Comparison, boolean>> = {
    eq: sign === 0,
    ne: sign !== 0,
    lt: sign < 0,
    le: sign <= 0,
    gt: sign > 0,
    ge: sign >= 0,
  };
  return holds[leaf.op];
}

function order(type: ElementType, a: string, b: string): number {
  if (type === "integer" || type === "cents") return Math.sign(Number(BigInt(a) - BigInt(b)));
  return byCodePoint(a, b);
}

/** WHY not `<`: that goes by UTF-16 units, the engine by UTF-8 bytes, which is by code point. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((char, index) => char !== right[index]);
  if (at === -1) return Math.sign(left.length - right.length);
  return Math.sign((left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1));
}
