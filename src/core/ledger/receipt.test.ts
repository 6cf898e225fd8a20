import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex, utf8, utf8Text } from "../base/bytes.ts";
import { bandOf } from "./band.ts";
import { checkpointText, verifyCheckpoint } from "./checkpoint.ts";
import type { Leaf, LeafOf } from "./leaf.ts";
import { encodeLeaf, parseLeaf } from "./leaf.ts";
import { inclusionProof, leafHash, subtreesOf, treeHead } from "./merkle.ts";
import { noteKey, noteText, parseNote, parseSkey, parseVkey, signedBy, skeyText, vkeyText } from "./note.ts";
import { QUORUM_NONE } from "./quorum.ts";
import { receiptText } from "./receipt.ts";
import type { Trust, Verification } from "./verification.ts";
import { firstBroken, verifyReceipt } from "./verification.ts";

const seed = new Uint8Array(32).fill(7);
const key = noteKey(sha256, "cms.example/writ", ed25519.getPublicKey(seed));
const crypto = { sha256, verifyEd25519: (pub: Uint8Array, message: Uint8Array, signature: Uint8Array) => verify(pub, message, signature) };
const trust: Trust = { key, quorum: QUORUM_NONE, crypto };

function verify(pub: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, pub);
  } catch {
    return false;
  }
}

const head = { type: "writ-leaf/1", id: "0".repeat(32), time: "2026-11-24T12:00:00Z", custodian: "hhs-cms" } as const;
const intent: LeafOf<"intent"> = {
  ...head,
  kind: "intent",
  simulated: true,
  recipient: "hhs-oig",
  purpose: "oversight",
  action: "disclose",
  dataset: "tmsis/eligible@2025-12",
  fields: ["eligibility"],
  sourceDigest: "a".repeat(64),
  lawHash: "b".repeat(64),
  releaseId: "1".repeat(32),
  recipientKeyId: "c".repeat(64),
  planDigest: "d".repeat(64),
  payloadDigest: "e".repeat(64),
  datasetDigests: ["f".repeat(64)],
  people: { CA: bandOf(7), NM: bandOf(300) },
};

function sign(text: string): string {
  return noteText({ text, signatures: [{ name: key.name, keyId: key.keyId, signature: ed25519.sign(utf8(text), seed) }] });
}

function receiptOf(index: number, size: number): Uint8Array {
  const entries: Leaf[] = Array.from({ length: size }, (_, at) => ({ ...intent, id: at.toString(16).padStart(32, "0") }));
  const subtree = subtreesOf(
    sha256,
    entries.map((leaf) => leafHash(sha256, encodeLeaf(leaf))),
  );
  const checkpoint = sign(checkpointText(key.name, treeHead(sha256, subtree, size)));
  const leaf = entries[index] ?? intent;
  return utf8(receiptText({ leaf, proof: { index, path: inclusionProof(sha256, subtree, index, size), checkpoint } }));
}

const states = ({ steps }: Verification): string => steps.map(({ step, state }) => `${step} ${state}`).join(", ");

test("a receipt holds in all five steps, and says what a log without witnesses is worth", () => {
  const verification = verifyReceipt(receiptOf(5, 11), "r.json", trust);
  expect(states(verification)).toBe("leaf holds, inclusion holds, checkpoint holds, quorum holds, law holds");
  expect(verification.steps[3]?.says).toBe("quorum none: custodian's word only");
});

test("no flipped bit anywhere in a receipt goes unnoticed", () => {
  const receipt = receiptOf(2, 3);
  fc.assert(
    fc.property(fc.nat({ max: receipt.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      const flipped = receipt.map((byte, other) => (other === at ? byte ^ (1 << bit) : byte));
      const verification = verifyReceipt(flipped, "r.json", trust);
      expect(verification.result.ok).toBe(false);
      expect(firstBroken(verification)).toBeDefined();
    }),
    { numRuns: 400 },
  );
});

test("the first broken step is named", () => {
  const text = utf8Text(receiptOf(2, 3));
  const after = (from: string, to: string): string => states(verifyReceipt(utf8(text.replace(from, to)), "r.json", trust));
  expect(after("hhs-oig", "dhs-ice")).toContain("leaf holds, inclusion broken, checkpoint holds, quorum unreached");
  expect(after("writ\\n3\\n", "writ\\n4\\n")).toContain("leaf holds, inclusion unreached, checkpoint broken");
  expect(after('"1-10"', '"7"')).toContain("leaf broken");
  expect(after("\n", " \n")).toContain("leaf broken");
  const other = { ...trust, key: noteKey(sha256, key.name, ed25519.getPublicKey(seed.map(() => 8))) };
  expect(states(verifyReceipt(receiptOf(2, 3), "r.json", other))).toContain("checkpoint broken");
});

test("keys have one spelling, and a key id must be the key's own", () => {
  expect(parseVkey(sha256, vkeyText(key))).toEqual({ ok: true, value: key });
  const skey = parseSkey(skeyText(key, seed));
  expect(skey.ok && skey.value).toEqual({ name: key.name, keyId: key.keyId, seed });
  for (const text of ["", "name", vkeyText(key).replace(key.keyId, "00000000"), `${vkeyText(key)} `, vkeyText(key).slice(0, -1)])
    expect(parseVkey(sha256, text).ok).toBe(false);
});

test("a note with one false signature of the key is refused even beside a true one; foreign signatures are ignored", () => {
  const parsed = parseNote(sign("log\n1\nx\n"));
  if (!parsed.ok) throw new Error("the note does not parse");
  const [signature] = parsed.value.signatures;
  if (signature === undefined) throw new Error("the note has no signature");
  const foreign = { name: "witness.example", keyId: "01020304", signature: fromHex("00".repeat(72)) ?? seed };
  expect(signedBy({ ...parsed.value, signatures: [foreign, signature] }, key, crypto.verifyEd25519)).toBe(true);
  const falsified = { ...signature, signature: signature.signature.map((byte, at) => (at === 3 ? byte ^ 1 : byte)) };
  expect(signedBy({ ...parsed.value, signatures: [signature, falsified] }, key, crypto.verifyEd25519)).toBe(false);
  expect(signedBy({ ...parsed.value, signatures: [foreign] }, key, crypto.verifyEd25519)).toBe(false);
});

test("a checkpoint of another log, with a spare line or a padded size, is refused", () => {
  const root = treeHead(sha256, subtreesOf(sha256, []), 0);
  const valid = checkpointText(key.name, root);
  expect(verifyCheckpoint(sign(valid), key, crypto).ok).toBe(true);
  for (const text of [
    checkpointText("other.example", root),
    `${valid}extension\n`,
    valid.replace("\n0\n", "\n00\n"),
    valid.replace("\n0\n", "\n-0\n"),
  ])
    expect(verifyCheckpoint(sign(text), key, crypto).ok).toBe(false);
});

test("a leaf says all that is wrong with it at once, without repeating values", () => {
  const wrong = { ...intent, releaseId: "no", people: { CA: 7 }, surname: "Doe" } as unknown as Leaf;
  const parsed = parseLeaf(encodeLeaf(wrong), "entry 4");
  expect(parsed.ok ? [] : parsed.problems.map(({ message }) => message)).toEqual([
    'intent leaf: "releaseId" must be 32 hex digits',
    'intent leaf: "people" must be a map from name to band of counts',
    'intent leaf: "surname" is not foreseen',
  ]);
});
