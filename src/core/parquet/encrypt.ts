import { CHUNK, FILE, type Footer, GROUP, integer, rowGroups, structs } from "./footer.ts";
import { type Encryption, FOOTER_KEY, ModuleWriter } from "./module-writer.ts";
import { MODULE, MODULE_OVERHEAD_BYTES, type ModulePlace } from "./modules.ts";
import { chunkRange, COLUMN, isDictionary, metadataOf, PAGE, pageBytes } from "./pages.ts";
import {
  readThriftStart,
  thriftInteger,
  thriftShort,
  type ThriftStruct,
  thriftStruct,
  thriftStructs,
  writeThrift,
} from "./thrift-compact.ts";

/** A whole plain Parquet file, read at any place. */
export type PlainFile = { readonly footer: Footer; read(from: number, length: number): Uint8Array };

/**
 * Writes a plain file's pages again, each encrypted by itself under the footer's key, and an encrypted footer behind them.
 * Pages stay compressed as they are; nothing is decoded. Throws RangeError on a file that is not whole.
 */
export function encryptParquet(file: PlainFile, encryption: Encryption): void {
  new Encrypter(file, encryption).go();
}

class Encrypter {
  readonly #file: PlainFile;
  readonly #out: ModuleWriter;

  constructor(file: PlainFile, encryption: Encryption) {
    this.#file = file;
    this.#out = new ModuleWriter(encryption);
  }

  go(): void {
    const groups = rowGroups(this.#file.footer).map((group, at) => this.#group(group, at));
    this.#out.end(new Map(this.#file.footer.metadata).set(FILE.rowGroups, thriftStructs(groups)));
  }

  #group(group: ThriftStruct, at: number): ThriftStruct {
    const from = this.#out.writtenBytes;
    const columns = structs(group.get(GROUP.columns)).map((chunk, column) => this.#chunk(chunk, { group: at, column }));
    const sum = (field: number): bigint =>
      columns.reduce((total, chunk) => total + integer(metadataOf(chunk, CHUNK.metadata).get(field)), 0n);
    return new Map(group)
      .set(GROUP.columns, thriftStructs(columns))
      .set(GROUP.totalBytes, thriftInteger(sum(COLUMN.uncompressedBytes)))
      .set(GROUP.fileOffset, thriftInteger(BigInt(from)))
      .set(GROUP.compressedBytes, thriftInteger(sum(COLUMN.compressedBytes)))
      .set(GROUP.ordinal, thriftShort(BigInt(at)));
  }

  #chunk(chunk: ThriftStruct, place: Pick<Required<ModulePlace>, "group" | "column">): ThriftStruct {
    // WHY refused: both tell values and lie outside the pages; no writer of ours makes one.
    if (CHUNK.indexes.some((id) => chunk.has(id))) throw new RangeError("a page index is not encrypted");
    const metadata = metadataOf(chunk, CHUNK.metadata);
    if (metadata.has(COLUMN.bloomFilter)) throw new RangeError("a bloom filter is not encrypted");
    const range = chunkRange(metadata);
    const from = this.#out.writtenBytes;
    const { data, grownBytes } = this.#pages(this.#file.read(range.from, range.length), place);
    const written = new Map(metadata)
      .set(COLUMN.uncompressedBytes, thriftInteger(integer(metadata.get(COLUMN.uncompressedBytes)) + BigInt(grownBytes)))
      .set(COLUMN.compressedBytes, thriftInteger(BigInt(this.#out.writtenBytes - from)))
      .set(COLUMN.dataOffset, thriftInteger(BigInt(data)));
    if (data > from) written.set(COLUMN.dictionaryOffset, thriftInteger(BigInt(from)));
    else written.delete(COLUMN.dictionaryOffset);
    // WHY 0: the column's metadata stands in the footer only.
    return new Map(chunk)
      .set(CHUNK.fileOffset, thriftInteger(0n))
      .set(CHUNK.metadata, thriftStruct(written))
      .set(CHUNK.crypto, thriftStruct(FOOTER_KEY));
  }

  /** Answers where the first data page was written, and by how much headers and modules make the chunk longer. */
  #pages(bytes: Uint8Array, place: { readonly group: number; readonly column: number }): { data: number; grownBytes: number } {
    const [from, pages] = [this.#out.writtenBytes, { next: 0, dictionaryBytes: 0 }];
    for (let at = 0; at < bytes.length;) {
      const { struct: header, length } = readThriftStart(bytes.subarray(at));
      const size = pageBytes(header);
      if (at + length + size > bytes.length) throw new RangeError("a page is longer than its column");
      const dictionary = isDictionary(header);
      if (dictionary && at > 0) throw new RangeError("a dictionary behind the values");
      const page = dictionary ? place : { ...place, page: pages.next };
      this.#out.seal(headerOf(header, size), { ...page, type: dictionary ? MODULE.dictionaryHeader : MODULE.dataPageHeader });
      this.#out.seal(bytes.subarray(at + length, at + length + size), { ...page, type: dictionary ? MODULE.dictionary : MODULE.dataPage });
      if (dictionary) pages.dictionaryBytes = this.#out.writtenBytes - from;
      else pages.next += 1;
      at += length + size;
    }
    return { data: from + pages.dictionaryBytes, grownBytes: this.#out.writtenBytes - from - bytes.length };
  }
}

/** The header with the size its page takes once encrypted. A checksum of the plain page would tell of it, and is left out. */
function headerOf(header: ThriftStruct, size: number): Uint8Array {
  const written = new Map(header).set(PAGE.compressedBytes, { kind: "integer", type: 5, value: BigInt(size + MODULE_OVERHEAD_BYTES) });
  written.delete(PAGE.crc);
  return writeThrift(written);
}
