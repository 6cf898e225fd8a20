import { createHash, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writevSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { StoredFile, WrittenFile } from "../app/ports/data-vault.ts";
import { utf8 } from "../core/base/bytes.ts";
import type { Encryption } from "../core/parquet/module-writer.ts";
import { fileUniqueOf } from "../core/parquet/stored-identity.ts";
import { moduleSealer } from "./module-cipher.ts";

/** Encrypted bytes written at once, and pieces: a system takes only so many. */
const [BATCH_BYTES, BATCH_PIECES] = [1 << 20, 512];
const UNIQUE_BYTES = 16;

/** A stored file that grows at its end, under another name until it is whole; hashed as it is written. */
export class EncryptedOutFile {
  /** Under what the modules of the file are encrypted, and where they go. */
  readonly encryption: Encryption;
  readonly #path: string;
  readonly #temporary: string;
  readonly #file: number;
  readonly #hash = createHash("sha256");
  #batch: Uint8Array[] = [];
  #waitingBytes = 0;
  #sizeBytes = 0;
  #closed = false;

  constructor({ key, name, path }: StoredFile) {
    this.#path = path;
    this.#temporary = join(dirname(path), `.${basename(path)}.tmp-${randomBytes(6).toString("hex")}`);
    this.#file = openSync(this.#temporary, "wx", 0o600);
    const crypto = { fileUnique: fileUniqueOf(key.id, name, randomBytes(UNIQUE_BYTES)), keyMetadata: utf8(key.id) };
    this.encryption = { crypto, seal: moduleSealer(key.secret), emit: (bytes) => this.#put(bytes) };
  }

  #put(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#batch.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#sizeBytes += bytes.length;
    if (this.#waitingBytes >= BATCH_BYTES || this.#batch.length >= BATCH_PIECES) this.#flush();
  }

  #flush(): void {
    const whole = this.#batch;
    for (let written = 0, parts: readonly Uint8Array[] = whole; written < this.#waitingBytes;) {
      written += writevSync(this.#file, [...parts]);
      // WHY: a system may take less than it is given.
      parts = written < this.#waitingBytes ? [Buffer.concat(whole).subarray(written)] : [];
    }
    this.#batch = [];
    this.#waitingBytes = 0;
  }

  /** Puts the file on the medium under its name, which is made durable by whoever syncs the folder. */
  finish(): WrittenFile {
    this.#flush();
    fsyncSync(this.#file);
    this.#close();
    renameSync(this.#temporary, this.#path);
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest("hex") };
  }

  #close(): void {
    if (!this.#closed) closeSync(this.#file);
    this.#closed = true;
  }

  /** Leaves nothing unfinished behind. */
  discard(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
  }
}
