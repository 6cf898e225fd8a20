import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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

function verdict(vector: Vector): boolean {
  const proof = (vector.proof ?? []).map(bytesOf);
  if (vector.file.includes("consistency")) {
    const older = { size: vector.size1 ?? 0, root: bytesOf(vector.root1) };
    return provesConsistency(sha256, older, { size: vector.size2 ?? 0, root: bytesOf(vector.root2) }, proof);
  }
  const head = { size: vector.treeSize ?? 0, root: bytesOf(vector.root) };
  return provesInclusion(sha256, head, vector.leafIdx ?? 0, bytesOf(vector.leafHash), proof);
}

const facts = process.env["WRIT_FACTS"] ?? join(import.meta.dirname, "..", "..", "..", "shared", "facts");
const file = join(facts, "merkle-vectors", "merkle-vectors.json");

test.skipIf(!existsSync(file))(
  "third-party proof vectors are decided as their authors decide them, but for one whose roots are no hashes",
  () => {
    const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { readonly vectors: readonly Vector[] };
    expect(vectors).toHaveLength(196);
    const otherwise = vectors.filter((vector) => verdict(vector) === vector.wantErr);
    expect(otherwise.map((vector) => vector.file)).toEqual(["testdata/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"]);
  },
);
