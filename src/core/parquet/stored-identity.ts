import { concat, utf8 } from "../base/bytes.ts";

/**
 * What a stored file is, part of the additional data of all its modules, so that no file stands in another's place or in another dataset's.
 * WHY within the file's unique id and not as AAD prefix: an engine that reads the files knows no prefixes.
 */
export const fileUniqueOf = (keyId: string, name: string, random: Uint8Array): Uint8Array => concat(identityOf(keyId, name), random);

/** Whether a file says to be the one that is looked for. INVARIANT: a file that says so falsely does not open. */
export function isFile(fileUnique: Uint8Array, keyId: string, name: string): boolean {
  const identity = identityOf(keyId, name);
  return fileUnique.length > identity.length && identity.every((byte, at) => byte === fileUnique[at]);
}

const identityOf = (keyId: string, name: string): Uint8Array => utf8(`writ-dataset/2 ${keyId} ${name} `);
