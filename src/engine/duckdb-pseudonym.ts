import { createCipheriv } from "node:crypto";
import type { DuckDBScalarFunction } from "@duckdb/node-api";
import { problem, ProblemError } from "../core/base/problem.ts";
import { PSEUDONYM_FUNCTION } from "../core/extract/duckdb-printer.ts";

const BLOCK_BYTES = 16;
export const PSEUDONYM_KEY_BYTES = 32;

/** Encrypts blocks in place of their bytes; all of a vector at once. */
export type BlockCipher = (blocks: Uint8Array) => Uint8Array;

/**
 * AES-256 of single blocks: a permutation of the 128-bit person keys, so one key gives one person one pseudonym and no two people the same.
 * WHY ECB: each block is a value of its own; chaining them would make a pseudonym depend on its neighbours.
 */
export function pseudonymCipher(key: Uint8Array): BlockCipher {
  if (key.length !== PSEUDONYM_KEY_BYTES) throw new ProblemError(problem("E_KEY", "a pseudonym key has 32 bytes"));
  const cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  return (blocks) => cipher.update(blocks);
}

/** The pseudonym of one person key, both as UUID text. */
export function pseudonymOf(cipher: BlockCipher, personKey: string): string {
  const block = cipher(Buffer.from(personKey.replaceAll("-", ""), "hex"));
  return Buffer.from(block)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The engine's function over whole vectors of UUIDs. INVARIANT: the key lives in this closure, never in a statement. */
export async function pseudonymFunction(key: Uint8Array): Promise<DuckDBScalarFunction> {
  const { DuckDBScalarFunction, UUID } = await import("@duckdb/node-api");
  const cipher = pseudonymCipher(key);
  return DuckDBScalarFunction.create({
    name: PSEUDONYM_FUNCTION,
    parameterTypes: [UUID],
    returnType: UUID,
    mainFunction: (_, input, output) => {
      const [from, to] = [memoryOf(input.getColumnVector(0)), memoryOf(output)];
      to.bytes.set(storedBytes(cipher(textBytes(from.bytes))));
      copyMissing(from.validity, to.validity, input.rowCount);
      output.flush();
    },
  });
}

type Validity = { itemValid(row: number): boolean; setItemValid(row: number, valid: boolean): void };
type VectorMemory = { readonly bytes: Uint8Array; readonly validity: Validity };

/** A vector's own bytes. WHY the cast: reading UUIDs one by one as values costs a hundred times as much, and the fields are not declared. */
function memoryOf(vector: object): VectorMemory {
  const { dataView, validity } = vector as { readonly dataView?: unknown; readonly validity?: Validity };
  if (!(dataView instanceof DataView) || validity === undefined || dataView.byteLength % BLOCK_BYTES !== 0) {
    throw new ProblemError(
      problem("E_BUG", "the engine holds its vectors in another way", { hint: "use the pinned version of the engine" }),
    );
  }
  return { bytes: new Uint8Array(dataView.buffer, dataView.byteOffset, dataView.byteLength), validity };
}

/** INVARIANT: what is missing stays missing; its bytes are whatever was in memory, encrypted. */
function copyMissing(from: Validity, to: Validity, rows: number): void {
  for (let row = 0; row < rows; row += 1) if (!from.itemValid(row)) to.setItemValid(row, false);
}

/** The bytes of the UUIDs' text. The engine keeps a UUID as a little-endian 128-bit number with its highest bit flipped. */
function textBytes(stored: Uint8Array): Uint8Array {
  const out = reversedBlocks(stored);
  flipHighest(out);
  return out;
}

function storedBytes(text: Uint8Array): Uint8Array {
  const flipped = Uint8Array.from(text);
  flipHighest(flipped);
  return reversedBlocks(flipped);
}

function flipHighest(blocks: Uint8Array): void {
  for (let at = 0; at < blocks.length; at += BLOCK_BYTES) blocks[at] = (blocks[at] ?? 0) ^ 0x80;
}

function reversedBlocks(blocks: Uint8Array): Uint8Array {
  // WHY alloc: a buffer of its own, aligned for halves of a block.
  const out = Buffer.alloc(blocks.length);
  out.set(blocks);
  const halves = new BigUint64Array(out.buffer, out.byteOffset, out.length / BigUint64Array.BYTES_PER_ELEMENT);
  for (let at = 0; at < halves.length; at += 2) {
    const low = halves[at] ?? 0n;
    halves[at] = halves[at + 1] ?? 0n;
    halves[at + 1] = low;
  }
  return out.swap64();
}
