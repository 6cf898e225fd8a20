import { dirname } from "node:path";
import type { Disk, DiskFile } from "../../src/store/disk.ts";

const fault = (code: string): Error => Object.assign(new Error(code), { code });

type Inode = { bytes: Uint8Array; durable: Uint8Array };

/**
 * A disk in memory that forgets on a crash whatever was not synced: bytes of files, and names in folders.
 * Before step `crashAt` (from 1) it stops, as do all steps after, like a machine without power.
 */
export class VolatileDisk implements Disk {
  #names = new Map<string, Inode | "folder">();
  #durable = new Map<string, Inode | "folder">();
  steps: number = 0;
  crashAt: number = Number.POSITIVE_INFINITY;
  /** Answers every further step of a kind with this error. */
  failing: { readonly step: string; readonly code: string } | undefined;

  constructor(root: string) {
    for (let path = root; !this.#names.has(path); path = dirname(path)) this.#names.set(path, "folder");
    this.#durable = new Map(this.#names);
  }

  /** A disk that holds, and has synced, what this one holds. */
  copy(): VolatileDisk {
    const other = new VolatileDisk("/");
    const cloned = [...this.#names].map(
      ([path, inode]) => [path, inode === "folder" ? inode : { bytes: inode.bytes, durable: inode.bytes }] as const,
    );
    other.#names = new Map(cloned);
    other.#durable = new Map(cloned);
    return other;
  }

  /** Power returns: only what was synced is there. */
  restart(): void {
    this.#names = new Map(this.#durable);
    for (const inode of this.#names.values()) if (inode !== "folder") inode.bytes = inode.durable;
    this.crashAt = Number.POSITIVE_INFINITY;
    this.failing = undefined;
  }

  /** A process was killed, the machine runs on: everything written is there. */
  revive(): void {
    this.crashAt = Number.POSITIVE_INFINITY;
    this.failing = undefined;
  }

  create(path: string, _mode: number): DiskFile {
    this.#step("create");
    if (this.#names.has(path)) throw fault("EEXIST");
    if (this.#names.get(dirname(path)) !== "folder") throw fault("ENOENT");
    const inode: Inode = { bytes: new Uint8Array(0), durable: new Uint8Array(0) };
    this.#names.set(path, inode);
    return this.#file(inode);
  }

  reopen(path: string): DiskFile {
    const inode = this.#names.get(path);
    if (inode === undefined || inode === "folder") throw fault("ENOENT");
    return this.#file(inode);
  }

  read(path: string): Uint8Array | undefined {
    const inode = this.#names.get(path);
    return inode === undefined || inode === "folder" ? undefined : inode.bytes;
  }

  list(folder: string): readonly string[] {
    return [...this.#names.keys()]
      .filter((path) => path !== folder && dirname(path) === folder)
      .map((path) => path.slice(folder.length + 1));
  }

  rename(from: string, to: string): void {
    this.#step("rename");
    for (const [path, inode] of this.#names) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#names.delete(path);
      this.#names.set(to + path.slice(from.length), inode);
    }
  }

  link(from: string, to: string): void {
    this.#step("link");
    const inode = this.#names.get(from);
    if (inode === undefined) throw fault("ENOENT");
    if (this.#names.has(to)) throw fault("EEXIST");
    this.#names.set(to, inode);
  }

  remove(path: string): void {
    this.#step("remove");
    for (const name of this.#names.keys()) if (name === path || name.startsWith(`${path}/`)) this.#names.delete(name);
  }

  makeFolder(path: string, _mode: number): boolean {
    this.#step("makeFolder");
    if (this.#names.has(path)) return false;
    if (!this.#names.has(dirname(path))) throw fault("ENOENT");
    this.#names.set(path, "folder");
    return true;
  }

  syncFolder(folder: string): void {
    this.#step("syncFolder");
    const inside = (path: string): boolean => path !== folder && dirname(path) === folder;
    for (const path of this.#durable.keys()) if (inside(path) && !this.#names.has(path)) this.#forget(path);
    for (const [path, inode] of this.#names) if (inside(path)) this.#durable.set(path, inode);
  }

  #forget(path: string): void {
    for (const name of this.#durable.keys()) if (name === path || name.startsWith(`${path}/`)) this.#durable.delete(name);
  }

  #file(inode: Inode): DiskFile {
    return {
      write: (bytes) => {
        // WHY: a kill or a full disk in the midst of a write leaves a part.
        const half = inode.bytes.length === 0 ? bytes.slice(0, bytes.length / 2) : inode.bytes;
        inode.bytes = half;
        this.#step("write");
        inode.bytes = bytes.slice();
      },
      sync: () => {
        this.#step("sync");
        inode.durable = inode.bytes;
      },
      close: () => {},
    };
  }

  #step(kind: string): void {
    this.steps += 1;
    if (this.steps >= this.crashAt) throw fault("CRASH");
    if (this.failing?.step === kind) throw fault(this.failing.code);
  }
}
