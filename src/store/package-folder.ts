import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { FoundPackage, OutputFolder, PackageStage, PackageStore } from "../app/ports/package-store.ts";
import type { Sha256 } from "../core/base/bytes.ts";
import { utf8, utf8Text } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { PackageManifest } from "../core/package/manifest.ts";
import { encodeManifest, MANIFEST_FILE, parseManifest, RECEIPT_FILE } from "../core/package/manifest.ts";
import type { Disk } from "./disk.ts";
import { realDisk } from "./disk.ts";
import { makeFolderDurably, removeDurably, renameDurably, temporaryName, writeDurably } from "./durable-file.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import { mayRun, thisProcess } from "./process-identity.ts";

/**
 * Packages below `folder`, one folder each, named by release id. A package being made is `.ID.staging` and names its maker,
 * so that one whose maker is gone is known to be abandoned.
 */
export function packageFolder(folder: string, sha256: Sha256, disk: Disk = realDisk): PackageStore {
  const stagingOf = (releaseId: string): string => join(folder, `.${releaseId}.staging`);
  const stageAt = (releaseId: string): PackageStage => stage(stagingOf(releaseId), join(folder, releaseId), disk);
  return {
    stage: (releaseId) => {
      makeFolderDurably(folder, { mode: 0o700, disk });
      if (disk.read(join(folder, releaseId, MANIFEST_FILE)) !== undefined)
        throw new ProblemError(problem("E_DUPLICATE", "this release has a package already"));
      beginStaging(stagingOf(releaseId), disk);
      return stageAt(releaseId);
    },
    abandoned: () =>
      disk.list(folder).flatMap((name) => {
        const [, releaseId = ""] = /^\.([0-9a-f]{32})\.staging$/.exec(name) ?? [];
        if (releaseId === "" || isBeingMade(join(folder, name), disk)) return [];
        const bytes = disk.read(join(folder, name, MANIFEST_FILE));
        const manifest = bytes === undefined ? undefined : parseManifest(sha256, bytes, join(folder, name, MANIFEST_FILE));
        return [{ ...stageAt(releaseId), releaseId, ...(manifest?.ok === true ? { manifest: manifest.value } : {}) }];
      }),
    // WHY staged first: a package only ever moves from there to its name, so this order misses none.
    stateOf: (releaseId) => (existsSync(stagingOf(releaseId)) ? "staged" : existsSync(join(folder, releaseId)) ? "published" : "absent"),
    find: (at) => find(at, sha256, disk),
    chunks: (found, name) => createReadStream(join(found.folder, name), { highWaterMark: 1 << 20 }) as AsyncIterable<Uint8Array>,
    output: (at) => output(resolve(at), disk),
  };
}

const MAKER = "maker.json";

function stage(staging: string, final: string, disk: Disk): PackageStage {
  return {
    folder: staging,
    close: (manifest: PackageManifest) => writeDurably(join(staging, MANIFEST_FILE), encodeManifest(manifest), { mode: 0o600, disk }),
    publish: (receipt) => {
      writeDurably(join(staging, RECEIPT_FILE), receipt, { mode: 0o600, disk });
      renameDurably(staging, final, disk);
      removeDurably(join(final, MAKER), disk);
      return final;
    },
    discard: () => removeDurably(staging, disk),
  };
}

/** WHY: made elsewhere and renamed, so that no one ever sees it without its maker's name and takes it for abandoned. */
function beginStaging(staging: string, disk: Disk): void {
  const hidden = temporaryName(staging);
  makeFolderDurably(hidden, { mode: 0o700, disk });
  writeDurably(join(hidden, MAKER), utf8(JSON.stringify(thisProcess())), { mode: 0o600, disk });
  try {
    disk.rename(hidden, staging);
  } catch {
    disk.remove(hidden);
    const hint = "if no writ runs, the next release ends what was left";
    throw new ProblemError(problem("E_BUSY", "this release is being made, or was left unfinished", { hint }));
  }
  disk.syncFolder(dirname(staging));
}

function isBeingMade(staging: string, disk: Disk): boolean {
  const bytes = disk.read(join(staging, MAKER));
  if (bytes === undefined) return false;
  try {
    return mayRun(JSON.parse(utf8Text(bytes)) as ProcessIdentity);
  } catch {
    return false;
  }
}

function find(folder: string, sha256: Sha256, disk: Disk): FoundPackage {
  const file = join(folder, MANIFEST_FILE);
  const bytes = existsSync(folder) ? disk.read(file) : undefined;
  if (bytes === undefined)
    throw new ProblemError(
      problem("E_IO", "there is no package here", { at: { file: folder }, hint: "name the folder that holds manifest.json" }),
    );
  const manifest = parseManifest(sha256, bytes, file);
  if (!manifest.ok) throw new ProblemError(...manifest.problems);
  return { folder, manifest: manifest.value };
}

function output(folder: string, disk: Disk): OutputFolder {
  if (existsSync(folder))
    throw new ProblemError(
      problem("E_IO", "the output folder exists already", { at: { file: folder }, hint: "name a folder that does not exist yet" }),
    );
  const hidden = temporaryName(folder);
  makeFolderDurably(dirname(folder), { disk });
  makeFolderDurably(hidden, { mode: 0o700, disk });
  return {
    write: async (name, chunks) => {
      // `flush` syncs the file before it is closed.
      await pipeline(Readable.from(chunks), createWriteStream(join(hidden, name), { flags: "wx", mode: 0o600, flush: true }));
    },
    commit: () => {
      disk.syncFolder(hidden);
      renameDurably(hidden, folder, disk);
    },
    discard: () => disk.remove(hidden),
  };
}
