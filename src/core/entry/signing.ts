import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { LawChange } from "../ledger/law-change.ts";
import type { Note, ProofCrypto } from "../ledger/note.ts";
import { signedBy } from "../ledger/note.ts";
import type { Signer } from "./settings.ts";
import { signerKey } from "./settings.ts";

/** What is signed, and where those who may sign are found. */
const LAW = { of: "this law", hint: "signers stand in writ.yaml, and count once they are entered themselves" };

/** The signers a note bears the signatures of. Refuses a false signature, and one of nobody known. */
export function signersOf<S extends Pick<Signer, "name" | "key">>(
  note: Note,
  signers: readonly S[],
  crypto: ProofCrypto,
  signed: typeof LAW = LAW,
): Checked<readonly S[]> {
  const keyed = signers.map((signer) => ({ signer, key: signerKey(crypto.sha256, signer) }));
  const problems: Problem[] = note.signatures.flatMap(({ name, keyId }) =>
    keyed.some(({ key }) => key?.name === name && key.keyId === keyId)
      ? []
      : [problem("E_SIGNER", `"${name}" with key ${keyId} is no signer for ${signed.of}`, { hint: signed.hint })],
  );
  const found = keyed.flatMap(({ signer, key }) => {
    if (key === undefined || !note.signatures.some(({ name, keyId }) => name === key.name && keyId === key.keyId)) return [];
    if (signedBy(note, key, crypto.verifyEd25519)) return [signer];
    problems.push(problem("E_PROOF", `the signature of ${signer.name} is not under this text`, { hint: "have it signed anew" }));
    return [];
  });
  return passIf(problems, () => found);
}

/** Signatures a change still lacks; none when it may be entered as far as signatures go. */
export function lacking({ effect, opensFor }: Pick<LawChange, "effect" | "opensFor">, signed: readonly Signer[]): readonly Problem[] {
  const counsel = signed.some(({ role }) => role === "counsel");
  const second = signed.some(({ role, state }) => role === "monitor" || (role === "state-counsel" && opensFor.includes(state ?? "")));
  const of = opensFor.length > 6 ? "an affected state" : opensFor.join(" or ");
  const whose = opensFor.length === 0 ? "that of the monitor, as the states cannot be told" : `that of counsel of ${of}, or of the monitor`;
  return [
    ...(counsel ? [] : [problem("E_SIGNATURES", "counsel has not signed", { hint: "sign with --key FILE, or pass the note on: -o FILE" })]),
    ...(effect !== "opens" || second
      ? []
      : [
          problem("E_SIGNATURES", "what opens needs a second signature", { hint: `${whose}; pass the note on: -o FILE` }), // prettier-ignore
        ]),
  ];
}

/** The instant from which a proposed change may be entered. */
export function waitsUntil(proposed: string, waitingDays: number): string {
  const ends = new Date(Date.parse(proposed) + waitingDays * 86_400_000);
  return ends.toISOString().replace(/\.\d{3}Z$/, "Z");
}
