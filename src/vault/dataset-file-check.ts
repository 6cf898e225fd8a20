import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { StoredFile } from "../app/ports/data-vault.ts";
import { equalBytes, utf8 } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";
import { type EncryptedFile, type KeyOf, readEncrypted } from "../core/parquet/read-encrypted.ts";
import { isFile } from "../core/parquet/stored-identity.ts";
import { moduleOpener } from "./module-cipher.ts";

/** Opens every module of a stored file, a column of a row group at a time; keeps and tells nothing of it. */
export function checkStoredFile(file: StoredFile): Checked<StoredFile> {
  const own = utf8(file.key.id);
  const opener = moduleOpener(file.key.secret);
  const keyOf: KeyOf = (named) => {
    if (equalBytes(named, own)) return opener;
    throw new RangeError("under another key");
  };
  try {
    withFile(file.path, (encrypted) => {
      const { crypto } = readEncrypted(encrypted, { keyOf, onPage: () => {} });
      if (crypto.aadPrefix !== undefined || !isFile(crypto.fileUnique, file.key.id, file.name)) throw new RangeError("another file's");
    });
    return pass(file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = "restore the file or its key, or take the submission in again";
    return fail(
      problem("E_DATASET", `the stored file ${file.name} does not open under its key: ${error.message}`, { at: { file: file.path }, hint }),
    );
  }
}

function withFile(path: string, step: (file: EncryptedFile) => void): void {
  const handle = openSync(path, "r");
  try {
    step({
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
