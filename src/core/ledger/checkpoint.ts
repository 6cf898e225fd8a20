import { base64, fromBase64 } from "../base/bytes.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { TreeHead } from "./merkle.ts";
import { HASH_SIZE_BYTES } from "./merkle.ts";
import type { Note, NoteKey, ProofCrypto } from "./note.ts";
import { parseNote, signedBy } from "./note.ts";

/**
 * A tree head the log signed: origin, size and root of one verified note.
 * INVARIANT: only `verifyCheckpoint` makes one, so holding it means the signature was checked.
 */
export type Checkpoint = TreeHead & { readonly origin: string; readonly note: Note; readonly verified: typeof verified };
declare const verified: unique symbol;

/** What the log signs: origin, size and root, a line each. */
export const checkpointText = (origin: string, head: TreeHead): string => `${origin}\n${head.size}\n${base64(head.root)}\n`;

/**
 * Reads and verifies a checkpoint (C2SP tlog-checkpoint) of the log whose key this is.
 * Refuses extension lines: nobody audits them.
 */
export function verifyCheckpoint(text: string, key: NoteKey, crypto: ProofCrypto): Checked<Checkpoint> {
  const note = parseNote(text);
  if (!note.ok) return note;
  const [origin = "", size = "", root = "", end, ...more] = note.value.text.split("\n");
  const hash = fromBase64(root);
  if (
    end !== "" ||
    more.length > 0 ||
    !/^(0|[1-9]\d{0,15})$/.test(size) ||
    !Number.isSafeInteger(Number(size)) ||
    hash?.length !== HASH_SIZE_BYTES
  )
    return fail(problem("E_PROOF", "the checkpoint is not origin, size and root, a line each"));
  if (origin !== key.name)
    return fail(problem("E_PROOF", `the checkpoint is of the log "${origin}", not "${key.name}"`, { hint: KEY_HINT }));
  if (!signedBy(note.value, key, crypto.verifyEd25519))
    return fail(problem("E_PROOF", `the checkpoint carries no valid signature of ${key.name} (key ${key.keyId})`, { hint: KEY_HINT }));
  return pass({ origin, size: Number(size), root: hash, note: note.value } as Checkpoint);
}

const KEY_HINT = "compare the verifier key with the one the custodian publishes";
