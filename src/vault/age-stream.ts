import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { Transform, type TransformCallback } from "node:stream";
import { problem, ProblemError } from "../core/base/problem.ts";

/** The payload of an age v1 file (docs/formats/sealed-file.md): a nonce, then chunks, each sealed under its own counter. */
export const CHUNK_BYTES = 65_536;
export const TAG_BYTES = 16;
export const PAYLOAD_NONCE_BYTES = 16;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;
const CIPHER = "chacha20-poly1305";

/** The key of a payload: HKDF-SHA-256 of the file key, salted with the payload's nonce. */
export const payloadKey = (fileKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", fileKey, nonce, "payload", 32));

/** Twelve bytes: an 11-byte counter from the most significant end, then whether the chunk is the last. */
function chunkNonce(counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(counter, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Seals chunks in order. Every chunk but the last holds exactly CHUNK_BYTES. */
export class ChunkSealer {
  readonly #key: Uint8Array;
  #counter = 0;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** Ciphertext and tag of the next chunk. */
  seal(plain: Uint8Array, last: boolean): readonly [Buffer, Buffer] {
    if (!last && plain.length !== CHUNK_BYTES) throw new ProblemError(problem("E_BUG", "a chunk within a payload is not full"));
    const cipher = createCipheriv(CIPHER, this.#key, chunkNonce(this.#counter, last), { authTagLength: TAG_BYTES });
    this.#counter += 1;
    const sealed = cipher.update(plain);
    cipher.final();
    return [sealed, cipher.getAuthTag()];
  }
}

/** Opens chunks in order. Throws E_TAMPERED on a chunk that is altered, out of place, or wrongly the last. */
export class ChunkOpener {
  readonly #key: Uint8Array;
  #counter = 0;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  open(sealed: Uint8Array, last: boolean): Buffer {
    const size = sealed.length - TAG_BYTES;
    // WHY: an empty last chunk is allowed only when it is the whole payload; else two files would mean one plaintext.
    if (size < 0 || (size === 0 && this.#counter > 0) || (!last && size !== CHUNK_BYTES)) throw tampered(this.#counter);
    const decipher = createDecipheriv(CIPHER, this.#key, chunkNonce(this.#counter, last), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(sealed.subarray(size));
    try {
      const plain = decipher.update(sealed.subarray(0, size));
      decipher.final();
      this.#counter += 1;
      return plain;
    } catch {
      throw tampered(this.#counter);
    }
  }
}

const tampered = (chunk: number): ProblemError =>
  new ProblemError(
    problem("E_TAMPERED", `the payload is altered or cut short at chunk ${chunk + 1}`, { hint: "ask the discloser for the file again" }),
  );

/** Cuts a byte stream into pieces of one size, keeping the last back until the end, as only then it is known to be the last. */
class Pieces {
  readonly #sizeBytes: number;
  #held: Buffer = Buffer.alloc(0);

  constructor(sizeBytes: number) {
    this.#sizeBytes = sizeBytes;
  }

  *feed(bytes: Uint8Array): Generator<Buffer> {
    this.#held = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    let from = 0;
    for (; this.#held.length - from > this.#sizeBytes; from += this.#sizeBytes) yield this.#held.subarray(from, from + this.#sizeBytes);
    this.#held = this.#held.subarray(from);
  }

  rest(): Buffer {
    return this.#held;
  }
}

/** Turns plaintext into a payload after its nonce. */
export function sealingStream(key: Uint8Array): Transform {
  const sealer = new ChunkSealer(key);
  return piecewise(CHUNK_BYTES, (piece, last) => Buffer.concat(sealer.seal(piece, last)));
}

/** Turns a payload after its nonce into plaintext, chunk by authenticated chunk; only its end proves that nothing is missing. */
export function openingStream(key: Uint8Array): Transform {
  const opener = new ChunkOpener(key);
  return piecewise(SEALED_CHUNK_BYTES, (piece, last) => opener.open(piece, last));
}

function piecewise(sizeBytes: number, step: (piece: Buffer, last: boolean) => Buffer): Transform {
  const pieces = new Pieces(sizeBytes);
  return new Transform({
    transform(bytes: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
      attempt(done, () => {
        for (const piece of pieces.feed(bytes)) this.push(step(piece, false));
      });
    },
    flush(done: TransformCallback): void {
      attempt(done, () => void this.push(step(pieces.rest(), true)));
    },
  });
}

function attempt(done: TransformCallback, step: () => void): void {
  try {
    step();
    done();
  } catch (error) {
    done(error instanceof Error ? error : new Error("the stream failed"));
  }
}
