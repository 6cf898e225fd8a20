import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { StoredFile } from "../app/ports/data-vault.ts";
import { equalBytes, utf8 } from "../core/base/bytes.ts";
import type { FileCrypto } from "../core/parquet/modules.ts";
import type { EncryptedFile, KeyOf } from "../core/parquet/read-encrypted.ts";
import { isFile } from "../core/parquet/stored-identity.ts";
import { moduleOpener } from "./module-cipher.ts";

/** Opens a stored file for reading at any place, and tells the one key it may be under. What is read throws RangeError where it is another's. */
export function withEncrypted<T>(file: StoredFile, step: (file: EncryptedFile, keyOf: KeyOf) => T): T {
  const own = utf8(file.key.id);
  const opener = moduleOpener(file.key.secret);
  const keyOf: KeyOf = (named) => {
    if (equalBytes(named, own)) return opener;
    throw new RangeError("under another key");
  };
  return withFile(file.path, (encrypted) => step(encrypted, keyOf));
}

/** Throws RangeError where a file says to be another. */
export function requireOwn({ key, name }: StoredFile, { aadPrefix, fileUnique }: FileCrypto): void {
  if (aadPrefix !== undefined || !isFile(fileUnique, key.id, name)) throw new RangeError("another file's");
}

function withFile<T>(path: string, step: (file: EncryptedFile) => T): T {
  const handle = openSync(path, "r");
  try {
    return step({
      sizeBytes: fstatSync(handle).size,
      read: (from, length) => {
        const bytes = Buffer.allocUnsafe(length);
        for (let at = 0; at < length;) {
          const got = readSync(handle, bytes, at, length - at, from + at);
          if (got === 0) throw new RangeError("ends too early");
          at += got;
        }
        return bytes;
      },
    });
  } finally {
    closeSync(handle);
  }
}
