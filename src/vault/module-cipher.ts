import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SealModule } from "../core/parquet/modules.ts";
import type { ModuleKey } from "../core/parquet/read-encrypted.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MOST_MODULES = 2 ** 32;
/** Nonces are drawn this many at a time. */
const NONCES_AT_ONCE = 1024;

type GcmName = "aes-128-gcm" | "aes-192-gcm" | "aes-256-gcm";

function gcmOf(key: Uint8Array): GcmName {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32) throw new RangeError("a key of another length than AES has");
  return `aes-${(key.length * 8) as 128 | 192 | 256}-gcm`;
}

/** Seals the modules of Parquet files under one key, each with a nonce of its own. */
export function moduleSealer(key: Uint8Array): SealModule {
  const gcm = gcmOf(key);
  let nonces = Buffer.alloc(0);
  let sealed = 0;
  return (plaintext, aad) => {
    if (nonces.length === 0) nonces = randomBytes(NONCE_BYTES * NONCES_AT_ONCE);
    if (++sealed > MOST_MODULES) throw new RangeError("more modules than one key may encrypt");
    const start = Buffer.allocUnsafe(4 + NONCE_BYTES);
    start.writeUInt32LE(NONCE_BYTES + plaintext.length + TAG_BYTES, 0);
    nonces.copy(start, 4, 0, NONCE_BYTES);
    const cipher = createCipheriv(gcm, key, nonces.subarray(0, NONCE_BYTES)).setAAD(aad);
    nonces = nonces.subarray(NONCE_BYTES);
    const encrypted = cipher.update(plaintext);
    cipher.final();
    return [start, encrypted, cipher.getAuthTag()];
  };
}

/** Opens the modules of Parquet files under one key. */
export function moduleOpener(key: Uint8Array): ModuleKey {
  const gcm = gcmOf(key);
  return {
    open: (module, aad) => {
      const decipher = createDecipheriv(gcm, key, module.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(aad);
      decipher.setAuthTag(module.subarray(-TAG_BYTES));
      const plaintext = decipher.update(module.subarray(NONCE_BYTES, -TAG_BYTES));
      try {
        decipher.final();
      } catch {
        throw new RangeError("altered, or under another key");
      }
      return plaintext;
    },
    tag: (plaintext, nonce, aad) => {
      const cipher = createCipheriv(gcm, key, nonce).setAAD(aad);
      cipher.update(plaintext);
      cipher.final();
      return cipher.getAuthTag();
    },
  };
}
