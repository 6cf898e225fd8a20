import { hex, utf8Text, utf8 } from "../../src/core/base/bytes.ts";
import { base64 } from "../../src/core/base/bytes.ts";
import { bandOf } from "../../src/core/ledger/band.ts";
import { checkpointText } from "../../src/core/ledger/checkpoint.ts";
import type { Leaf } from "../../src/core/ledger/leaf.ts";
import { encodeLeaf, recipientKeyIdOf } from "../../src/core/ledger/leaf.ts";
import { consistencyProof, inclusionProof, leafHash, subtreesOf, treeHead } from "../../src/core/ledger/merkle.ts";
import { noteKey, noteText, skeyText, vkeyText } from "../../src/core/ledger/note.ts";
import { receiptText } from "../../src/core/ledger/receipt.ts";
import { encodeBundle } from "../../src/core/ledger/tile.ts";
import { encodeManifest, payloadDigestOf } from "../../src/core/package/manifest.ts";
import { ed25519Pair, sha256 } from "../../src/vault/node-crypto.ts";

const SEED = new Uint8Array(32).fill(7);
const RECIPIENT = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
const [RELEASE, PLAN, LAW, SOURCE, DATA] = ["1".repeat(32), "d".repeat(64), "b".repeat(64), "a".repeat(64), "f".repeat(64)] as const;

/** Everything docs/formats/{ledger,leaf,receipt,package}.md gives as test vectors, made from a fixed seed and fixed leaves. */
export function ledgerVectors(): Record<string, unknown> {
  const pair = ed25519Pair(SEED);
  const key = noteKey(sha256, "hhs-cms/writ", pair.publicKey);
  const files = [
    { name: "ELIGIBLE.parquet.age", sizeBytes: 70_312, sha256: "2".repeat(64) },
    { name: "ADDRESS.parquet.age", sizeBytes: 9_411, sha256: "3".repeat(64) },
  ];
  const payloadDigest = payloadDigestOf(sha256, files);
  const recipientKeyId = recipientKeyIdOf(sha256, RECIPIENT);
  const head = { type: "writ-leaf/1", time: "2026-11-24T12:00:00Z", simulated: true, custodian: "hhs-cms" } as const;
  const leaves: readonly Leaf[] = [
    { ...head, id: "01".repeat(16), kind: "workspace", vkey: vkeyText(key), quorum: "none" },
    {
      ...head,
      id: "02".repeat(16),
      kind: "intent",
      releaseId: RELEASE,
      recipient: "hhs-oig",
      recipientKeyId,
      purpose: "oversight",
      action: "disclose",
      dataset: "tmsis/eligible@2025-12",
      datasetDigests: [DATA],
      fields: ["address", "eligibility"],
      people: { CA: bandOf(7), NM: bandOf(311) },
      planDigest: PLAN,
      lawHash: LAW,
      sourceDigest: SOURCE,
      payloadDigest,
    },
    { ...head, id: "03".repeat(16), kind: "released", releaseId: RELEASE, intentIndex: 1 },
  ];
  const entries = leaves.map(encodeLeaf);
  const hashes = entries.map((entry) => leafHash(sha256, entry));
  const subtree = subtreesOf(sha256, hashes);
  const text = checkpointText(key.name, treeHead(sha256, subtree, 3));
  const checkpoint = noteText({ text, signatures: [{ name: key.name, keyId: key.keyId, signature: pair.sign(utf8(text)) }] });
  const manifest = {
    format: "writ-package/1",
    releaseId: RELEASE,
    custodian: "hhs-cms",
    planDigest: PLAN,
    recipient: "hhs-oig",
    recipientKeyId,
    packageRecipient: RECIPIENT,
    terms: ["no further disclosure without the custodian's consent"],
    files,
    payloadDigest,
  } as const;
  return {
    key: { seed: hex(SEED), vkey: vkeyText(key), skey: skeyText(key, SEED) },
    recipient: { recipientKey: RECIPIENT, recipientKeyId },
    leaves: entries.map(utf8Text),
    leafHashes: hashes.map(hex),
    roots: [1, 2, 3].map((size) => hex(treeHead(sha256, subtree, size).root)),
    consistencyProof: { from: 2, to: 3, hashes: consistencyProof(sha256, subtree, 2, 3).map(base64) },
    bundle: { path: "tile/entries/000.p/3", sha256: hex(sha256(encodeBundle(entries))) },
    checkpoint,
    receipt: receiptText({ leaf: leaves[1] as Leaf, proof: { index: 1, path: inclusionProof(sha256, subtree, 1, 3), checkpoint } }),
    manifest: utf8Text(encodeManifest(manifest)),
  };
}
