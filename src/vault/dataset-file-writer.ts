import { createHash, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writevSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { StoredFile, WrittenFile } from "../app/ports/data-vault.ts";
import { equalBytes, utf8 } from "../core/base/bytes.ts";
import { encryptParquet } from "../core/parquet/encrypt.ts";
import { type Footer, readFooter } from "../core/parquet/footer.ts";
import type { FileCrypto } from "../core/parquet/modules.ts";
import { fileUniqueOf } from "../core/parquet/stored-identity.ts";
import { moduleSealer } from "./module-cipher.ts";
import { ScratchFile } from "./scratch-file.ts";

const MAGIC = utf8("PAR1");
const TRAILER_BYTES = 8;
/** Encrypted bytes written at once. */
const BATCH_BYTES = 1 << 20;
const UNIQUE_BYTES = 16;
/** What of a file is held in memory until its footer comes; more goes through a scratch file. */
const HELD_BYTES = 1 << 26;

/**
 * Takes the bytes of a plain Parquet file as they come and writes its encrypted form.
 * WHY the scratch file: what a page's encryption says of its place is only known from the footer, which comes last.
 */
export class DatasetFileWriter {
  readonly #target: StoredFile;
  readonly #scratch: ScratchFile;
  readonly #temporary: string;

  constructor(target: StoredFile, heldBytes: number = HELD_BYTES) {
    this.#target = target;
    this.#scratch = new ScratchFile(dirname(target.path), heldBytes);
    this.#temporary = join(dirname(target.path), `.${basename(target.path)}.tmp-${randomBytes(6).toString("hex")}`);
  }

  feed(bytes: Uint8Array): void {
    this.#scratch.append(bytes);
  }

  /** Writes the file and puts it on the medium. Its name is made durable by whoever syncs the folder. */
  finish(): WrittenFile {
    try {
      const footer = footerOf(this.#scratch);
      const out = new OutFile(this.#temporary);
      try {
        const { key, name } = this.#target;
        const crypto: FileCrypto = {
          fileUnique: fileUniqueOf(key.id, name, randomBytes(UNIQUE_BYTES)),
          keyMetadata: utf8(key.id),
        };
        const read = (from: number, length: number): Uint8Array => this.#scratch.read(from, length);
        encryptParquet({ footer, read }, { crypto, seal: moduleSealer(key.secret), emit: (bytes) => out.put(bytes) });
        out.sync();
      } finally {
        out.close();
      }
      renameSync(this.#temporary, this.#target.path);
      return out.written();
    } finally {
      this.discard();
    }
  }

  /** Leaves nothing unfinished behind. */
  discard(): void {
    this.#scratch.close();
    rmSync(this.#temporary, { force: true });
  }
}

function footerOf(scratch: ScratchFile): Footer {
  const cut = (): RangeError => new RangeError("no Parquet file, or cut short");
  if (scratch.sizeBytes < MAGIC.length + TRAILER_BYTES) throw cut();
  const end = scratch.read(scratch.sizeBytes - TRAILER_BYTES, TRAILER_BYTES);
  if (!equalBytes(scratch.read(0, MAGIC.length), MAGIC) || !equalBytes(end.subarray(4), MAGIC)) throw cut();
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  return readFooter(scratch.read(scratch.sizeBytes - TRAILER_BYTES - length, length));
}

/** A file that grows at its end and is hashed as it does. */
class OutFile {
  readonly #file: number;
  readonly #hash = createHash("sha256");
  #batch: Uint8Array[] = [];
  #waitingBytes = 0;
  #sizeBytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, "wx", 0o600);
  }

  put(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#batch.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#sizeBytes += bytes.length;
    // WHY the count too: a system takes only so many pieces at once.
    if (this.#waitingBytes >= BATCH_BYTES || this.#batch.length >= 512) this.#flush();
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

  sync(): void {
    this.#flush();
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }

  written(): WrittenFile {
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest("hex") };
  }
}
