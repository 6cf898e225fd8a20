import { rmSync } from "node:fs";
import zlib from "node:zlib";
import type { StoredFile, TableFile, WrittenFile } from "../app/ports/data-vault.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { type AddedColumn, encryptParquet } from "../core/parquet/encrypt.ts";
import { encryptedPages } from "../core/parquet/read-encrypted.ts";
import { type Compressor, type TableColumn, TableWriter } from "../core/parquet/table-writer.ts";
import { requireOwn, withEncrypted } from "./encrypted-in-file.ts";
import { EncryptedOutFile } from "./encrypted-out-file.ts";

/** WHY two: zstd is read faster than gzip, and Node has it from 22.15 on. Readers of Parquet know both. */
const compressor: Compressor =
  "zstdCompressSync" in zlib && typeof zlib.zstdCompressSync === "function"
    ? { codec: "zstd", compress: zlib.zstdCompressSync as (bytes: Uint8Array) => Uint8Array }
    : { codec: "gzip", compress: (bytes) => zlib.gzipSync(bytes, { level: 1 }) };

/** Opens an encrypted Parquet file for writing, a row group at a time. */
export function openTableFile(target: StoredFile, columns: readonly TableColumn[]): TableFile {
  const out = unlessFull(() => new EncryptedOutFile(target));
  const writer = new TableWriter(columns, out.encryption, compressor);
  return {
    group: (rows, chunks) => unlessFull(() => writer.group(rows, chunks)),
    finish: () =>
      unlessFull(() => {
        writer.finish();
        return { ...out.finish(), rows: writer.rows };
      }),
    discard: () => out.discard(),
  };
}

/** Writes a stored file as another, with one more column, and removes it. */
export function widenTableFile(from: StoredFile, to: StoredFile, added: AddedColumn): WrittenFile {
  return withEncrypted(from, (file, keyOf) => {
    const source = encryptedPages(file, keyOf);
    requireOwn(from, source.crypto);
    const out = unlessFull(() => new EncryptedOutFile(to));
    try {
      return unlessFull(() => {
        encryptParquet(source, out.encryption, added);
        const written = out.finish();
        rmSync(from.path);
        return written;
      });
    } finally {
      out.discard();
    }
  });
}

function unlessFull<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
    throw new ProblemError(problem("E_IO", "the disk is full", { hint: "free space below private/tmp; nothing was stored" }));
  }
}
