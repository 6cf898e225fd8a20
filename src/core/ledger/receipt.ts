import { base64, fromBase64, utf8, equalBytes } from "../base/bytes.ts";
import { canonicalJson, jsonOf } from "../base/canonical-json.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Leaf } from "./leaf.ts";
import { encodeLeaf, parseLeaf } from "./leaf.ts";
import { isFields } from "./leaf-rule.ts";
import { HASH_SIZE_BYTES } from "./merkle.ts";

/** C2SP tlog-proof: where an entry stands, the path to the root, and the checkpoint verbatim. */
export type TlogProof = { readonly index: number; readonly path: readonly Uint8Array[]; readonly checkpoint: string };

/** A leaf with its proof: all that is needed to verify it years later, offline. */
export type Receipt = { readonly leaf: Leaf; readonly proof: TlogProof };

const FIRST_LINE = "c2sp.org/tlog-proof@v1";
const PATH_LIMIT = 63;

export function tlogProofText({ index, path, checkpoint }: TlogProof): string {
  return [FIRST_LINE, `index ${index}`, ...path.map(base64), "", checkpoint].join("\n");
}

/** Reads a proof without trusting it. Refuses the `extra` line: nothing authenticates it. */
export function parseTlogProof(proof: string): Checked<TlogProof> {
  const refuse = (message: string): Checked<never> => fail(problem("E_PROOF", message));
  const end = proof.indexOf("\n\n");
  if (end < 0) return refuse("the proof holds no checkpoint");
  const [first, second = "", ...hashes] = proof.slice(0, end).split("\n");
  if (first !== FIRST_LINE) return refuse(`the proof does not begin with ${FIRST_LINE}`);
  const [, digits = ""] = /^index (0|[1-9]\d{0,15})$/.exec(second) ?? [];
  const index = Number(digits);
  if (digits === "" || !Number.isSafeInteger(index)) return refuse("the proof names no index");
  const path = hashes.flatMap((line) => hashOf(line) ?? []);
  if (path.length !== hashes.length || path.length > PATH_LIMIT) return refuse("the proof's path is not a list of SHA-256 hashes");
  return pass({ index, path, checkpoint: proof.slice(end + 2) });
}

/** The receipt file: canonical JSON `{leaf, tlogProof}` and a line end. */
export const receiptText = ({ leaf, proof }: Receipt): string => `${canonicalJson({ leaf, tlogProof: tlogProofText(proof) })}\n`;

/** Reads a receipt without trusting it. INVARIANT: one receipt has one spelling, so no byte of the file can change unnoticed. */
export function parseReceipt(bytes: Uint8Array, file: string): Checked<Receipt> {
  const refuse = (message: string): Checked<never> => fail(problem("E_PROOF", message, { at: { file } }));
  const found = jsonOf(bytes);
  if (found === undefined || !isFields(found)) return refuse("the file is not a receipt: no JSON object");
  const { leaf, tlogProof, ...more } = found;
  if (leaf === undefined || typeof tlogProof !== "string" || Object.keys(more).length > 0)
    return refuse("the file is not a receipt: it needs exactly leaf and tlogProof");
  const known = parseLeaf(utf8(canonicalJson(leaf)), file);
  if (!known.ok) return known;
  const proof = parseTlogProof(tlogProof);
  if (!proof.ok) return proof;
  const receipt = { leaf: known.value, proof: proof.value };
  return equalBytes(utf8(receiptText(receipt)), bytes) ? pass(receipt) : refuse("the receipt is not in its one canonical spelling");
}

/** The entry whose hash the path starts from. */
export const entryOf = ({ leaf }: Receipt): Uint8Array => encodeLeaf(leaf);

function hashOf(line: string): Uint8Array | undefined {
  const bytes = fromBase64(line);
  return bytes?.length === HASH_SIZE_BYTES ? bytes : undefined;
}
