import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SidecarStore, StoredSidecar } from "../app/ports/sidecar-store.ts";
import type { Checked } from "../core/base/checked.ts";
import { all, fail, pass } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";
import { fileDigest } from "./file-digest.ts";
import { parseSidecarManifest } from "../core/sidecar/sidecar-manifest.ts";

/** An aid-code map as it came, beside its manifest; it names nobody. */
const SIDECAR_SOURCE = "source.csv";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Sidecars below `private/evidence`: folders named by their manifest's digest. Documents, which are files, are not theirs. */
export const sidecarStore = (evidenceFolder: string): SidecarStore => ({
  list: () => {
    if (!existsSync(evidenceFolder)) return pass([]);
    const folders = readdirSync(evidenceFolder, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && /^[0-9a-f]{64}$/.test(entry.name),
    );
    return all(folders.map(({ name }) => readStored(join(evidenceFolder, name), name)));
  },
  readSource: (stored) => {
    const file = join(stored.folder, SIDECAR_SOURCE);
    const bytes = existsSync(file) ? readFileSync(file) : new Uint8Array(0);
    return sha256(bytes) === stored.manifest.sourceSha256 ? pass(Buffer.from(bytes).toString("utf8")) : damaged(file);
  },
  verifyTable: async (stored) => {
    const file = join(stored.folder, stored.manifest.format === "writ-status/2" ? "status.parquet" : "handles.parquet");
    return existsSync(file) && (await fileDigest(file)) === stored.manifest.sha256 ? pass(file) : damaged(file);
  },
});

function readStored(folder: string, digest: string): Checked<StoredSidecar> {
  const file = join(folder, "manifest.json");
  if (!existsSync(file)) return damaged(file);
  const bytes = readFileSync(file);
  if (sha256(bytes) !== digest) return damaged(file);
  const manifest = parseSidecarManifest(file, bytes);
  return manifest.ok ? pass({ digest, folder, manifest: manifest.value }) : manifest;
}

const damaged = (file: string): Checked<never> =>
  fail(problem("E_EVIDENCE", "a stored sidecar was altered or lost", { at: { file }, hint: "move its folder away and take it in again" }));
