import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { utf8 } from "../../src/core/base/bytes.ts";
import { noteKey, parseVkey } from "../../src/core/ledger/note.ts";
import { QUORUM_NONE } from "../../src/core/ledger/quorum.ts";
import { verifyReceipt } from "../../src/core/ledger/verification.ts";
import { parseManifest } from "../../src/core/package/manifest.ts";
import { proofCrypto, sha256 } from "../../src/vault/node-crypto.ts";
import { ledgerVectors } from "./make-ledger-vectors.ts";

type Vectors = { readonly key: { readonly vkey: string }; readonly receipt: string; readonly manifest: string };
const file = join(import.meta.dirname, "ledger.json");
const published = JSON.parse(readFileSync(file, "utf8")) as Vectors;

test("the published vectors are what writ makes", () => {
  expect(ledgerVectors()).toEqual(published);
});

test("the published receipt and manifest verify", () => {
  const key = parseVkey(sha256, published.key.vkey);
  if (!key.ok) throw new Error("the vkey does not parse");
  expect(key.value).toEqual(noteKey(sha256, "hhs-cms/writ", key.value.publicKey));
  const { result } = verifyReceipt(utf8(published.receipt), "receipt.json", { key: key.value, quorum: QUORUM_NONE, crypto: proofCrypto });
  expect(result.ok && result.value.index).toBe(1);
  expect(parseManifest(sha256, utf8(published.manifest), "manifest.json").ok).toBe(true);
});
