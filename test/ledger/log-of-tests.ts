import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { join } from "node:path";
import type { Ledger, LogSigner } from "../../src/app/ports/ledger.ts";
import { concat, fromHex } from "../../src/core/base/bytes.ts";
import type { LeafOf } from "../../src/core/ledger/leaf.ts";
import type { NoteKey, ProofCrypto } from "../../src/core/ledger/note.ts";
import { noteKey, vkeyText } from "../../src/core/ledger/note.ts";
import type { Disk } from "../../src/store/disk.ts";
import { ledgerFolder } from "../../src/store/ledger-folder.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());
const der = (prefix: string, bytes: Uint8Array): Buffer => Buffer.from(concat(fromHex(prefix) ?? bytes, bytes));
const privateKey = createPrivateKey({
  key: der("302e020100300506032b657004220420", new Uint8Array(32).fill(9)),
  format: "der",
  type: "pkcs8",
});
const publicKey = new Uint8Array(createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32));

export const crypto: ProofCrypto = {
  sha256,
  verifyEd25519: (key, message, signature) =>
    verify(null, message, createPublicKey({ key: der("302a300506032b6570032100", key), format: "der", type: "spki" }), signature),
};
export const key: NoteKey = noteKey(sha256, "cms.example/writ", publicKey);
export const signer: LogSigner = { key, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };

export const openLog = (root: string, disk?: Disk, waitMs = 20_000): Ledger =>
  ledgerFolder(
    { folder: join(root, "ledger"), stateFolder: join(root, "private") },
    signer,
    disk === undefined ? { crypto, waitMs } : { crypto, waitMs, disk },
  );

const head = { type: "writ-leaf/1", time: "2026-11-24T12:00:00Z", custodian: "hhs-cms" } as const;
const idOf = (number: number): string => number.toString(16).padStart(32, "0");

export const first: LeafOf<"workspace"> = { ...head, kind: "workspace", id: idOf(0), vkey: vkeyText(key), quorum: "none" };
export const refusal = (number: number): LeafOf<"key-refused"> => ({
  ...head,
  kind: "key-refused",
  id: idOf(number),
  releaseId: idOf(number),
  reason: "E_PROOF",
});
export const released = (number: number, intentIndex: number): LeafOf<"released"> => ({
  ...head,
  kind: "released",
  id: idOf(number + 1_000_000),
  releaseId: idOf(number),
  intentIndex,
});
