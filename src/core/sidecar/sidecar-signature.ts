import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import { signersOf } from "../entry/signing.ts";
import type { Note, ProofCrypto } from "../ledger/note.ts";

/** Who signs sidecars for a state, by its postal code, or for a party. */
export type SidecarSource = { readonly name: string; readonly for: string; readonly key: string };

/** The text under which a source signs a file. WHY a line for the kind: a signature under one thing never counts under another. */
export const sidecarStatement = (fileSha256: string): string => `writ-sidecar/1\n${fileSha256}\n`;

/** A file that comes beside submissions, and for whom it speaks: the states it is about, or the party that asserts it. */
export type SignedFile = { readonly file: string; readonly sha256: string; readonly speaksFor: readonly string[]; readonly note?: Note };

/**
 * Who signed a sidecar. INVARIANT: where somebody is named who signs for a state or party, nothing passes in its name without their
 * signature under this very file.
 */
export function sidecarSigners(of: SignedFile, sources: readonly SidecarSource[], crypto: ProofCrypto): Checked<readonly string[]> {
  const at = { file: of.file };
  const speakers = sources.filter((source) => of.speaksFor.includes(source.for));
  if (of.note !== undefined && of.note.text !== sidecarStatement(of.sha256))
    return fail(problem("E_PROOF", "the note signs another file than this", { at, hint: "sign it anew with `writ key sign`" }));
  const words = { of: `what speaks for ${of.speaksFor.join(", ")}`, hint: "those who may are named under `sources` in writ.yaml" };
  const signed = of.note === undefined ? pass([]) : signersOf(of.note, speakers, crypto, words);
  if (!signed.ok) return signed;
  const silent = of.speaksFor.filter((one) => speakers.some((source) => source.for === one) && !signed.value.some((by) => by.for === one));
  if (silent.length === 0) return pass(signed.value.map(({ name }) => name));
  const names = speakers.filter((source) => silent.includes(source.for)).map(({ name }) => name);
  const hint = `have ${names.join(" or ")} sign it with \`writ key sign\`, and add --signed NOTE`;
  return fail(problem("E_SIGNER", `nobody who signs for ${silent.join(", ")} has signed this file`, { at, hint }));
}
