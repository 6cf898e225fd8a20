import { createHmac } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { PersonKeys } from "../app/ports/person-keys.ts";
import { LONGEST_LINE_BYTES } from "../core/intake/lines.ts";
import { problem, ProblemError } from "../core/base/problem.ts";

const KEY_BYTES = 32;
/** Mode bits of group and others. */
const OTHERS = 0o077;
const KEY_OF_PERSON_BYTES = 16;
/** No value of a file is longer than a line may be. */
const LONGEST_NAME_BYTES = LONGEST_LINE_BYTES + 64;

/** Person keys under the master key in a workspace's key folder. Throws E_KEY when it is missing or damaged. */
export function openPersonKeys(keysFolder: string): PersonKeys {
  return personKeys(readMasterKey(keysFolder));
}

/** The 32 bytes that all keys of a workspace's stored data hang on. Throws E_KEY when they are missing, damaged or readable to others. */
export function readMasterKey(keysFolder: string): Uint8Array {
  const file = join(keysFolder, "master.key");
  const found = keyIn(file);
  if (found !== undefined) {
    if ((found.mode & OTHERS) === 0) return found.key;
    const hint = "find out who could read it, then make it yours alone: chmod 600";
    throw new ProblemError(problem("E_KEY", "others on this machine may read the master key", { hint, at: { file } }));
  }
  const hint = "restore it from a backup; person keys of stored datasets cannot be made without it";
  throw new ProblemError(problem("E_KEY", `the master key ${basename(file)} is missing or damaged`, { hint, at: { file } }));
}

/** A key of the right length, and who may read it. WHY undefined for both: missing and damaged keys have one remedy. */
function keyIn(file: string): { readonly key: Uint8Array; readonly mode: number } | undefined {
  try {
    const key = readFileSync(file);
    return key.length === KEY_BYTES ? { key, mode: statSync(file).mode } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The first 16 bytes of HMAC-SHA-256(master key, `STATE|ID`).
 * WHY the last one is kept: the rows of a person mostly stand together.
 */
export function personKeys(masterKey: Uint8Array): PersonKeys {
  const key = new Uint8Array(KEY_OF_PERSON_BYTES);
  const named = Buffer.alloc(LONGEST_NAME_BYTES);
  let last = { origin: "", from: 0, to: 0 };
  return {
    keyOf(origin, bytes, from, to): Uint8Array {
      if (last.origin === origin && isSame(named.subarray(last.from, last.to), bytes, from, to)) return key;
      if (last.origin !== origin) last = { origin, from: named.write(`${origin}|`), to: 0 };
      named.set(bytes.subarray(from, to), last.from);
      last.to = last.from + to - from;
      // WHY as text: to make a string of a digest's bytes takes half as long as to make a buffer.
      const digest = createHmac("sha256", masterKey).update(named.subarray(0, last.to)).digest("binary");
      for (let at = 0; at < KEY_OF_PERSON_BYTES; at += 1) key[at] = digest.charCodeAt(at);
      return key;
    },
  };
}

function isSame(id: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (id.length === 0 || id.length !== to - from) return false;
  for (let at = 0; at < id.length; at += 1) if (id[at] !== bytes[from + at]) return false;
  return true;
}
