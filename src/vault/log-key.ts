import { randomBytes } from "node:crypto";
import type { LogSigner } from "../app/ports/ledger.ts";
import type { PrivateFiles } from "../app/ports/private-files.ts";
import { utf8, utf8Text } from "../core/base/bytes.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { noteKey, parseSkey, skeyText } from "../core/ledger/note.ts";
import { ed25519Pair, sha256 } from "./node-crypto.ts";

/** The log's signing key in `file`; made there on first use. The key's name is the log's origin and never changes. */
export function openLogKey(file: string, origin: string, files: PrivateFiles): LogSigner {
  const found = files.read(file);
  if (found !== undefined) return readLogKey(found, file, origin);
  const seed = randomBytes(32);
  const key = noteKey(sha256, origin, ed25519Pair(seed).publicKey);
  files.create(file, utf8(`${skeyText(key, seed)}\n`));
  // WHY: another process may have made it first; the file decides.
  return readLogKey(files.read(file) ?? new Uint8Array(0), file, origin);
}

function readLogKey(bytes: Uint8Array, file: string, origin: string): LogSigner {
  const parsed = parseSkey(utf8Text(bytes).replace(/\n$/, ""));
  if (!parsed.ok) throw new ProblemError(wrongKey("is not a signing key", file));
  const { name, keyId, seed } = parsed.value;
  const { publicKey, sign } = ed25519Pair(seed);
  const key = noteKey(sha256, name, publicKey);
  if (key.keyId !== keyId) throw new ProblemError(wrongKey("is damaged: its id is another key's", file));
  if (name !== origin) throw new ProblemError(wrongKey(`signs for the log "${name}", not "${origin}"`, file));
  return { key, sign };
}

const wrongKey = (what: string, file: string): Problem =>
  problem("E_KEY", `the log key ${what}`, { at: { file }, hint: "restore the file from the backup made when the workspace was" });
