import { utf8 } from "../core/base/bytes.ts";
import type { NoteSignature } from "../core/ledger/note.ts";
import type { LogSigner } from "./ports/ledger.ts";

/** A signer's line under a text. */
export const signatureBy = (signer: LogSigner, text: string): NoteSignature => ({
  name: signer.key.name,
  keyId: signer.key.keyId,
  signature: signer.sign(utf8(text)),
});
