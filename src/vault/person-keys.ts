import { createHmac } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { PersonKeys } from "../app/ports/person-keys.ts";
import { problem, ProblemError } from "../core/base/problem.ts";

const KEY_BYTES = 32;
/** Mode bits of group and others. */
const OTHERS = 0o077;
const UUID_CHARS = 36;

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
 * UUID of the first 16 bytes of HMAC-SHA-256(master key, `STATE|ID`), in the order of the bytes.
 * WHY the last one is kept: the rows of a person mostly stand together.
 */
export function personKeys(masterKey: Uint8Array): PersonKeys {
  const key = new Uint8Array(UUID_CHARS).fill(HYPHEN);
  let last = { origin: "", id: new Uint8Array(0) };
  return {
    keyOf(origin, bytes, from, to): Uint8Array {
      if (last.origin === origin && isSame(last.id, bytes, from, to)) return key;
      const id = bytes.slice(from, to);
      writeUuid(createHmac("sha256", masterKey).update(`${origin}|`).update(id).digest(), key);
      last = { origin, id };
      return key;
    },
  };
}

function isSame(id: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (id.length === 0 || id.length !== to - from) return false;
  for (let at = 0; at < id.length; at += 1) if (id[at] !== bytes[from + at]) return false;
  return true;
}

const HYPHEN = 0x2d;
const DIGITS = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
/** Bytes of a UUID before which a hyphen stands. */
const GROUPS: ReadonlySet<number> = new Set([4, 6, 8, 10]);

function writeUuid(digest: Uint8Array, out: Uint8Array): void {
  let to = 0;
  for (let at = 0; at < 16; at += 1) {
    if (GROUPS.has(at)) to += 1;
    const byte = digest[at] ?? 0;
    out[to] = DIGITS[byte >> 4] ?? 0;
    out[to + 1] = DIGITS[byte & 15] ?? 0;
    to += 2;
  }
}
