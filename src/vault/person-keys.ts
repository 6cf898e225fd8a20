import { createHmac } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { PersonKeys } from "../app/ports/person-keys.ts";
import { problem, ProblemError } from "../core/base/problem.ts";

const KEY_BYTES = 32;
/** Mode bits of group and others. */
const OTHERS = 0o077;
const UUID_CHARS = 36;
const CACHED_IDS = 1 << 14;

/** Person keys under the master key in a workspace's key folder. Throws E_KEY when it is missing or damaged. */
export function openPersonKeys(keysFolder: string): PersonKeys {
  return personKeys(readMasterKey(keysFolder));
}

/** The 32 bytes that all keys of a workspace's stored data hang on. Throws E_KEY when they are missing, damaged or readable to others. */
export function readMasterKey(keysFolder: string): Uint8Array {
  const file = join(keysFolder, "master.key");
  try {
    const key = readFileSync(file);
    if (key.length === KEY_BYTES) {
      if ((statSync(file).mode & OTHERS) === 0) return key;
      const hint = "find out who could read it, then make it yours alone: chmod 600";
      throw new ProblemError(problem("E_KEY", "others on this machine may read the master key", { hint, at: { file } }));
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    // WHY: missing and damaged keys have one remedy.
  }
  const hint = "restore it from a backup; person keys of stored datasets cannot be made without it";
  throw new ProblemError(problem("E_KEY", `the master key ${basename(file)} is missing or damaged`, { hint, at: { file } }));
}

/**
 * UUID of the first 16 bytes of HMAC-SHA-256(master key, `STATE|ID`), in the order of the bytes.
 * WHY the small cache: the rows of a person mostly stand together. It is bounded, and never written.
 */
export function personKeys(masterKey: Uint8Array): PersonKeys {
  const cached = new Map<string, Uint8Array>();
  let last = { origin: "", id: new Uint8Array(0), key: new Uint8Array(0) };
  return {
    keyOf(origin, bytes, from, to): Uint8Array {
      if (last.origin === origin && isSame(last.id, bytes, from, to)) return last.key;
      const id = bytes.slice(from, to);
      const name = `${origin}|${Buffer.from(id).toString("utf8")}`;
      const key = new Uint8Array(cached.get(name) ?? uuidOf(createHmac("sha256", masterKey).update(name).digest()));
      if (cached.size >= CACHED_IDS) cached.clear();
      cached.set(name, key);
      last = { origin, id, key };
      return key;
    },
  };
}

function isSame(id: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (id.length === 0 || id.length !== to - from) return false;
  for (let at = 0; at < id.length; at += 1) if (id[at] !== bytes[from + at]) return false;
  return true;
}

function uuidOf(digest: Buffer): Uint8Array {
  const hex = digest.toString("hex", 0, 16);
  const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return Buffer.from(text.padEnd(UUID_CHARS), "latin1");
}
