import { dirname } from "node:path";
import type { StoredFile, WrittenFile } from "../app/ports/data-vault.ts";
import { equalBytes, utf8 } from "../core/base/bytes.ts";
import { encryptParquet } from "../core/parquet/encrypt.ts";
import { plainPages } from "../core/parquet/page-source.ts";
import { type Footer, readFooter } from "../core/parquet/footer.ts";
import { EncryptedOutFile } from "./encrypted-out-file.ts";
import { ScratchFile } from "./scratch-file.ts";

const MAGIC = utf8("PAR1");
const TRAILER_BYTES = 8;
/** What of a file is held in memory until its footer comes; more goes through a scratch file. */
const HELD_BYTES = 1 << 26;

/**
 * Takes the bytes of a plain Parquet file as they come and writes its encrypted form.
 * WHY the scratch file: what a page's encryption says of its place is only known from the footer, which comes last.
 */
export class DatasetFileWriter {
  readonly #target: StoredFile;
  readonly #scratch: ScratchFile;

  constructor(target: StoredFile, heldBytes: number = HELD_BYTES) {
    this.#target = target;
    this.#scratch = new ScratchFile(dirname(target.path), heldBytes);
  }

  feed(bytes: Uint8Array): void {
    this.#scratch.append(bytes);
  }

  /** Writes the file and puts it on the medium. Its name is made durable by whoever syncs the folder. */
  finish(): WrittenFile {
    try {
      const footer = footerOf(this.#scratch);
      const out = new EncryptedOutFile(this.#target);
      try {
        encryptParquet(plainPages({ footer, read: (from, length) => this.#scratch.read(from, length) }), out.encryption);
        return out.finish();
      } finally {
        out.discard();
      }
    } finally {
      this.discard();
    }
  }

  /** Leaves nothing unfinished behind. */
  discard(): void {
    this.#scratch.close();
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
