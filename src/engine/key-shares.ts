import { literal } from "../core/extract/duckdb-printer.ts";

/** Conditions that cut the people into equal shares by key, each person in exactly one; NULL is in none. */
export function keyShares(count: number): readonly string[] {
  const bound = (at: number): string => {
    const start = Math.floor((at * 0x1_0000) / count);
    return literal(`${start.toString(16).padStart(4, "0")}0000-0000-0000-0000-000000000000`);
  };
  const above = (at: number): string => `person_key >= ${bound(at)}::UUID`;
  return Array.from({ length: count }, (_, at) => (at === count - 1 ? above(at) : `${above(at)} AND person_key < ${bound(at + 1)}::UUID`));
}
