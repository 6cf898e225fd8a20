import type { Recipient } from "age-encryption";
import { Decrypter, Encrypter } from "age-encryption";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";

/** The header of an age v1 file: who may open it, ending after the line with its MAC. The payload follows. */
export type SealedHeader = { readonly header: Uint8Array; readonly fileKey: Uint8Array };

/** Nonce and tag of an empty payload. */
const EMPTY_PAYLOAD_BYTES = 32;
const FILE_KEY_BYTES = 16;
/** WHY: a header is read whole; one X25519 stanza takes 150 bytes. */
export const HEADER_LIMIT_BYTES = 16_384;

/**
 * A header for a fresh file key that only the holder of `recipient`'s identity can open.
 * WHY this way: the library alone writes headers, but shows a file key only to recipients; a silent one listens.
 */
export async function newSealedHeader(recipient: string): Promise<SealedHeader> {
  const fileKey = new Uint8Array(FILE_KEY_BYTES);
  const listener: Recipient = {
    wrapFileKey: (key) => {
      fileKey.set(key);
      return [];
    },
  };
  const encrypter = new Encrypter();
  addRecipient(encrypter, recipient);
  encrypter.addRecipient(listener);
  const file = await encrypter.encrypt(new Uint8Array(0));
  return { header: file.slice(0, file.length - EMPTY_PAYLOAD_BYTES), fileKey };
}

/** Opens the header at the start of `bytes`. Throws E_TAMPERED for a malformed or altered header, E_KEY for another's. */
export async function openHeader(
  bytes: Uint8Array,
  identity: string,
): Promise<{ readonly fileKey: Uint8Array; readonly headerBytes: number }> {
  const headerBytes = headerLength(bytes);
  const decrypter = new Decrypter();
  addIdentity(decrypter, identity);
  try {
    return { fileKey: await decrypter.decryptHeader(bytes.slice(0, headerBytes)), headerBytes };
  } catch (error) {
    const foreign = error instanceof Error && error.message.includes("no identity matched");
    throw new ProblemError(foreign ? wrongIdentity() : tampered("the header does not verify"));
  }
}

/** A small text sealed so that only `recipient` reads it: a whole age file. */
export async function sealText(text: string, recipient: string): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  addRecipient(encrypter, recipient);
  return encrypter.encrypt(text);
}

/** Reads what `sealText` wrote. */
export async function openText(sealed: Uint8Array, identity: string): Promise<string> {
  const decrypter = new Decrypter();
  addIdentity(decrypter, identity);
  try {
    return await decrypter.decrypt(sealed, "text");
  } catch {
    throw new ProblemError(wrongIdentity());
  }
}

/** The header ends with the line `--- MAC`. */
function headerLength(bytes: Uint8Array): number {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_LIMIT_BYTES)).toString("latin1");
  const end = /^age-encryption\.org\/v1\n[^]*?\n--- [A-Za-z0-9+/]{43}\n/.exec(start);
  if (end === null) throw new ProblemError(tampered("the file does not begin with an age header"));
  return end[0].length;
}

function addRecipient(encrypter: Encrypter, recipient: string): void {
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new ProblemError(problem("E_KEY", "not a recipient key", { hint: "a recipient key is one line that begins with age1" }));
  }
}

function addIdentity(decrypter: Decrypter, identity: string): void {
  try {
    decrypter.addIdentity(identity);
  } catch {
    throw new ProblemError(
      problem("E_KEY", "not an identity", { hint: "an identity file holds a line that begins with AGE-SECRET-KEY-1" }),
    );
  }
}

export const tampered = (message: string): Problem =>
  problem("E_TAMPERED", message, { hint: "get the package again from the custodian; nothing of it was kept" });

const wrongIdentity = (): Problem =>
  problem("E_KEY", "the identity does not open this file", { hint: "use the identity whose recipient key the release names" });
