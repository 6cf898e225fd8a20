import { createHash, type Hash, randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, fsyncSync, linkSync, openSync, unlinkSync, writevSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FileToSeal, SealedFile, SealedForm } from "../app/ports/sealer.ts";
import { type PartJoiner, ParquetJoiner, plainJoiner } from "../core/parquet/join.ts";
import { CHUNK_BYTES, ChunkSealer, PAYLOAD_NONCE_BYTES, payloadKey } from "./age-stream.ts";

/** Sealed chunks written to the file at once. */
const BATCH = 32;

/**
 * A sealed file while it grows, under a temporary name and without its header.
 * INVARIANT: until `finish` the header, the only carrier of the file key, is not on the medium: what a crash leaves opens for nobody.
 */
export class SealedWriter {
  readonly #name: string;
  readonly #folder: string;
  readonly #temporary: string;
  readonly #header: Uint8Array;
  readonly #sealer: ChunkSealer;
  readonly #joiner: PartJoiner;
  readonly #file: number;
  readonly #plainHash: Hash = createHash("sha256");
  readonly #sealedHash: Hash = createHash("sha256");
  readonly #chunk: Buffer = Buffer.alloc(CHUNK_BYTES);
  readonly #batch: Uint8Array[] = [];
  #used = 0;
  #plainBytes = 0;
  #sealedBytes: number;
  #writtenBytes: number;
  #closed = false;
  #linked = false;

  constructor(folder: string, { name, header, fileKey }: FileToSeal, form: SealedForm) {
    this.#name = name;
    this.#folder = folder;
    this.#header = header;
    this.#temporary = join(folder, `.${name}.tmp-${randomBytes(6).toString("hex")}`);
    const nonce = randomBytes(PAYLOAD_NONCE_BYTES);
    this.#sealer = new ChunkSealer(payloadKey(fileKey, nonce));
    const emit = (bytes: Uint8Array): void => this.#take(bytes);
    this.#joiner = form === "parquet" ? new ParquetJoiner(emit) : plainJoiner(emit);
    this.#file = openSync(this.#temporary, "wx", 0o600);
    this.#sealedHash.update(header);
    [this.#sealedBytes, this.#writtenBytes] = [header.length, header.length];
    this.#put(nonce);
  }

  feed(bytes: Uint8Array): void {
    this.#joiner.feed(bytes);
  }

  /** WHY synced part by part: at the end of a release everybody waits for the medium, and now only this thread does. */
  endPart(): void {
    this.#joiner.endPart();
    this.#flush();
    fdatasyncSync(this.#file);
  }

  #take(bytes: Uint8Array): void {
    this.#plainHash.update(bytes);
    this.#plainBytes += bytes.length;
    for (let from = 0; from < bytes.length;) {
      // WHY only now: a full chunk may still be the last, which is sealed differently.
      if (this.#used === CHUNK_BYTES) this.#sealChunk(false);
      const piece = bytes.subarray(from, from + CHUNK_BYTES - this.#used);
      this.#chunk.set(piece, this.#used);
      this.#used += piece.length;
      from += piece.length;
    }
  }

  #sealChunk(last: boolean): void {
    for (const part of this.#sealer.seal(this.#chunk.subarray(0, this.#used), last)) this.#put(part);
    this.#used = 0;
    if (this.#batch.length >= BATCH) this.#flush();
  }

  #put(bytes: Uint8Array): void {
    this.#sealedHash.update(bytes);
    this.#sealedBytes += bytes.length;
    this.#batch.push(bytes);
  }

  #flush(): void {
    writeAll(this.#file, this.#batch, this.#writtenBytes);
    this.#writtenBytes = this.#sealedBytes;
    this.#batch.length = 0;
  }

  /** Closes the payload and puts the whole file on the medium, still under its temporary name. */
  finish(): SealedFile {
    this.#joiner.finish();
    this.#sealChunk(true);
    this.#chunk.fill(0);
    this.#flush();
    writeAll(this.#file, [this.#header], 0);
    fsyncSync(this.#file);
    this.#close();
    return {
      name: this.#name,
      sizeBytes: this.#sealedBytes,
      sha256: this.#sealedHash.digest("hex"),
      plaintextSizeBytes: this.#plainBytes,
      plaintextSha256: this.#plainHash.digest("hex"),
    };
  }

  /** Gives the finished file its name; throws EEXIST when the name is taken. */
  link(): void {
    linkSync(this.#temporary, join(this.#folder, this.#name));
    this.#linked = true;
    unlinkSync(this.#temporary);
    syncFolder(this.#folder);
  }

  /** Leaves nothing of the file behind. */
  discard(): void {
    this.#close();
    this.#chunk.fill(0);
    removed(this.#temporary);
    if (this.#linked) removed(join(this.#folder, this.#name));
  }

  #close(): void {
    if (!this.#closed) closeSync(this.#file);
    this.#closed = true;
  }
}

function writeAll(file: number, parts: readonly Uint8Array[], at: number): void {
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  if (bytes === 0) return;
  let written = writevSync(file, parts, at);
  // WHY: a system may take less than it is given.
  for (const whole = Buffer.concat(written < bytes ? [...parts] : []); written < bytes;) {
    written += writevSync(file, [whole.subarray(written)], at + written);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function removed(path: string): void {
  try {
    unlinkSync(path);
    syncFolder(dirname(path));
  } catch {
    // WHY: it may never have been made, and the failure that led here is the one to report.
  }
}
