import type { Sha256 } from "../base/bytes.ts";
import { base64, concat, fromBase64, fromHex, hex, utf8 } from "../base/bytes.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";

/** C2SP signed-note: a text and the signatures under it, Ed25519 only. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };
export type NoteSignature = { readonly name: string; readonly keyId: string; readonly signature: Uint8Array };

/** A public key with the name it signs under; `keyId` is four bytes in hexadecimal. */
export type NoteKey = { readonly name: string; readonly keyId: string; readonly publicKey: Uint8Array };

/** Whether an Ed25519 signature over `message` is that of the key. Injected: the core holds no curve. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** The two functions every proof is checked with. */
export type ProofCrypto = { readonly sha256: Sha256; readonly verifyEd25519: VerifyEd25519 };

const ED25519 = 1;
const SIGNATURE_LIMIT = 64;
const KEY_NAME = /^[^\s+\p{Cc}\p{Z}]+$/u;

/** The key of a name and 32 public bytes. */
export function noteKey(sha256: Sha256, name: string, publicKey: Uint8Array): NoteKey {
  if (!KEY_NAME.test(name) || publicKey.length !== 32) throw new RangeError("not a note key");
  const id = sha256(concat(utf8(name), Uint8Array.of(0x0a, ED25519), publicKey));
  return { name, publicKey, keyId: hex(id.subarray(0, 4)) };
}

/** The public key as one line to hand out: `name+keyid+base64`. */
export const vkeyText = (key: NoteKey): string => `${key.name}+${key.keyId}+${base64(concat(Uint8Array.of(ED25519), key.publicKey))}`;

/** Reads a vkey; refuses a key id that is not the key's own. */
export function parseVkey(sha256: Sha256, text: string): Checked<NoteKey> {
  const [name, keyId, encoded] = splitKey(text);
  const bytes = fromBase64(encoded);
  if (!KEY_NAME.test(name) || bytes?.length !== 33 || bytes[0] !== ED25519) return fail(badKey("not an Ed25519 verifier key"));
  const key = noteKey(sha256, name, bytes.subarray(1));
  return key.keyId === keyId ? pass(key) : fail(badKey("the key id does not belong to the key"));
}

/** The private key as one line, for a file only its owner reads. */
export const skeyText = (key: NoteKey, seed: Uint8Array): string =>
  `PRIVATE+KEY+${key.name}+${key.keyId}+${base64(concat(Uint8Array.of(ED25519), seed))}`;

/** The name, key id and seed of a private key. The caller derives the public key and compares the id. */
export function parseSkey(text: string): Checked<{ readonly name: string; readonly keyId: string; readonly seed: Uint8Array }> {
  const [name, keyId, encoded] = splitKey(text.replace(/^PRIVATE\+KEY\+/, ""));
  const bytes = fromBase64(encoded);
  const sound = text.startsWith("PRIVATE+KEY+") && KEY_NAME.test(name) && bytes?.length === 33 && bytes[0] === ED25519;
  return sound ? pass({ name, keyId, seed: bytes.subarray(1) }) : fail(problem("E_KEY", "not an Ed25519 signing key"));
}

export const noteText = ({ text, signatures }: Note): string => `${text}\n${signatures.map(signatureLine).join("")}`;

/** Reads a note without trusting it. Refuses every second spelling: base64, line ends, spaces, control characters. */
export function parseNote(note: string): Checked<Note> {
  const refuse = (message: string): Checked<never> => fail(problem("E_PROOF", message));
  // WHY: any code point below space other than newline is forbidden by the format, anywhere.
  if (/[\p{Cc}\ufeff\ufffd]/u.test(note.replaceAll("\n", ""))) return refuse("the note holds a control character");
  const at = note.lastIndexOf("\n\n");
  if (at < 0 || !note.endsWith("\n")) return refuse("the note has no signatures");
  const lines = note.slice(at + 2, -1).split("\n");
  if (lines.length > SIGNATURE_LIMIT) return refuse(`the note has more than ${SIGNATURE_LIMIT} signatures`);
  const signatures = lines.flatMap((line) => parseSignature(line) ?? []);
  if (signatures.length !== lines.length) return refuse("a signature line of the note is malformed");
  return pass({ text: note.slice(0, at + 1), signatures });
}

/** Whether the key signed the note: at least one signature is the key's, and none of the key's is false. */
export function signedBy(note: Note, key: NoteKey, verify: VerifyEd25519): boolean {
  const own = note.signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId);
  return own.length > 0 && own.every(({ signature }) => signature.length === 64 && verify(key.publicKey, utf8(note.text), signature));
}

const signatureLine = ({ name, keyId, signature }: NoteSignature): string =>
  `\u2014 ${name} ${base64(concat(fromHex(keyId) ?? new Uint8Array(0), signature))}\n`;

function parseSignature(line: string): NoteSignature | undefined {
  const [, name = "", encoded = ""] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!KEY_NAME.test(name) || bytes === undefined || bytes.length < 5) return undefined;
  return { name, keyId: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** WHY: the base64 part may itself hold a plus sign; the name and id may not. */
function splitKey(text: string): readonly [string, string, string] {
  const [, name = "", keyId = "", encoded = ""] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  return [name, keyId, encoded];
}

const badKey = (message: string): ReturnType<typeof problem> =>
  problem("E_KEY", message, { hint: "a verifier key is one line: name+8 hex digits+base64, as the custodian publishes it" });
