import { createHash } from "node:crypto";
import { problem, ProblemError } from "../core/base/problem.ts";
import { recipientKeyIdOf } from "../core/ledger/leaf.ts";
import type { ProofCrypto } from "../core/ledger/note.ts";
import type { SealedFile } from "../core/package/manifest.ts";
import { SEALED_SUFFIX } from "../core/package/manifest.ts";
import type { KeyHolder } from "./ports/key-holder.ts";
import type { FoundPackage, OutputFolder, PackageStore } from "./ports/package-store.ts";
import type { Unsealer } from "./ports/unsealer.ts";

export type OpenPorts = {
  readonly packages: PackageStore;
  readonly keyHolder: KeyHolder;
  readonly unsealer: Unsealer;
  readonly crypto: ProofCrypto;
};

export type OpenInput = {
  readonly packageFolder: string;
  readonly receipt: Uint8Array;
  readonly identity: string;
  readonly outputFolder: string;
};

export type Opened = { readonly releaseId: string; readonly openedIndex: number; readonly files: readonly string[] };

/**
 * Opens a package for its recipient: every sealed file is hashed first, then the key-holder is asked, then the files are
 * decrypted under a hidden name. INVARIANT: on any failure nothing is left, and before the key is free nothing is decrypted.
 */
export async function openPackage(input: OpenInput, ports: OpenPorts): Promise<Opened> {
  const found = ports.packages.find(input.packageFolder);
  const { manifest } = found;
  await checkRecipient(input.identity, manifest.recipientKeyId, ports);
  for (const file of manifest.files) await checkSealedFile(found, file, ports.packages);
  const output = ports.packages.output(input.outputFolder);
  try {
    const { releaseId, payloadDigest } = manifest;
    const freed = await ports.keyHolder.free({ releaseId, payloadDigest, receipt: input.receipt });
    const identity = await ports.unsealer.unsealIdentity(freed.sealedIdentity, input.identity);
    const files = await decryptAll(found, identity, output, ports);
    output.commit();
    return { releaseId, openedIndex: freed.openedIndex, files };
  } catch (error) {
    output.discard();
    throw error;
  }
}

/** WHY: asked before the key-holder, so that no opening is logged that could not succeed. */
async function checkRecipient(identity: string, recipientKeyId: string, { unsealer, crypto }: OpenPorts): Promise<void> {
  const keyId = recipientKeyIdOf(crypto.sha256, await unsealer.recipientOf(identity));
  if (keyId === recipientKeyId) return;
  const hint = "only the recipient the release names can open it";
  throw new ProblemError(problem("E_KEY", "the identity is not the recipient's of this package", { hint }));
}

async function checkSealedFile(found: FoundPackage, file: SealedFile, packages: PackageStore): Promise<void> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  for await (const chunk of readable(packages.chunks(found, file.name), file.name)) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  if (sizeBytes === file.sizeBytes && hash.digest("hex") === file.sha256) return;
  const hint = "get the package again from the custodian; nothing was opened and the key was not asked for";
  throw new ProblemError(problem("E_TAMPERED", "the sealed file is not the one the manifest names", { at: { file: file.name }, hint }));
}

async function* readable(chunks: AsyncIterable<Uint8Array>, file: string): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch {
    throw new ProblemError(problem("E_TAMPERED", "a sealed file of the package cannot be read", { at: { file } }));
  }
}

async function decryptAll(found: FoundPackage, identity: string, output: OutputFolder, ports: OpenPorts): Promise<readonly string[]> {
  const names: string[] = [];
  for (const { name, sha256 } of found.manifest.files) {
    const plainName = name.slice(0, -SEALED_SUFFIX.length);
    await output.write(plainName, ports.unsealer.open(hashed(ports.packages.chunks(found, name), name, sha256), identity));
    names.push(plainName);
  }
  return names;
}

/** WHY hashed again: between the first look and this one the file may have been exchanged. */
async function* hashed(chunks: AsyncIterable<Uint8Array>, file: string, expected: string): AsyncIterable<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== expected)
    throw new ProblemError(problem("E_TAMPERED", "the sealed file changed while it was opened", { at: { file } }));
}
