import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Disk, DiskFile } from "./disk.ts";
import { errorCode, realDisk } from "./disk.ts";

export type DurableOptions = { readonly mode?: number; readonly disk?: Disk };

/**
 * Writes a whole file so that after a crash there is either the old file or the new one, never a part.
 * INVARIANT: when it returns, bytes and name are on the medium; when it throws E_DURABILITY, the name holds what it held before.
 */
export function writeDurably(path: string, bytes: Uint8Array, options: DurableOptions = {}): void {
  const disk = options.disk ?? realDisk;
  durably(path, () => {
    const temporary = writeTemporary(path, bytes, options.mode ?? 0o644, disk);
    disk.rename(temporary, path);
    disk.syncFolder(dirname(path));
  });
}

/** Like `writeDurably`, but never over an existing file: answers false, and leaves it alone, when there is one. */
export function createDurably(path: string, bytes: Uint8Array, options: DurableOptions = {}): boolean {
  const disk = options.disk ?? realDisk;
  return durably(path, () => linkDurably(writeTemporary(path, bytes, options.mode ?? 0o644, disk), path, disk));
}

/** Puts a file that something else wrote, an engine for one, on the medium. Its name is made durable by what gives the name. */
export function syncDurably(path: string): void {
  durably(path, () => {
    const file = openSync(path, "r+");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  });
}

/**
 * Gives a written and synced file its final name; answers false when that name is taken.
 * The first name is removed either way.
 */
export function linkDurably(from: string, to: string, disk: Disk = realDisk): boolean {
  return durably(to, () => {
    const linked = linkUnlessTaken(from, to, disk);
    disk.remove(from);
    disk.syncFolder(dirname(to));
    return linked;
  });
}

/** Renames a file or folder whose contents are already on the medium. */
export function renameDurably(from: string, to: string, disk: Disk = realDisk): void {
  durably(to, () => {
    disk.rename(from, to);
    disk.syncFolder(dirname(to));
  });
}

/** Makes a folder and the missing ones above it, each name synced. */
export function makeFolderDurably(path: string, options: DurableOptions = {}): void {
  const disk = options.disk ?? realDisk;
  durably(path, () => makeFolders(path, options.mode ?? 0o755, disk));
}

/** Removes a file or folder; when it returns, no crash brings the name back. */
export function removeDurably(path: string, disk: Disk = realDisk): void {
  durably(path, () => {
    disk.remove(path);
    disk.syncFolder(dirname(path));
  });
}

/** A name beside `path` that no other process uses, and that `sweepTemporary` recognises. */
export const temporaryName = (path: string): string => join(dirname(path), `.${basename(path)}.tmp-${randomBytes(6).toString("hex")}`);

/** Removes what interrupted writes left in a folder. Only for whoever holds the folder's lock. */
export function sweepTemporary(folder: string, disk: Disk = realDisk): void {
  for (const name of disk.list(folder)) if (/^\..+\.tmp-[0-9a-f]{12}$/.test(name)) disk.remove(join(folder, name));
}

/** Runs `step`; any failure of the medium becomes E_DURABILITY, naming the file and the system's error. */
export function durably<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const hint = "check the medium's space and health; nothing was signed or released";
    throw new ProblemError(problem("E_DURABILITY", `cannot make ${basename(path)} durable: ${errorCode(error)}`, { hint }));
  }
}

function writeTemporary(path: string, bytes: Uint8Array, mode: number, disk: Disk): string {
  const temporary = temporaryName(path);
  const file = disk.create(temporary, mode);
  try {
    fill(file, bytes);
  } catch (error) {
    discard(temporary, disk);
    throw error;
  }
  return temporary;
}

function fill(file: DiskFile, bytes: Uint8Array): void {
  try {
    file.write(bytes);
    file.sync();
  } finally {
    file.close();
  }
}

function discard(path: string, disk: Disk): void {
  try {
    disk.remove(path);
  } catch {
    // WHY: the write's own failure is the one to report; the sweep at the next start removes the rest.
  }
}

function linkUnlessTaken(from: string, to: string, disk: Disk): boolean {
  try {
    disk.link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  }
}

function makeFolders(path: string, mode: number, disk: Disk): void {
  try {
    if (disk.makeFolder(path, mode)) disk.syncFolder(dirname(path));
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    makeFolders(dirname(path), mode, disk);
    if (disk.makeFolder(path, mode)) disk.syncFolder(dirname(path));
  }
}
