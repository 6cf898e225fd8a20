import { utf8 } from "../base/bytes.ts";
import { type ColumnChunk, ENCODING, type Page, type StoredType } from "./column-chunk.ts";
import { CHUNK, FILE, GROUP, integer } from "./footer.ts";
import { type Encryption, FOOTER_KEY, ModuleWriter } from "./module-writer.ts";
import { MODULE, MODULE_OVERHEAD_BYTES, type ModulePlace } from "./modules.ts";
import { COLUMN, PAGE } from "./pages.ts";
import { thriftBinary, thriftInteger, thriftShort, type ThriftStruct, thriftStruct, thriftStructs, type ThriftValue, writeThrift } from "./thrift-compact.ts"; // prettier-ignore

export type TableColumn = { readonly name: string; readonly type: StoredType };

/** How pages are compressed. */
export type Compressor = { readonly codec: "gzip" | "zstd"; readonly compress: (bytes: Uint8Array) => Uint8Array };

/** Writes a table as an encrypted Parquet file, a row group at a time; each page is compressed and encrypted as it is made. */
export class TableWriter {
  readonly #columns: readonly TableColumn[];
  readonly #out: ModuleWriter;
  readonly #groups: ThriftStruct[] = [];
  readonly #compressor: Compressor;
  #rows = 0;

  constructor(columns: readonly TableColumn[], encryption: Encryption, compressor: Compressor) {
    this.#columns = columns;
    this.#compressor = compressor;
    this.#out = new ModuleWriter(encryption);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Writes the columns of one row group, in their order; all of as many rows. Throws RangeError where row groups run out. */
  group(rows: number, chunks: Iterable<ColumnChunk>): void {
    const from = this.#out.writtenBytes;
    const columns: ThriftStruct[] = [];
    let plainBytes = 0;
    for (const chunk of chunks) {
      const column = this.#columns[columns.length];
      if (column === undefined) throw new RangeError("more columns than the table has");
      const { struct, plainBytes: chunkBytes } = writeChunk(
        this.#out,
        chunk,
        column,
        { group: this.#groups.length, column: columns.length },
        this.#compressor,
      );
      columns.push(struct);
      plainBytes += chunkBytes;
    }
    this.#groups.push(
      new Map([
        [GROUP.columns, thriftStructs(columns)],
        [GROUP.totalBytes, whole(plainBytes)],
        [GROUP.rows, whole(rows)],
        [GROUP.fileOffset, whole(from)],
        [GROUP.compressedBytes, whole(this.#out.writtenBytes - from)],
        [GROUP.ordinal, thriftShort(BigInt(this.#groups.length))],
      ]),
    );
    this.#rows += rows;
  }

  finish(): void {
    this.#out.end(
      new Map<number, ThriftValue>([
        [1, small(2)],
        [FILE.schema, thriftStructs([rootOf(this.#columns), ...this.#columns.map(elementOf)])],
        [FILE.rows, whole(this.#rows)],
        [FILE.rowGroups, thriftStructs(this.#groups)],
        [6, thriftBinary(utf8("writ"))],
      ]),
    );
  }
}

/** Writes one column of a row group; answers how the footer describes it, and how long it would be uncompressed. */
export function writeChunk(
  out: ModuleWriter,
  chunk: ColumnChunk,
  { name, type }: TableColumn,
  place: Pick<Required<ModulePlace>, "group" | "column">,
  compressor?: Compressor,
): { readonly struct: ThriftStruct; readonly plainBytes: number } {
  const from = out.writtenBytes;
  const packed = compressor === undefined || type === "uuid" ? undefined : compressed(chunk.pages, compressor);
  let [next, data, plainBytes] = [0, from, 0];
  for (const [of, page] of chunk.pages.entries()) {
    const at = page.dictionary ? place : { ...place, page: next };
    const bytes = packed?.[of] ?? page.bytes;
    const header = pageHeader(page, bytes.length);
    plainBytes += header.length + page.bytes.length + 2 * MODULE_OVERHEAD_BYTES;
    out.seal(header, { ...at, type: page.dictionary ? MODULE.dictionaryHeader : MODULE.dataPageHeader });
    out.seal(bytes, { ...at, type: page.dictionary ? MODULE.dictionary : MODULE.dataPage });
    if (page.dictionary) data = out.writtenBytes;
    else next += 1;
  }
  const sizeBytes = out.writtenBytes - from;
  const metadata: ThriftStruct = new Map<number, ThriftValue>([
    [1, small(PHYSICAL[type].type)],
    [2, { kind: "list", elementType: I32, items: [...new Set(chunk.pages.map(({ encoding }) => encoding)), ENCODING.rle].map(small) }],
    [3, { kind: "list", elementType: BINARY, items: [thriftBinary(utf8(name))] }],
    [4, small(CODEC[packed === undefined || compressor === undefined ? "none" : compressor.codec])],
    [5, whole(chunk.rows)],
    [COLUMN.uncompressedBytes, whole(plainBytes)],
    [COLUMN.compressedBytes, whole(sizeBytes)],
    [COLUMN.dataOffset, whole(data)],
    ...(data > from ? [[COLUMN.dictionaryOffset, whole(from)] as const] : []),
    [12, thriftStruct(new Map([[3, whole(chunk.blanks)]]))],
  ]);
  const struct = new Map([
    [CHUNK.fileOffset, whole(0)],
    [CHUNK.metadata, thriftStruct(metadata)],
    [CHUNK.crypto, thriftStruct(FOOTER_KEY)],
  ]);
  return { struct, plainBytes };
}

/** Pages of fewer bytes, and savings of less, are not worth a reader's time. */
const [LEAST_BYTES, LEAST_SAVED_SHARE] = [4096, 0.2];
/** As many bytes show how well a page is compressed. */
const SAMPLE_BYTES = 16_384;

/** The pages compressed, all or none: a column chunk has one codec. */
function compressed(pages: readonly Page[], { compress }: Compressor): readonly Uint8Array[] | undefined {
  const { bytes } = pages.reduce((largest, page) => (page.bytes.length > largest.bytes.length ? page : largest));
  const from = Math.max(0, (bytes.length - SAMPLE_BYTES) >> 1);
  const sample = bytes.subarray(from, from + SAMPLE_BYTES);
  if (bytes.length < LEAST_BYTES || compress(sample).length > (1 - LEAST_SAVED_SHARE) * sample.length) return undefined;
  return pages.map((page) => compress(page.bytes));
}

const [I32, BINARY] = [5, 8] as const;
const CODEC = { none: 0, gzip: 2, zstd: 6 } as const;
const OPTIONAL = 1;

const whole = (value: number): ThriftValue => thriftInteger(BigInt(value));
const small = (value: number): ThriftValue => ({ kind: "integer", type: I32, value: BigInt(value) });
const empty = thriftStruct(new Map());

/** Physical types, and what they mean: converted types for older readers, logical types for newer ones. */
const PHYSICAL: Readonly<Record<StoredType, { readonly type: number; readonly meaning: readonly (readonly [number, ThriftValue])[] }>> = {
  text: { type: 6, meaning: [[6, small(0)], [10, thriftStruct(new Map([[1, empty]]))]] },
  date: { type: 1, meaning: [[6, small(6)], [10, thriftStruct(new Map([[6, empty]]))]] },
  integer: { type: 2, meaning: [] },
  small: { type: 1, meaning: [] },
  uuid: { type: 7, meaning: [[2, small(16)], [10, thriftStruct(new Map([[14, empty]]))]] },
}; // prettier-ignore

const CHILDREN = 5;

const rootOf = (columns: readonly TableColumn[]): ThriftStruct =>
  new Map<number, ThriftValue>([
    [4, thriftBinary(utf8("writ"))],
    [CHILDREN, small(columns.length)],
  ]);

/** The schema's root with room for one more column. */
export const widened = (root: ThriftStruct): ThriftStruct => new Map(root).set(CHILDREN, small(Number(integer(root.get(CHILDREN))) + 1));

/** A column as the schema lists it. */
export const elementOf = ({ name, type }: TableColumn): ThriftStruct =>
  new Map<number, ThriftValue>([
    [1, small(PHYSICAL[type].type)],
    [3, small(OPTIONAL)],
    [4, thriftBinary(utf8(name))],
    ...PHYSICAL[type].meaning,
  ]);

function pageHeader({ dictionary, encoding, count, bytes }: Page, compressedBytes: number): Uint8Array {
  const levels = dictionary ? [] : ([[3, small(ENCODING.rle)], [4, small(ENCODING.rle)]] as const); // prettier-ignore
  const head = new Map<number, ThriftValue>([[1, small(count)], [2, small(encoding)], ...levels]);
  return writeThrift(
    new Map<number, ThriftValue>([
      [PAGE.type, small(dictionary ? 2 : 0)],
      [PAGE.uncompressedBytes, small(bytes.length)],
      [PAGE.compressedBytes, small(compressedBytes + MODULE_OVERHEAD_BYTES)],
      [dictionary ? 7 : 5, thriftStruct(head)],
    ]),
  );
}
