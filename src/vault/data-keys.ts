import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { DataKey, DataKeys } from "../app/ports/data-vault.ts";
import type { PrivateFiles } from "../app/ports/private-files.ts";
import { base64, concat, equalBytes, fromBase64, utf8 } from "../core/base/bytes.ts";
import { canonicalJson, canonicalOf } from "../core/base/canonical-json.ts";
import { fail, pass } from "../core/base/checked.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { readMasterKey } from "./person-keys.ts";

const FORMAT = "writ-data-key/1";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** One file a key below `datasets/` of a workspace's key folder, wrapped by the workspace's master key. */
export function openDataKeys(keysFolder: string, files: PrivateFiles): DataKeys {
  const fileOf = (id: string): string => {
    // INVARIANT: a path never comes from anything but 32 hex digits.
    if (!/^[0-9a-f]{32}$/.test(id)) throw new ProblemError(problem("E_BUG", "a key id that is none"));
    return join(keysFolder, "datasets", `${id}.json`);
  };
  let wrapping: Uint8Array | undefined;
  const wrappingKey = (): Uint8Array => (wrapping ??= wrappingKeyOf(readMasterKey(keysFolder)));
  return {
    draw: () => ({ id: randomBytes(16).toString("hex"), secret: randomBytes(KEY_BYTES) }),
    keep: (key) => {
      const text = `${canonicalJson({ format: FORMAT, id: key.id, wrapped: base64(wrap(key, wrappingKey())) })}\n`;
      if (!files.create(fileOf(key.id), utf8(text))) throw new ProblemError(problem("E_KEY", "a key of this id is held already"));
    },
    find: (id) => {
      const file = fileOf(id);
      const bytes = files.read(file);
      if (bytes !== undefined && isMark(bytes, id)) {
        const hint = "nothing can read it again; when, and under what: writ log show --kind data-shredded";
        return fail(problem("E_SHREDDED", "the key of this stored data was shredded", { hint }));
      }
      if (bytes === undefined) {
        const hint = "restore private/keys/datasets from a backup";
        return fail(problem("E_KEY", "no key is held for this stored data", { at: { file }, hint }));
      }
      const secret = unwrap(bytes, id, wrappingKey());
      const hint = "restore it, or the master key it was wrapped by, from a backup";
      return secret === undefined
        ? fail(problem("E_KEY", "the key of stored data is damaged, or another workspace's", { at: { file }, hint }))
        : pass({ id, secret });
    },
    forget: (id) => void files.destroy(fileOf(id)),
    shred: (id) => {
      const bytes = files.read(fileOf(id));
      if (bytes !== undefined && isMark(bytes, id)) return false;
      files.destroy(fileOf(id));
      return files.create(fileOf(id), markOf(id));
    },
  };
}

/** What stands where a key was, so that nobody takes its absence for a loss. */
const markOf = (id: string): Uint8Array => utf8(`${canonicalJson({ format: FORMAT, id, shredded: true })}\n`);
const isMark = (bytes: Uint8Array, id: string): boolean => equalBytes(bytes, markOf(id));

/** WHY derived: the master key itself keys person keys, and one key should do one thing. */
const wrappingKeyOf = (masterKey: Uint8Array): Uint8Array => new Uint8Array(hkdfSync("sha256", masterKey, "", FORMAT, KEY_BYTES));

function wrap({ id, secret }: DataKey, wrappingKey: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", wrappingKey, nonce).setAAD(utf8(id));
  const wrapped = concat(cipher.update(secret), cipher.final());
  return concat(nonce, wrapped, cipher.getAuthTag());
}

function unwrap(bytes: Uint8Array, id: string, wrappingKey: Uint8Array): Uint8Array | undefined {
  const read = canonicalOf(bytes.subarray(0, -1)) as
    | { readonly format?: unknown; readonly id?: unknown; readonly wrapped?: unknown }
    | undefined;
  const wrapped = typeof read?.wrapped === "string" ? fromBase64(read.wrapped) : undefined;
  if (read?.format !== FORMAT || read.id !== id || wrapped?.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", wrappingKey, wrapped.subarray(0, NONCE_BYTES)).setAAD(utf8(id));
  decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
  const secret = decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return concat(secret, decipher.final());
  } catch {
    return undefined;
  }
}
