import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { problem, ProblemError } from "../core/base/problem.ts";

const GZIP = [0x1f, 0x8b] as const;
/** Genuine submissions, half of them blanks, shrink to between a tenth and a fiftieth. */
const MOST_RATIO = 200;
/** So much may always unpack, however small it was packed. */
const FREE_BYTES = 64 << 20;

export const isGzip = (start: Uint8Array): boolean => GZIP.every((byte, at) => start[at] === byte);

/** The bytes of a gzip file, as they unpack. Refuses a file that is cut or damaged, or made to fill the disk. */
export async function* unpacked(file: string, packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let [packedBytes, sizeBytes] = [0, 0];
  const counted = async function* (): AsyncIterable<Uint8Array> {
    for await (const chunk of packed) {
      packedBytes += chunk.length;
      yield chunk;
    }
  };
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  // WHY its failure is ignored here: reading from the stream throws it below.
  const fed = pipeline(counted(), gunzip).catch(() => undefined);
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      sizeBytes += chunk.length;
      if (sizeBytes > FREE_BYTES + MOST_RATIO * packedBytes) throw bomb(file);
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ProblemError ? error : damaged(file);
  } finally {
    gunzip.destroy();
    await fed;
  }
}

const bomb = (file: string): ProblemError =>
  new ProblemError(
    problem("E_LAYOUT", `the archive unpacks to more than ${MOST_RATIO} times its size`, {
      at: { file },
      hint: "no submission does; if it is one, unpack it first",
    }),
  );

const damaged = (file: string): ProblemError =>
  new ProblemError(problem("E_LAYOUT", "the gzip archive is cut or damaged", { at: { file }, hint: "send the file again" }));
