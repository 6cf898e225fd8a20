/** The plain file of an encrypted one, made by its specification and not by the writer's code. */
import { concat, utf8 } from "../src/core/base/bytes.ts";
import { CHUNK, FILE, GROUP, structs } from "../src/core/parquet/footer.ts";
import { COLUMN, isDictionary, metadataOf, PAGE } from "../src/core/parquet/pages.ts";
import { type KeyOf, type OpenedPage, readEncrypted } from "../src/core/parquet/read-encrypted.ts";
import { thriftInteger, type ThriftStruct, thriftStruct, thriftStructs, writeThrift } from "../src/core/parquet/thrift-compact.ts";

const BLOOM_FIELDS = [14, 15];
/** What a footer says of encryption. */
const CRYPTO_FIELDS = [8, 9];
const MAGIC = utf8("PAR1");

export function plainParquet(bytes: Uint8Array, keyOf: KeyOf): Uint8Array {
  const pages: OpenedPage[] = [];
  const file = { sizeBytes: bytes.length, read: (from: number, length: number) => bytes.slice(from, from + length) };
  const { metadata } = readEncrypted(file, { keyOf, inClear: true, onPage: (page) => pages.push(page) });
  const out: Uint8Array[] = [MAGIC];
  let written = MAGIC.length;
  const put = (piece: Uint8Array): void => {
    out.push(piece);
    written += piece.length;
  };
  const chunkOf = (chunk: ThriftStruct, own: readonly OpenedPage[]): ThriftStruct => {
    const [from, places] = [written, new Map(metadataOf(chunk, CHUNK.metadata))];
    places.delete(COLUMN.dictionaryOffset);
    let data: number | undefined;
    for (const { header, bytes: page } of own) {
      if (isDictionary(header)) places.set(COLUMN.dictionaryOffset, thriftInteger(BigInt(written)));
      else data ??= written;
      put(writeThrift(new Map(header).set(PAGE.compressedBytes, { kind: "integer", type: 5, value: BigInt(page.length) })));
      put(page);
    }
    places.set(COLUMN.dataOffset, thriftInteger(BigInt(data ?? from))).set(COLUMN.compressedBytes, thriftInteger(BigInt(written - from)));
    for (const field of BLOOM_FIELDS) places.delete(field);
    const plain = new Map(chunk).set(CHUNK.metadata, thriftStruct(places));
    for (const field of [...CHUNK.indexes, CHUNK.crypto, CHUNK.sealedMetadata]) plain.delete(field);
    return plain;
  };
  const groups = structs(metadata.get(FILE.rowGroups)).map((group, at) => {
    const columns = structs(group.get(GROUP.columns)).map((chunk, column) =>
      chunkOf(
        chunk,
        pages.filter((page) => page.group === at && page.column === column),
      ),
    );
    return new Map(group).set(GROUP.columns, thriftStructs(columns));
  });
  const footer = new Map(metadata).set(FILE.rowGroups, thriftStructs(groups));
  for (const field of CRYPTO_FIELDS) footer.delete(field);
  const end = writeThrift(footer);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, end.length, true);
  return concat(...out, end, length, MAGIC);
}
