import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";

/** A file being written: bytes are on the medium only after `sync`. */
export interface DiskFile {
  write(bytes: Uint8Array): void;
  sync(): void;
  close(): void;
}

/** Every step a durable write takes, one method each, so that a test can fail or kill at any of them. */
export interface Disk {
  /** Creates a file that must not exist yet. */
  create(path: string, mode: number): DiskFile;
  /** Opens a file that exists, to overwrite it in place. */
  reopen(path: string): DiskFile;
  /** The whole file, or undefined when there is none. */
  read(path: string): Uint8Array | undefined;
  /** The names in a folder; none when there is no folder. */
  list(folder: string): readonly string[];
  rename(from: string, to: string): void;
  /** A second name for a file; throws EEXIST when the name is taken. */
  link(from: string, to: string): void;
  /** Removes a file, or a folder with all in it; no error when there is none. */
  remove(path: string): void;
  /** Makes one folder; true when it was not there before. */
  makeFolder(path: string, mode: number): boolean;
  syncFolder(path: string): void;
}

/** The machine's own file system. */
export const realDisk: Disk = {
  create: (path, mode) => diskFile(openSync(path, "wx", mode)),
  reopen: (path) => diskFile(openSync(path, "r+")),
  read: (path) => absentAs(undefined, () => new Uint8Array(readFileSync(path))),
  list: (folder) => absentAs([], () => readdirSync(folder)),
  rename: renameSync,
  link: linkSync,
  remove: (path) => rmSync(path, { recursive: true, force: true }),
  makeFolder: (path, mode) => {
    try {
      mkdirSync(path, { mode });
      return true;
    } catch (error) {
      if (errorCode(error) === "EEXIST") return false;
      throw error;
    }
  },
  syncFolder: (path) => {
    const handle = openSync(path, "r");
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  },
};

/** The system's name for an error, such as ENOSPC. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown error";

function diskFile(handle: number): DiskFile {
  return {
    write: (bytes) => {
      for (let offset = 0; offset < bytes.length;) offset += writeSync(handle, bytes, offset);
    },
    sync: () => fsyncSync(handle),
    close: () => closeSync(handle),
  };
}

function absentAs<T>(absent: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return absent;
    throw error;
  }
}
