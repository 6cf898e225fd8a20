import { join } from "node:path";
import type { LawArchive } from "../app/ports/law-archive.ts";
import type { Sha256 } from "../core/base/bytes.ts";
import { hex } from "../core/base/bytes.ts";
import type { Disk } from "./disk.ts";
import { realDisk } from "./disk.ts";
import { makeFolderDurably, writeDurably } from "./durable-file.ts";

/** Law in a folder of a ledger, one file an object, named by its digest. */
export function lawArchive(folder: string, sha256: Sha256, disk: Disk = realDisk): LawArchive {
  const read = (digest: string): Uint8Array | undefined => {
    const bytes = /^[0-9a-f]{64}$/.test(digest) ? disk.read(join(folder, digest)) : undefined;
    return bytes !== undefined && hex(sha256(bytes)) === digest ? bytes : undefined;
  };
  return {
    read,
    keep(bytes) {
      const digest = hex(sha256(bytes));
      if (read(digest) !== undefined) return digest;
      makeFolderDurably(folder, { disk });
      writeDurably(join(folder, digest), bytes, { disk });
      return digest;
    },
  };
}
