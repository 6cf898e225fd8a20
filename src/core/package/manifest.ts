import type { Sha256 } from "../base/bytes.ts";
import { equalBytes, hex, utf8 } from "../base/bytes.ts";
import { canonicalJson, jsonOf } from "../base/canonical-json.ts";
import type { Checked } from "../base/checked.ts";
import { fail, passIf } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Rule, Shape } from "../ledger/leaf-rule.ts";
import { choice, count, digest, id, isFields, list, misfits, recipientKey, text } from "../ledger/leaf-rule.ts";

/** One sealed file of a package: its ciphertext's size and SHA-256. */
export type SealedFile = { readonly name: string; readonly sizeBytes: number; readonly sha256: string };

/** What lies beside the sealed files, in the clear. Holds no key and no personal data. */
export type PackageManifest = {
  readonly format: "writ-package/1";
  readonly releaseId: string;
  readonly custodian: string;
  readonly planDigest: string;
  readonly recipient: string;
  readonly recipientKeyId: string;
  /** The public half of the package's own key: what the files are sealed under. */
  readonly packageRecipient: string;
  /** What the recipient is bound to, a sentence each, with citations. */
  readonly terms: readonly string[];
  readonly files: readonly SealedFile[];
  readonly payloadDigest: string;
};

export const MANIFEST_FILE = "manifest.json";
export const RECEIPT_FILE = "receipt.json";
export const SEALED_SUFFIX = ".age";

/** What the ledger commits to: the SHA-256 of the canonical JSON of the sealed files, sorted by name. */
export function payloadDigestOf(sha256: Sha256, files: readonly SealedFile[]): string {
  const listed = files.map(({ name, sizeBytes, sha256: hash }) => ({ name, sizeBytes, sha256: hash }));
  return hex(sha256(utf8(canonicalJson(listed.sort((a, b) => (a.name < b.name ? -1 : 1))))));
}

export const encodeManifest = (manifest: PackageManifest): Uint8Array => utf8(`${canonicalJson(manifest)}\n`);

/** Reads a manifest strictly: its one canonical spelling, names that stay in the folder, its own payload digest. */
export function parseManifest(sha256: Sha256, bytes: Uint8Array, file: string): Checked<PackageManifest> {
  const refuse = (message: string): Checked<never> => fail(problem("E_TAMPERED", message, { at: { file } }));
  const value = jsonOf(bytes);
  if (value === undefined || !isFields(value)) return refuse("the manifest is not a JSON object");
  const wrong = misfits(value, MANIFEST);
  if (wrong.length > 0) return fail(...wrong.map((what) => problem("E_TAMPERED", `manifest: ${what}`, { at: { file } })));
  const manifest = value as unknown as PackageManifest;
  const names = manifest.files.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size < names.length) return refuse("the manifest lists no files, or one twice");
  if (!equalBytes(encodeManifest(manifest), bytes)) return refuse("the manifest is not in its one canonical spelling");
  const fits = payloadDigestOf(sha256, manifest.files) === manifest.payloadDigest;
  return passIf(
    fits ? [] : [problem("E_TAMPERED", "the manifest's payload digest is not that of its files", { at: { file } })],
    () => manifest,
  );
}

const sealedFile: Rule = {
  holds: (value) => isFields(value) && misfits(value, SEALED_FILE).length === 0,
  says: "a sealed file: name, sizeBytes, sha256",
};

/** WHY: a name becomes a path; it may neither climb nor hide. */
const sealedName: Rule = {
  holds: (value) => typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.age$/.test(value),
  says: "a file name that ends in .age",
};

const SEALED_FILE: Shape<SealedFile> = { name: sealedName, sizeBytes: count, sha256: digest };

const MANIFEST: Shape<PackageManifest> = {
  format: choice("writ-package/1"),
  releaseId: id,
  custodian: text,
  planDigest: digest,
  recipient: text,
  recipientKeyId: digest,
  packageRecipient: recipientKey,
  terms: list(text),
  files: list(sealedFile),
  payloadDigest: digest,
};
