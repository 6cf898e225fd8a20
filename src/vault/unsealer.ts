import { Readable } from "node:stream";
import type { Unsealer } from "../app/ports/unsealer.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { HEADER_LIMIT_BYTES, openHeader, openText } from "./age-header.ts";
import { openingStream, PAYLOAD_NONCE_BYTES, payloadKey } from "./age-stream.ts";
import { parseIdentityFile, recipientOf } from "./recipient-key.ts";

/** Opens age files with the payload's chunks decrypted by Node's own cipher. */
export const unsealer: Unsealer = {
  parseIdentity: parseIdentityFile,
  recipientOf,
  unsealIdentity: openText,
  open: openSealed,
};

async function* openSealed(sealed: AsyncIterable<Uint8Array>, identity: string): AsyncIterable<Uint8Array> {
  const source = sealed[Symbol.asyncIterator]();
  const start = await atLeast(source, HEADER_LIMIT_BYTES + PAYLOAD_NONCE_BYTES);
  const { fileKey, headerBytes } = await openHeader(start, identity);
  const payloadStart = headerBytes + PAYLOAD_NONCE_BYTES;
  if (start.length < payloadStart) throw new ProblemError(problem("E_TAMPERED", "the sealed file ends within its header"));
  const opener = openingStream(payloadKey(fileKey, start.slice(headerBytes, payloadStart)));
  const rest = Readable.from(joined(start.subarray(payloadStart), source));
  rest.on("error", (error) => opener.destroy(error));
  yield* rest.pipe(opener) as AsyncIterable<Uint8Array>;
}

/** The first chunks of a stream until they hold `wanted` bytes, or all of it. */
async function atLeast(source: AsyncIterator<Uint8Array>, wanted: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let held = 0; held < wanted; held += parts.at(-1)?.length ?? 0) {
    const next = await source.next();
    if (next.done === true) break;
    parts.push(next.value);
  }
  return Buffer.concat(parts);
}

async function* joined(first: Uint8Array, source: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
}
