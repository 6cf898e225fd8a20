import { withReviews, reviewablesOf, reviewersOf, reviewPath } from "../core/entry/review.ts";
import type { Reviewable } from "../core/entry/review.ts";
import type { Signer } from "../core/entry/settings.ts";
import type { Law } from "../core/law/law.ts";
import { readLiterate } from "../core/law/markdown.ts";
import type { SourceFile } from "../core/law/source.ts";
import type { ProofCrypto } from "../core/ledger/note.ts";

/** Everything that wants reviewing in the law of some files. */
export function allReviewables(law: Law, files: readonly SourceFile[]): readonly Reviewable[] {
  return law.instruments.flatMap((instrument) => {
    const file = files.find(({ path }) => path === instrument.path);
    const read = file === undefined ? undefined : readLiterate(file);
    return read?.ok === true ? reviewablesOf(law, instrument, read.value) : [];
  });
}

export type ReviewSource = {
  readonly files: readonly SourceFile[];
  /** The text of a review's note, by its path below the law folder. */
  readonly note: (path: string) => string | undefined;
  readonly signers: readonly Signer[];
  readonly crypto: ProofCrypto;
};

/** Law with its reviews: what the notes beside it show to be signed by those who may. */
export function lawWithReviews(law: Law, { files, note, signers, crypto }: ReviewSource): Law {
  if (signers.length === 0) return withReviews(law, new Set());
  const reviewed = allReviewables(law, files).filter((one) => reviewersOf(one, note(reviewPath(one)), signers, crypto).length > 0);
  return withReviews(law, new Set(reviewed.map(({ name }) => name)));
}
