import * as node from "node:crypto";
import type { Sha256 } from "../core/base/bytes.ts";
import { concat } from "../core/base/bytes.ts";
import type { ProofCrypto, VerifyEd25519 } from "../core/ledger/note.ts";

/** SHA-256. WHY two ways: the one-shot call is several times faster, and older versions of Node 20 lack it. */
export const sha256: Sha256 = (bytes) =>
  new Uint8Array(typeof node.hash === "function" ? node.hash("sha256", bytes, "buffer") : node.createHash("sha256").update(bytes).digest());

export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
  try {
    return node.verify(null, message, publicKeyOf(publicKey), signature);
  } catch {
    // WHY: bytes that are no point of the curve are a key nobody signed with.
    return false;
  }
};

export const proofCrypto: ProofCrypto = { sha256, verifyEd25519 };

/** The public key of an Ed25519 seed, and how to sign with it. */
export function ed25519Pair(seed: Uint8Array): { readonly publicKey: Uint8Array; readonly sign: (message: Uint8Array) => Uint8Array } {
  const key = node.createPrivateKey({ key: Buffer.from(concat(PKCS8, seed)), format: "der", type: "pkcs8" });
  const publicKey = new Uint8Array(node.createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI.length));
  return { publicKey, sign: (message) => new Uint8Array(node.sign(null, message, key)) };
}

/** The DER around a bare Ed25519 private and public key (RFC 8410). */
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

const publicKeyOf = (bytes: Uint8Array): node.KeyObject =>
  node.createPublicKey({ key: Buffer.from(concat(SPKI, bytes)), format: "der", type: "spki" });
