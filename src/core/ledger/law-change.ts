import type { Shape } from "./leaf-rule.ts";
import { choice, count, digest, digestsByPath, list, optional, text } from "./leaf-rule.ts";

/** What a change of the entered law does from its day on. `starts`: the first entry, before which no law was entered. */
export const EFFECTS = ["starts", "opens", "closes", "neither"] as const;
export type LawEffect = (typeof EFFECTS)[number];

/** Stands for the digest of a file that a change takes out. */
export const REMOVED = "removed";

/** One change of the law that counts here, as signers sign it and the ledger keeps it. docs/formats/law-entry.md */
export type LawChange = {
  readonly effect: LawEffect;
  /** The entry this one follows; absent in the first. */
  readonly previous?: number;
  /** The source digests before and after. Each names a manifest, which names every file by its digest. */
  readonly before?: string;
  readonly after: string;
  readonly instruments: readonly string[];
  /** Files that differ, each with its new digest; left out where all law is new. */
  readonly files?: Readonly<Record<string, string>>;
  /** Digests of the texts the instruments say they were read from. */
  readonly sources: readonly string[];
  readonly summary: readonly string[];
  /** States for whose records something opens. */
  readonly opensFor: readonly string[];
  /** Digest of the settings that count from here on: signers, grades, waiting time. */
  readonly settings: string;
  /** Digest of a court order that directs the change before the waiting time is over. */
  readonly order?: string;
};

/** A change with the signatures under it, as lines of a signed note. */
export type SignedChange = LawChange & { readonly signatures: readonly string[] };

export const SIGNED_CHANGE: Shape<SignedChange> = {
  effect: choice(...EFFECTS),
  previous: optional(count),
  before: optional(digest),
  after: digest,
  instruments: list(text),
  files: optional(digestsByPath),
  sources: list(digest),
  summary: list(text),
  opensFor: list(text),
  settings: digest,
  order: optional(digest),
  signatures: list(text),
};

/** A signed change without its signatures and whatever else stands beside it. */
export const changeOf = (found: SignedChange): LawChange => ({
  effect: found.effect,
  ...(found.previous === undefined ? {} : { previous: found.previous }),
  ...(found.before === undefined ? {} : { before: found.before }),
  after: found.after,
  instruments: found.instruments,
  ...(found.files === undefined ? {} : { files: found.files }),
  sources: found.sources,
  summary: found.summary,
  opensFor: found.opensFor,
  settings: found.settings,
  ...(found.order === undefined ? {} : { order: found.order }),
});
