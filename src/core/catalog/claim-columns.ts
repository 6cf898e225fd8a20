import type { ClaimRow, Segment } from "./catalogue.ts";

/** How rows are versions of claims or their lines, and which of their columns hold codes to look up. */
export type ClaimColumns = {
  readonly row: ClaimRow;
  readonly signals: readonly { readonly signal: string; readonly column: string }[];
};

/** Undefined for a segment that is no claim's. */
export function claimColumns({ claim, elements }: Segment): ClaimColumns | undefined {
  if (claim === undefined) return undefined;
  return { row: claim, signals: elements.flatMap(({ name, signal }) => (signal === undefined ? [] : [{ signal, column: name }])) };
}
