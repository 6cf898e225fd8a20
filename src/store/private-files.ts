import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import type { PrivateFiles } from "../app/ports/private-files.ts";
import type { Disk } from "./disk.ts";
import { realDisk } from "./disk.ts";
import { createDurably, durably, makeFolderDurably, removeDurably } from "./durable-file.ts";

/** Keys on this machine's disk. */
export const privateFiles = (disk: Disk = realDisk): PrivateFiles => ({
  read: (path) => disk.read(path),
  create: (path, bytes) => {
    makeFolderDurably(dirname(path), { mode: 0o700, disk });
    return createDurably(path, bytes, { mode: 0o600, disk });
  },
  list: (folder) => disk.list(folder),
  destroy: (path) => {
    const bytes = disk.read(path);
    if (bytes === undefined) return false;
    durably(path, () => overwrite(path, bytes.length, disk));
    removeDurably(path, disk);
    return true;
  },
});

function overwrite(path: string, sizeBytes: number, disk: Disk): void {
  const file = disk.reopen(path);
  try {
    file.write(randomBytes(sizeBytes));
    file.sync();
  } finally {
    file.close();
  }
}
