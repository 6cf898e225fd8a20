import { CHUNK, type Footer } from "./footer.ts";
import { chunkRange, COLUMN, isDictionary, metadataOf, pageBytes } from "./pages.ts";
import { readThriftStart, type ThriftStruct } from "./thrift-compact.ts";

/** One page of a column, in the clear and as compressed as it is. */
export type SourcePage = { readonly header: ThriftStruct; readonly bytes: Uint8Array; readonly dictionary: boolean };

/** A Parquet file whose pages are to be written again. */
export type PageSource = {
  readonly footer: Footer;
  /** The pages of a column chunk, the dictionary first. Throws RangeError where they are not whole. */
  pages(chunk: ThriftStruct, place: { readonly group: number; readonly column: number }): Iterable<SourcePage>;
};

/** A whole plain Parquet file, read at any place. */
export type PlainFile = { readonly footer: Footer; read(from: number, length: number): Uint8Array };

export const plainPages = (file: PlainFile): PageSource => ({
  footer: file.footer,
  pages(chunk): Iterable<SourcePage> {
    // WHY refused: both tell values and lie outside the pages; no writer of ours makes one.
    if (CHUNK.indexes.some((id) => chunk.has(id))) throw new RangeError("a page index is not encrypted");
    const metadata = metadataOf(chunk, CHUNK.metadata);
    if (metadata.has(COLUMN.bloomFilter)) throw new RangeError("a bloom filter is not encrypted");
    return clearPages(metadata, file);
  },
});

/** The pages of a column chunk that lie in the clear. */
export function* clearPages(metadata: ThriftStruct, file: Pick<PlainFile, "read">): Iterable<SourcePage> {
  const range = chunkRange(metadata);
  const bytes = file.read(range.from, range.length);
  for (let at = 0; at < bytes.length;) {
    const { struct: header, length } = readThriftStart(bytes.subarray(at));
    const from = at + length;
    at = from + pageBytes(header);
    if (at > bytes.length) throw new RangeError("a page is longer than its column");
    yield { header, bytes: bytes.subarray(from, at), dictionary: isDictionary(header) };
  }
}
