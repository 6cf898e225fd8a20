import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ProblemError } from "../core/base/problem.ts";
import { unpacked } from "./unpacking.ts";

async function* pieces(bytes: Uint8Array, sizeBytes: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sizeBytes) yield bytes.subarray(at, at + sizeBytes);
}

/** How many bytes come out before the end, or before it is refused. */
async function readAll(packed: Uint8Array, pieceBytes: number): Promise<{ readonly sizeBytes: number; readonly refused?: string }> {
  let sizeBytes = 0;
  try {
    for await (const chunk of unpacked("f.gz", pieces(packed, pieceBytes))) sizeBytes += chunk.length;
    return { sizeBytes };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { sizeBytes, refused: error.message };
  }
}

describe("a gzip file", () => {
  const text = Buffer.from(Array.from({ length: 40_000 }, (_, at) => `${at}|${(at * 7919) % 10_007}\n`).join(""));

  it.each([1, 1000, 1 << 20])("comes out whole, read in pieces of %d bytes", async (pieceBytes) => {
    const packed = gzipSync(text.subarray(0, pieceBytes === 1 ? 2000 : text.length));
    expect(await readAll(packed, pieceBytes)).toEqual({ sizeBytes: pieceBytes === 1 ? 2000 : text.length });
  });

  it("of several members is all of them", async () => {
    expect(await readAll(Buffer.concat([gzipSync(text), gzipSync(text)]), 4096)).toEqual({ sizeBytes: 2 * text.length });
  });

  it("that fills the disk is refused on the way, not at its end", async () => {
    const bomb = gzipSync(Buffer.alloc(120 << 20, " "));
    const { sizeBytes, refused } = await readAll(bomb, 4096);
    expect(refused).toBe("the archive unpacks to more than 200 times its size");
    expect(sizeBytes).toBeGreaterThan(60 << 20);
    expect(sizeBytes).toBeLessThan(100 << 20);
  });

  it("that is cut or damaged is refused", async () => {
    const packed = gzipSync(text);
    const damaged = Uint8Array.from(packed, (byte, at) => (at === packed.length - 6 ? byte ^ 255 : byte));
    expect((await readAll(packed.subarray(0, 9000), 512)).refused).toBe("the gzip archive is cut or damaged");
    expect((await readAll(damaged, 512)).refused).toBe("the gzip archive is cut or damaged");
  });
});
