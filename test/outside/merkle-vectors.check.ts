// Checks the proof verifier against third-party vectors that lie beside the checkout. They are not part of the project:
// where they are missing this says so and passes. Run: npx tsx test/outside/merkle-vectors.check.ts
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromBase64 } from "../../src/core/base/bytes.ts";
import { provesConsistency, provesInclusion } from "../../src/core/ledger/merkle.ts";

type Vector = {
  readonly file: string;
  readonly leafIdx?: number;
  readonly treeSize?: number;
  readonly leafHash?: string;
  readonly root?: string;
  readonly size1?: number;
  readonly size2?: number;
  readonly root1?: string;
  readonly root2?: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
};

const sha256 = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();
const bytesOf = (text: string | undefined): Uint8Array => fromBase64(text ?? "") ?? new Uint8Array(0);

/** Vectors whose expected answer rests on roots that are no hashes: a strict verifier decides them otherwise. */
const EXPECTED_OTHERWISE = 1;

function verdict(vector: Vector): boolean {
  const proof = (vector.proof ?? []).map(bytesOf);
  if (vector.file.includes("consistency")) {
    const older = { size: vector.size1 ?? 0, root: bytesOf(vector.root1) };
    return provesConsistency(sha256, older, { size: vector.size2 ?? 0, root: bytesOf(vector.root2) }, proof);
  }
  const head = { size: vector.treeSize ?? 0, root: bytesOf(vector.root) };
  return provesInclusion(sha256, head, vector.leafIdx ?? 0, bytesOf(vector.leafHash), proof);
}

const file = join(import.meta.dirname, "..", "..", "..", "shared", "facts", "merkle-vectors", "merkle-vectors.json");
if (existsSync(file)) {
  const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: readonly Vector[] };
  const otherwise = vectors.filter((vector) => verdict(vector) === vector.wantErr);
  process.stdout.write(`merkle vectors: ${vectors.length - otherwise.length} of ${vectors.length} decided alike\n`);
  for (const { file: name } of otherwise) process.stdout.write(`decided otherwise: ${name}\n`);
  process.exitCode = otherwise.length > EXPECTED_OTHERWISE ? 22 : 0;
} else {
  process.stdout.write("merkle vectors: not here, not checked\n");
}
