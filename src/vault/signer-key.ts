import { randomBytes } from "node:crypto";
import type { LogSigner } from "../app/ports/ledger.ts";
import { utf8Text } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { noteKey, parseSkey, skeyText, vkeyText } from "../core/ledger/note.ts";
import { ed25519Pair, sha256 } from "./node-crypto.ts";

/** A fresh pair for somebody who signs law: the secret line, and the line to hand out. */
export function newSignerKey(name: string): { readonly secret: string; readonly vkey: string } {
  const seed = randomBytes(32);
  const key = noteKey(sha256, name, ed25519Pair(seed).publicKey);
  return { secret: skeyText(key, seed), vkey: vkeyText(key) };
}

/** The signer whose secret line a file holds. `file` is used in places only. */
export function signerFrom(bytes: Uint8Array, file: string): LogSigner {
  const parsed = parseSkey(utf8Text(bytes).replace(/\n$/, ""));
  const hint = "the file holds one line, PRIVATE+KEY+…, made with `writ key new --signer NAME -o FILE`";
  if (!parsed.ok) throw new ProblemError(problem("E_KEY", "this is no signing key", { at: { file }, hint }));
  const { name, keyId, seed } = parsed.value;
  const { publicKey, sign } = ed25519Pair(seed);
  const key = noteKey(sha256, name, publicKey);
  if (key.keyId !== keyId) throw new ProblemError(problem("E_KEY", "the key is damaged: its id is another key's", { at: { file }, hint }));
  return { key, sign };
}
