import { columnChunk, type ColumnRows } from "./column-chunk.ts";
import { CHUNK, FILE, GROUP, integer, rowGroups, structs } from "./footer.ts";
import { type Encryption, FOOTER_KEY, ModuleWriter } from "./module-writer.ts";
import { MODULE, MODULE_OVERHEAD_BYTES, type ModulePlace } from "./modules.ts";
import type { PageSource } from "./page-source.ts";
import { chunkRange, COLUMN, metadataOf, PAGE } from "./pages.ts";
import { elementOf, type TableColumn, widened, writeChunk } from "./table-writer.ts";
import { thriftInteger, thriftShort, type ThriftStruct, thriftStruct, thriftStructs, writeThrift } from "./thrift-compact.ts";

/** A column to stand behind those a file has. */
export type AddedColumn = { readonly column: TableColumn; rows(from: number, count: number): ColumnRows };

/**
 * Writes a file's pages again, each encrypted by itself under the footer's key, and an encrypted footer behind them.
 * Pages stay compressed as they are; nothing is decoded. Throws RangeError on a file that is not whole.
 */
export function encryptParquet(source: PageSource, encryption: Encryption, added?: AddedColumn): void {
  new Encrypter(source, encryption, added).go();
}

type Place = Pick<Required<ModulePlace>, "group" | "column">;

class Encrypter {
  readonly #source: PageSource;
  readonly #out: ModuleWriter;
  readonly #added: AddedColumn | undefined;
  #rows = 0;

  constructor(source: PageSource, encryption: Encryption, added: AddedColumn | undefined) {
    this.#source = source;
    this.#out = new ModuleWriter(encryption);
    this.#added = added;
  }

  go(): void {
    const { footer } = this.#source;
    const groups = rowGroups(footer).map((group, at) => this.#group(group, at));
    const metadata = new Map(footer.metadata).set(FILE.rowGroups, thriftStructs(groups));
    const [root = new Map(), ...elements] = structs(metadata.get(FILE.schema));
    if (this.#added !== undefined) metadata.set(FILE.schema, thriftStructs([widened(root), ...elements, elementOf(this.#added.column)]));
    this.#out.end(metadata);
  }

  #group(group: ThriftStruct, at: number): ThriftStruct {
    const from = this.#out.writtenBytes;
    const columns = structs(group.get(GROUP.columns)).map((chunk, column) => this.#chunk(chunk, { group: at, column }));
    const rows = Number(integer(group.get(GROUP.rows)));
    if (this.#added !== undefined) {
      const { column } = this.#added;
      const chunk = columnChunk(this.#added.rows(this.#rows, rows));
      columns.push(writeChunk(this.#out, chunk, column, { group: at, column: columns.length }).struct);
    }
    this.#rows += rows;
    const sum = (field: number): bigint =>
      columns.reduce((total, chunk) => total + integer(metadataOf(chunk, CHUNK.metadata).get(field)), 0n);
    return new Map(group)
      .set(GROUP.columns, thriftStructs(columns))
      .set(GROUP.totalBytes, thriftInteger(sum(COLUMN.uncompressedBytes)))
      .set(GROUP.fileOffset, thriftInteger(BigInt(from)))
      .set(GROUP.compressedBytes, thriftInteger(sum(COLUMN.compressedBytes)))
      .set(GROUP.ordinal, thriftShort(BigInt(at)));
  }

  #chunk(chunk: ThriftStruct, place: Place): ThriftStruct {
    const metadata = metadataOf(chunk, CHUNK.metadata);
    const from = this.#out.writtenBytes;
    const data = this.#pages(chunk, place);
    const writtenBytes = this.#out.writtenBytes - from;
    const grownBytes = writtenBytes - chunkRange(metadata).length;
    const written = new Map(metadata)
      .set(COLUMN.uncompressedBytes, thriftInteger(integer(metadata.get(COLUMN.uncompressedBytes)) + BigInt(grownBytes)))
      .set(COLUMN.compressedBytes, thriftInteger(BigInt(writtenBytes)))
      .set(COLUMN.dataOffset, thriftInteger(BigInt(data)));
    if (data > from) written.set(COLUMN.dictionaryOffset, thriftInteger(BigInt(from)));
    else written.delete(COLUMN.dictionaryOffset);
    // WHY 0: the column's metadata stands in the footer only.
    return new Map(chunk)
      .set(CHUNK.fileOffset, thriftInteger(0n))
      .set(CHUNK.metadata, thriftStruct(written))
      .set(CHUNK.crypto, thriftStruct(FOOTER_KEY));
  }

  /** Answers where the first data page was written. */
  #pages(chunk: ThriftStruct, place: Place): number {
    const from = this.#out.writtenBytes;
    let [data, page] = [from, 0];
    for (const { header, bytes, dictionary } of this.#source.pages(chunk, place)) {
      if (dictionary && this.#out.writtenBytes > from) throw new RangeError("a dictionary behind the values");
      const of = dictionary ? place : { ...place, page };
      this.#out.seal(headerOf(header, bytes.length), { ...of, type: dictionary ? MODULE.dictionaryHeader : MODULE.dataPageHeader });
      this.#out.seal(bytes, { ...of, type: dictionary ? MODULE.dictionary : MODULE.dataPage });
      if (dictionary) data = this.#out.writtenBytes;
      else page += 1;
    }
    return data;
  }
}

/** The header with the size its page takes once encrypted. A checksum of the plain page would tell of it, and is left out. */
function headerOf(header: ThriftStruct, size: number): Uint8Array {
  const written = new Map(header).set(PAGE.compressedBytes, { kind: "integer", type: 5, value: BigInt(size + MODULE_OVERHEAD_BYTES) });
  written.delete(PAGE.crc);
  return writeThrift(written);
}
