import { randomBytes } from "node:crypto";
import type { DataVault } from "../app/ports/data-vault.ts";
import type { PrivateFiles } from "../app/ports/private-files.ts";
import { concat } from "../core/base/bytes.ts";
import { fileUniqueOf } from "../core/parquet/stored-identity.ts";
import { openDataKeys } from "./data-keys.ts";
import { checkStoredFile } from "./dataset-file-check.ts";
import { moduleSealer } from "./module-cipher.ts";
import { openPlainPipes } from "./plain-pipes.ts";
import { openTableFile, widenTableFile } from "./table-file.ts";

/** The vault for stored data of a workspace, on this machine. */
export const openDataVault = (keysFolder: string, files: PrivateFiles): DataVault => ({
  keys: openDataKeys(keysFolder, files),
  openPipes: openPlainPipes,
  openTable: openTableFile,
  widenTable: widenTableFile,
  check: checkStoredFile,
  encryptWhole: ({ id, secret }, name, bytes) => {
    const random = randomBytes(16);
    return concat(random, ...moduleSealer(secret)(bytes, fileUniqueOf(id, name, random)));
  },
});
