import type { Leaf, LeafKind, LeafOf, LoggedLeaf } from "./leaf.ts";

export type Logged<K extends LeafKind> = { readonly index: number; readonly leaf: LeafOf<K> };

/** What the log says of one release. */
export type ReleaseHistory = {
  readonly intent?: Logged<"intent">;
  readonly released?: Logged<"released">;
  readonly aborted?: Logged<"aborted">;
  readonly shredded?: Logged<"shredded">;
  /** Each time its key was handed out: what no shredding takes back. */
  readonly opened: readonly Logged<"key-opened">[];
};

const UNKNOWN: ReleaseHistory = { opened: [] };

/** The histories of all releases, by release id. */
export function releaseHistories(leaves: Iterable<LoggedLeaf>): ReadonlyMap<string, ReleaseHistory> {
  const histories = new Map<string, ReleaseHistory>();
  for (const { index, leaf } of leaves) {
    if (!("releaseId" in leaf)) continue;
    const before = histories.get(leaf.releaseId) ?? UNKNOWN;
    histories.set(leaf.releaseId, after(before, index, leaf));
  }
  return histories;
}

function after(before: ReleaseHistory, index: number, leaf: Leaf): ReleaseHistory {
  switch (leaf.kind) {
    case "intent":
      return { ...before, intent: { index, leaf } };
    case "released":
      return { ...before, released: { index, leaf } };
    case "aborted":
      return { ...before, aborted: { index, leaf } };
    case "shredded":
      return { ...before, shredded: { index, leaf } };
    case "key-opened":
      return { ...before, opened: [...before.opened, { index, leaf }] };
    default:
      return before;
  }
}
