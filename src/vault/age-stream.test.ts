import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newSealedHeader, openHeader } from "./age-header.ts";
import { CHUNK_BYTES, openingStream, PAYLOAD_NONCE_BYTES, payloadKey, sealingStream, TAG_BYTES } from "./age-stream.ts";

const KEY = randomBytes(32);
const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;

/** The bytes in pieces of a size, as they come from a pipe. */
function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const sealed = async (plain: Uint8Array, size = 50_000): Promise<Buffer> =>
  buffer(Readable.from(pieces(plain, size), { objectMode: false }).pipe(sealingStream(KEY)));

async function opened(bytes: Uint8Array, size = 50_000): Promise<Buffer> {
  const opening = openingStream(KEY);
  Readable.from(pieces(bytes, size), { objectMode: false }).pipe(opening);
  return buffer(opening);
}

const chunks = (payload: Buffer): readonly Buffer[] => [...pieces(payload, SEALED_CHUNK)].map((chunk) => Buffer.from(chunk));

describe("the payload stream", () => {
  it("gives back what it sealed, whatever the sizes of the pieces", async () => {
    const length = fc.oneof(
      fc.nat(200),
      fc.constantFrom(CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 7),
    );
    await fc.assert(
      fc.asyncProperty(length, fc.integer({ min: 1000, max: 200_000 }), async (bytes, size) => {
        const plain = randomBytes(bytes);
        const payload = await sealed(plain, size);
        expect(payload.length).toBe(bytes + TAG_BYTES * Math.max(1, Math.ceil(bytes / CHUNK_BYTES)));
        expect(Buffer.compare(await opened(payload, size + 13), plain)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it("refuses an altered, cut, lengthened or reordered payload", async () => {
    const payload = await sealed(randomBytes(2 * CHUNK_BYTES + 100));
    const [first, second, last] = chunks(payload);
    if (first === undefined || second === undefined || last === undefined) throw new Error("three chunks were sealed");
    const flipped = Buffer.from(payload);
    flipped[70_000] = (flipped[70_000] ?? 0) ^ 1;
    const wrong: readonly Buffer[] = [
      flipped,
      Buffer.concat([first, second]),
      payload.subarray(0, -1),
      payload.subarray(0, TAG_BYTES - 1),
      Buffer.alloc(0),
      Buffer.concat([payload, Buffer.from([0])]),
      Buffer.concat([second, first, last]),
      Buffer.concat([first, first, second, last]),
      Buffer.concat([first, last]),
    ];
    for (const bytes of wrong) await expect(opened(bytes)).rejects.toMatchObject({ problems: [{ code: "E_TAMPERED" }] });
  });

  it("refuses an empty last chunk after a full one, which would be a second spelling", async () => {
    const full = await sealed(randomBytes(CHUNK_BYTES));
    expect(full.length).toBe(SEALED_CHUNK);
    const { ChunkSealer } = await import("./age-stream.ts");
    const sealer = new ChunkSealer(KEY);
    const twice = Buffer.concat([...sealer.seal(randomBytes(CHUNK_BYTES), false), ...sealer.seal(new Uint8Array(0), true)]);
    await expect(opened(twice)).rejects.toMatchObject({ problems: [{ code: "E_TAMPERED" }] });
  });
});

describe("other implementations of age", () => {
  const plain = randomBytes(3 * CHUNK_BYTES + 5);

  it("open what is sealed here", async () => {
    const identity = await generateX25519Identity();
    const { header, fileKey } = await newSealedHeader(await identityToRecipient(identity));
    const nonce = randomBytes(PAYLOAD_NONCE_BYTES);
    const payload = await buffer(
      Readable.from(pieces(plain, 65_536), { objectMode: false }).pipe(sealingStream(payloadKey(fileKey, nonce))),
    );
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    expect(Buffer.compare(await decrypter.decrypt(Buffer.concat([header, nonce, payload])), plain)).toBe(0);
  });

  it("seal what is opened here", async () => {
    const identity = await generateX25519Identity();
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(identity));
    const file = await encrypter.encrypt(plain);
    const { fileKey, headerBytes } = await openHeader(file, identity);
    const nonce = file.subarray(headerBytes, headerBytes + PAYLOAD_NONCE_BYTES);
    const opening = openingStream(payloadKey(fileKey, nonce));
    Readable.from(pieces(file.subarray(headerBytes + PAYLOAD_NONCE_BYTES), 65_536), { objectMode: false }).pipe(opening);
    expect(Buffer.compare(await buffer(opening), plain)).toBe(0);
  });
});
