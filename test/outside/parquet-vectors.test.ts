/**
 * Files that Apache's parquet-testing keeps to show what readers of encrypted Parquet must open. They are not kept here: lay the
 * `data` folder of that repository beside the project's facts, or name it in WRIT_PARQUET_VECTORS.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { utf8Text } from "../../src/core/base/bytes.ts";
import type { KeyOf } from "../../src/core/parquet/read-encrypted.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { moduleOpener } from "../../src/vault/module-cipher.ts";
import { plainParquet } from "../plain-parquet.ts";

const facts = process.env["WRIT_FACTS"] ?? join(import.meta.dirname, "..", "..", "..", "shared", "facts");
const vectors = process.env["WRIT_PARQUET_VECTORS"] ?? join(facts, "parquet-vectors");
const scratch = mkdtempSync(join(tmpdir(), "writ-vectors-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The keys the vectors' authors publish: digits, the last of which counts up. */
const KEYS: Readonly<Record<string, readonly [number, number]>> = { kf: [0, -1], kc1: [1, 0], kc2: [1, 1], kc3: [1, 4], kc4: [1, 5], kc5: [1, 6], kc6: [1, 7], kc7: [1, 8], kc8: [1, 9] }; // prettier-ignore

function digits(from: number, last: number, length: number): Uint8Array {
  const key = Array.from({ length }, (_, at) => 48 + ((from + at) % 10));
  return Uint8Array.from(last < 0 ? key : [...key.slice(0, -1), 48 + last]);
}

const keyOf =
  (length: number): KeyOf =>
  (named) => {
    const name = utf8Text(named);
    const [from, last] = KEYS[name] ?? [];
    if (from === undefined || last === undefined) throw new RangeError(`no key ${name}`);
    // The longer keys of the first two columns end otherwise than the shorter.
    return moduleOpener(digits(from, length === 32 && /^kc[12]$/.test(name) ? last + 2 : last, length));
  };

async function rowsOf(name: string, keyBytes: number): Promise<readonly (readonly unknown[])[]> {
  const plain = join(scratch, "plain.parquet");
  writeFileSync(plain, plainParquet(readFileSync(join(vectors, name)), keyOf(keyBytes)));
  const engine = await openDuckdb({ folders: [scratch] });
  try {
    return await engine.rows(`SELECT float_field, double_field FROM read_parquet('${plain}')`);
  } finally {
    engine.close();
  }
}

const FILES = [
  ["uniform_encryption.parquet.encrypted", 16],
  ["encrypt_columns_and_footer.parquet.encrypted", 16],
  ["encrypt_columns_and_footer_aad.parquet.encrypted", 16],
  ["encrypt_columns_and_footer_bloom_filter.parquet.encrypted", 16],
  ["encrypt_columns_plaintext_footer.parquet.encrypted", 16],
  ["aes256/uniform_encryption.parquet.encrypted", 32],
  ["aes256/encrypt_columns_and_footer.parquet.encrypted", 32],
  ["aes256/encrypt_columns_plaintext_footer.parquet.encrypted", 32],
] as const;

describe.skipIf(!existsSync(vectors))("encrypted files of other writers", () => {
  it.each(FILES)("open: %s", async (name, keyBytes) => {
    const rows = await rowsOf(name, keyBytes);
    expect(rows.length).toBeGreaterThan(0);
    rows.forEach(([float, double], at) => {
      const isBloom = name.includes("bloom");
      expect(Number(float)).toBeCloseTo(isBloom ? at + 0.25 : at * 1.1, 3);
      expect(Number(double)).toBeCloseTo(isBloom ? at + 0.5 : at * 1.1111111, 6);
    });
  });

  it.each([
    ["encrypt_columns_and_footer_disable_aad_storage.parquet.encrypted", "the file does not say its AAD prefix"],
    ["encrypt_columns_and_footer_ctr.parquet.encrypted", "encrypted in an unknown way"],
  ])("are refused where they say too little: %s", async (name, why) => {
    await expect(rowsOf(name, 16)).rejects.toThrow(why);
  });
});
