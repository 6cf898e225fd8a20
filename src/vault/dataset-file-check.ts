import type { StoredFile } from "../app/ports/data-vault.ts";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";
import { readEncrypted } from "../core/parquet/read-encrypted.ts";
import { requireOwn, withEncrypted } from "./encrypted-in-file.ts";

/** Opens every module of a stored file, a column of a row group at a time; keeps and tells nothing of it. */
export function checkStoredFile(file: StoredFile): Checked<StoredFile> {
  try {
    withEncrypted(file, (encrypted, keyOf) => requireOwn(file, readEncrypted(encrypted, { keyOf, onPage: () => {} }).crypto));
    return pass(file);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = "restore the file or its key, or take the submission in again";
    return fail(
      problem("E_DATASET", `the stored file ${file.name} does not open under its key: ${error.message}`, { at: { file: file.path }, hint }),
    );
  }
}
