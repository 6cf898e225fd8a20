import { fieldsOf, integer } from "./footer.ts";
import type { ThriftStruct } from "./thrift-compact.ts";

/** Field numbers of a page's header and of a column's metadata in parquet.thrift. */
export const PAGE = { type: 1, uncompressedBytes: 2, compressedBytes: 3, crc: 4 } as const;
export const COLUMN = {
  uncompressedBytes: 6,
  compressedBytes: 7,
  dataOffset: 9,
  indexOffset: 10,
  dictionaryOffset: 11,
  bloomFilter: 14,
} as const;
const DICTIONARY_PAGE = 2n;

export const isDictionary = (header: ThriftStruct): boolean => integer(header.get(PAGE.type)) === DICTIONARY_PAGE;

/** Where the pages of a column of a row group lie: the dictionary, if any, comes first. */
export function chunkRange(metadata: ThriftStruct): { readonly from: number; readonly length: number } {
  const data = integer(metadata.get(COLUMN.dataOffset));
  const dictionary = metadata.get(COLUMN.dictionaryOffset);
  // WHY not 0: writers put 0 where there is none.
  const from = dictionary?.kind === "integer" && dictionary.value > 0n && dictionary.value < data ? dictionary.value : data;
  return { from: whole(from), length: whole(integer(metadata.get(COLUMN.compressedBytes))) };
}

export const pageBytes = (header: ThriftStruct): number => whole(integer(header.get(PAGE.compressedBytes)));

export const metadataOf = (chunk: ThriftStruct, field: number): ThriftStruct => fieldsOf(chunk.get(field));

function whole(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError("a size or place that is none");
  return number;
}
