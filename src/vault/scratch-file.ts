import { createCipheriv, randomBytes } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 16;

/**
 * Bytes that a step needs again later and memory should not hold.
 * INVARIANT: on the medium they are encrypted under a key that only this process has; the file has no name, so it ends with the process.
 */
export class ScratchFile {
  /** What waits in memory; undefined once it went to the file. */
  #held: Uint8Array | undefined;
  readonly #key: Uint8Array = randomBytes(32);
  readonly #file: number;
  readonly #cipher = createCipheriv("aes-256-ctr", this.#key, counterAt(0));
  #sizeBytes = 0;
  #closed = false;

  /** As many bytes are held in memory, and nothing goes to the disk before there are more. */
  constructor(folder: string, heldBytes = 0) {
    // WHY unsafe: what is not written to takes no memory, and nothing reads beyond what was written.
    this.#held = Buffer.allocUnsafe(heldBytes);
    const path = join(folder, `.scratch-${randomBytes(6).toString("hex")}`);
    this.#file = openSync(path, "wx+", 0o600);
    unlinkSync(path);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  append(bytes: Uint8Array): void {
    const held = this.#held;
    if (held === undefined) return this.#write(bytes);
    const sizeBytes = this.#sizeBytes + bytes.length;
    if (sizeBytes <= held.length) {
      held.set(bytes, this.#sizeBytes);
      this.#sizeBytes = sizeBytes;
      return;
    }
    const before = held.subarray(0, this.#sizeBytes);
    this.#held = undefined;
    this.#sizeBytes = 0;
    this.#write(before);
    before.fill(0);
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    const encrypted = this.#cipher.update(bytes);
    for (let at = 0; at < encrypted.length;) at += writeSync(this.#file, encrypted, at, encrypted.length - at, this.#sizeBytes + at);
    this.#sizeBytes += bytes.length;
  }

  /** Throws RangeError beyond the end. */
  read(from: number, length: number): Uint8Array {
    if (from < 0 || length < 0 || from + length > this.#sizeBytes) throw new RangeError("beyond the end");
    if (this.#held !== undefined) return this.#held.subarray(from, from + length);
    const skipped = from % BLOCK_BYTES;
    const encrypted = Buffer.allocUnsafe(skipped + length);
    for (let at = 0; at < encrypted.length;) {
      const got = readSync(this.#file, encrypted, at, encrypted.length - at, from - skipped + at);
      if (got === 0) throw new RangeError("beyond the end");
      at += got;
    }
    // WHY: in counter mode decrypting is encrypting, from any block on.
    return createCipheriv("aes-256-ctr", this.#key, counterAt((from - skipped) / BLOCK_BYTES))
      .update(encrypted)
      .subarray(skipped);
  }

  /** Forgets the key; what is left of the bytes is noise. */
  close(): void {
    this.#key.fill(0);
    this.#held?.fill(0, 0, this.#sizeBytes);
    if (!this.#closed) closeSync(this.#file);
    this.#closed = true;
  }
}

function counterAt(block: number): Buffer {
  const counter = Buffer.alloc(BLOCK_BYTES);
  counter.writeBigUInt64BE(BigInt(block), 8);
  return counter;
}
