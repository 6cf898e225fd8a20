import type { Checked } from "../../core/base/checked.ts";
import type { ColumnChunk } from "../../core/parquet/column-chunk.ts";
import type { AddedColumn } from "../../core/parquet/encrypt.ts";
import type { TableColumn } from "../../core/parquet/table-writer.ts";

/** The key of one stored dataset or sidecar. The id is no secret; the 32 bytes never leave the process. */
export type DataKey = { readonly id: string; readonly secret: Uint8Array };

/** An encrypted Parquet file: under which key, as what within its dataset, and where. */
export type StoredFile = { readonly key: DataKey; readonly name: string; readonly path: string };

export type WrittenFile = { readonly sizeBytes: number; readonly sha256: string };

/** One key for each stored dataset and sidecar; destroying it shreds what it encrypts. */
export interface DataKeys {
  /** A fresh key, which is nowhere but in memory until it is kept. */
  draw(): DataKey;
  /** Makes a key durable. INVARIANT: before what it encrypts gets its name. */
  keep(key: DataKey): void;
  /** E_KEY when there is none or it is damaged, E_SHREDDED when it was shredded. */
  find(id: string): Checked<DataKey>;
  /** Takes back a key that encrypts nothing. */
  forget(id: string): void;
  /** Destroys a key for good and leaves a mark in its place; false when the mark is there already. The caller has logged it. */
  shred(id: string): boolean;
}

/** A named pipe between an engine and this process; `done` settles when all has gone through. */
export type Pipe<T> = {
  readonly path: string;
  readonly done: Promise<T>;
  /** Whether it failed by itself, while the other end was still at work. */
  readonly broken: boolean;
  /** Lets go of the pipe, so that nobody waits on it; harmless once done. */
  abort(): void;
};

/** The pipes plaintext goes through between an engine and the files, in a folder that only this user can open. */
export interface PlainPipes {
  readonly folder: string;
  /** Takes a plain Parquet file out of a pipe and writes it encrypted and durable, but for its folder. */
  encrypted(file: StoredFile): Promise<Pipe<WrittenFile>>;
  close(): Promise<void>;
}

/** An encrypted Parquet file on its way. E_IO when the disk is full. */
export interface TableFile {
  /** Writes the columns of one row group. */
  group(rows: number, chunks: Iterable<ColumnChunk>): void;
  /** Ends the file and puts it on the medium, but for its folder. */
  finish(): WrittenTable;
  /** Lets go of an unfinished file; harmless once finished. */
  discard(): void;
}

export type WrittenTable = WrittenFile & { readonly rows: number };

/** What keeps stored data unreadable to whoever has only the disk. */
export interface DataVault {
  readonly keys: DataKeys;
  openPipes(): Promise<PlainPipes>;
  openTable(file: StoredFile, columns: readonly TableColumn[]): TableFile;
  /** Writes a stored file as another, with one more column, and removes it. E_IO when the disk is full. */
  widenTable(from: StoredFile, to: StoredFile, added: AddedColumn): WrittenFile;
  /** Opens every part of a stored file under its key. E_DATASET where one does not open. */
  check(file: StoredFile): Checked<StoredFile>;
  /** Small files are encrypted whole, as `name` under the key. */
  encryptWhole(key: DataKey, name: string, bytes: Uint8Array): Uint8Array;
}
