import { concat, equalBytes, utf8 } from "../base/bytes.ts";
import type { Footer } from "./footer.ts";
import { joinedFooter, readFooter } from "./footer.ts";

/** Makes one file of parts that arrive one after another, as they stream by. */
export interface PartJoiner {
  /** Bytes of the present part; what it returns, or writes through `emit`, is only good until the next call. */
  feed(bytes: Uint8Array): void;
  endPart(): void;
  /** Writes what closes the file. */
  finish(): void;
}

export type Emit = (bytes: Uint8Array) => void;

/** Parts follow each other as they are: CSV, whose first part alone has a header line. */
export const plainJoiner = (emit: Emit): PartJoiner => ({ feed: emit, endPart: () => {}, finish: () => {} });

const MAGIC = utf8("PAR1");
/** Length of the footer, then the magic. */
const TRAILER_BYTES = 8;
/** A footer takes some hundred bytes a column and row group; 4 MiB is a file of a hundred million rows. */
const HELD_BYTES = 4 * 1024 * 1024;

/**
 * Joins Parquet files of one schema by their row groups, keeping back only as many bytes as a footer may have.
 * Throws RangeError on a part that is no Parquet file, or whose footer is longer than that.
 */
export class ParquetJoiner implements PartJoiner {
  readonly #emit: Emit;
  readonly #heldBytes: number;
  #held: Uint8Array;
  #length = 0;
  /** Bytes of the part that came in, and of the file that went out. */
  #partBytes = 0;
  #writtenBytes = 0;
  #movedBytes = 0;
  readonly #parts: { readonly footer: Footer; readonly movedBytes: number }[] = [];

  constructor(emit: Emit, heldBytes: number = HELD_BYTES) {
    this.#emit = emit;
    this.#heldBytes = heldBytes;
    this.#held = new Uint8Array(2 * heldBytes + MAGIC.length);
  }

  feed(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#held.length) this.#letGo(bytes.length);
    this.#held.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#partBytes += bytes.length;
  }

  /** Makes room by writing all but the bytes that may be a footer. */
  #letGo(incomingBytes: number): void {
    if (incomingBytes > this.#heldBytes) throw new RangeError("fed too much at once");
    const free = this.#length - this.#heldBytes;
    // WHY not one to three bytes: the magic is skipped or written whole.
    if (free >= MAGIC.length) this.#write(free);
  }

  #write(length: number): void {
    const started = this.#partBytes - this.#length;
    // INVARIANT: the file has one magic at its start: that of its first part.
    const skipped = started === 0 && this.#parts.length > 0 ? MAGIC.length : 0;
    if (started === 0) this.#begin();
    this.#out(this.#held.subarray(skipped, length));
    this.#held.copyWithin(0, length, this.#length);
    this.#length -= length;
  }

  #begin(): void {
    if (!equalBytes(this.#held.subarray(0, MAGIC.length), MAGIC)) throw new RangeError("no Parquet file");
    this.#movedBytes = this.#parts.length === 0 ? 0 : this.#writtenBytes - MAGIC.length;
  }

  #out(bytes: Uint8Array): void {
    this.#writtenBytes += bytes.length;
    this.#emit(bytes);
  }

  endPart(): void {
    const end = this.#held.subarray(Math.max(0, this.#length - TRAILER_BYTES), this.#length);
    if (end.length < TRAILER_BYTES || !equalBytes(end.subarray(4), MAGIC)) throw new RangeError("no Parquet file, or cut short");
    const footerBytes = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
    const dataBytes = this.#length - TRAILER_BYTES - footerBytes;
    const least = this.#partBytes === this.#length ? MAGIC.length : 0;
    if (dataBytes < least) throw new RangeError("the footer is longer than what is held back");
    const footer = readFooter(this.#held.slice(dataBytes, this.#length - TRAILER_BYTES));
    if (dataBytes > 0) this.#write(dataBytes);
    this.#parts.push({ footer, movedBytes: this.#movedBytes });
    this.#length = 0;
    this.#partBytes = 0;
  }

  finish(): void {
    const footer = joinedFooter(this.#parts);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, footer.length, true);
    this.#out(concat(footer, length, MAGIC));
  }
}
