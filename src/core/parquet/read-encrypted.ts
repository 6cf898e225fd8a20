import { equalBytes, utf8 } from "../base/bytes.ts";
import { CHUNK, FILE, type Footer, GROUP, integer, rowGroups, structs } from "./footer.ts";
import { ENCRYPTED_MAGIC, type FileCrypto, fileCryptoAt, MODULE, moduleAad, type ModulePlace, readAlgorithm, readFileCrypto } from "./modules.ts"; // prettier-ignore
import { clearPages, type PageSource, type SourcePage } from "./page-source.ts";
import { chunkRange, COLUMN, metadataOf, pageBytes } from "./pages.ts";
import { readThriftStart, type ThriftStruct, thriftStruct, thriftStructs } from "./thrift-compact.ts";

/** A whole encrypted file, read at any place. */
export type EncryptedFile = { readonly sizeBytes: number; read(from: number, length: number): Uint8Array };

/** One AES key at work. */
export type ModuleKey = {
  /** Decrypts nonce, ciphertext and tag. Throws RangeError where they are not what the key and the additional data made. */
  open(module: Uint8Array, aad: Uint8Array): Uint8Array;
  /** The tag over bytes that stay in the clear. */
  tag(plaintext: Uint8Array, nonce: Uint8Array, aad: Uint8Array): Uint8Array;
};

/** The key that opens what names it so; the footer's key is asked for by the file's `key_metadata`. Throws RangeError where none is held. */
export type KeyOf = (keyMetadata: Uint8Array) => ModuleKey;

export type OpenedPage = { readonly group: number; readonly column: number; readonly header: ThriftStruct; readonly bytes: Uint8Array };

export type Reading = {
  readonly keyOf: KeyOf;
  readonly onPage: (page: OpenedPage) => void;
  /** Whether a column may be in the clear. WHY not unless asked for: nobody vouches for its pages. */
  readonly inClear?: boolean;
};

/** Field numbers of `ColumnCryptoMetaData`, and of what a footer in the clear says of its encryption. */
const COLUMN_KEY = { withColumnKey: 2, keyMetadata: 2 } as const;
const CLEAR = { algorithm: 8, keyMetadata: 9 } as const;
const PLAIN_MAGIC = utf8("PAR1");
const [TRAILER_BYTES, NONCE_BYTES, TAG_BYTES] = [8, 12, 16] as const;

/**
 * Opens every module of a file encrypted by AES_GCM_V1, whoever wrote it: uniform or by columns, with an encrypted or a signed
 * footer. Answers the footer, and what the file is; pages, as compressed as they are, go to `onPage`. Page indexes and bloom filters are not looked at.
 * Throws RangeError on anything that is not whole, or is not under the key it names.
 */
export function readEncrypted(file: EncryptedFile, { keyOf, onPage, inClear = false }: Reading): Footer & { readonly crypto: FileCrypto } {
  const { crypto, metadata } = openFooter(file, keyOf);
  const groups = rowGroups({ metadata, rows: 0n }).map((group, at) => {
    const ordinal = group.get(GROUP.ordinal);
    const place = ordinal === undefined ? at : Number(integer(ordinal));
    const columns = structs(group.get(GROUP.columns)).map((chunk, column) =>
      readChunk(file, chunk, { crypto, keyOf, onPage, inClear, place: { group: place, column } }),
    );
    return new Map(group).set(GROUP.columns, thriftStructs(columns));
  });
  const opened = new Map(metadata).set(FILE.rowGroups, thriftStructs(groups));
  return { crypto, metadata: opened, rows: integer(metadata.get(FILE.rows)) };
}

/** The pages of a file under one key. Throws RangeError as `readEncrypted` does. */
export function encryptedPages(file: EncryptedFile, keyOf: KeyOf): PageSource & { readonly crypto: FileCrypto } {
  const { crypto, metadata } = openFooter(file, keyOf);
  const key = keyOf(crypto.keyMetadata);
  return {
    crypto,
    footer: { metadata, rows: integer(metadata.get(FILE.rows)) },
    pages: (chunk, place) => pagesIn(file, metadataOf(chunk, CHUNK.metadata), key, { crypto, place }),
  };
}

type OpenedFooter = { readonly crypto: FileCrypto; readonly metadata: ThriftStruct };

function openFooter(file: EncryptedFile, keyOf: KeyOf): OpenedFooter {
  if (file.sizeBytes < 2 * TRAILER_BYTES) throw new RangeError("no encrypted Parquet file, or cut short");
  const [start, end] = [file.read(0, PLAIN_MAGIC.length), file.read(file.sizeBytes - TRAILER_BYTES, TRAILER_BYTES)];
  if (equalBytes(start, PLAIN_MAGIC)) return signedFooter(file, end, keyOf);
  if (!equalBytes(start, ENCRYPTED_MAGIC)) throw new RangeError("no encrypted Parquet file");
  const from = fileCryptoAt(end, file.sizeBytes);
  const bytes = file.read(from, file.sizeBytes - TRAILER_BYTES - from);
  const { crypto, length } = readFileCrypto(bytes);
  const [module] = moduleAt(bytes, length);
  const opened = keyOf(crypto.keyMetadata).open(module, moduleAad(crypto, { type: MODULE.footer }));
  return { crypto, metadata: structOf(opened) };
}

/** A footer in the clear, followed by the nonce and the tag that it would have had. */
function signedFooter(file: EncryptedFile, end: Uint8Array, keyOf: KeyOf): OpenedFooter {
  const length = new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  if (length + TRAILER_BYTES > file.sizeBytes) throw new RangeError("the footer is longer than the file");
  const bytes = file.read(file.sizeBytes - TRAILER_BYTES - length, length);
  const { struct: metadata, length: footerBytes } = readThriftStart(bytes);
  if (bytes.length !== footerBytes + NONCE_BYTES + TAG_BYTES) throw new RangeError("the footer is not signed");
  const crypto = readAlgorithm(metadata.get(CLEAR.algorithm), metadata.get(CLEAR.keyMetadata));
  const [nonce, tag] = [bytes.subarray(footerBytes, footerBytes + NONCE_BYTES), bytes.subarray(footerBytes + NONCE_BYTES)];
  const expected = keyOf(crypto.keyMetadata).tag(bytes.subarray(0, footerBytes), nonce, moduleAad(crypto, { type: MODULE.footer }));
  if (!equalBytes(tag, expected)) throw new RangeError("the footer was altered");
  return { crypto, metadata };
}

type ChunkReading = Required<Reading> & {
  readonly crypto: FileCrypto;
  readonly place: { readonly group: number; readonly column: number };
};

/** Answers the chunk with its metadata in the clear. */
function readChunk(file: EncryptedFile, chunk: ThriftStruct, reading: ChunkReading): ThriftStruct {
  const { crypto, keyOf, place } = reading;
  const union = chunk.get(CHUNK.crypto);
  if (union?.kind !== "struct") {
    if (!reading.inClear) throw new RangeError("a column is not encrypted");
    for (const { header, bytes } of clearPages(metadataOf(chunk, CHUNK.metadata), file)) reading.onPage({ ...place, header, bytes });
    return chunk;
  }
  const own = union.fields.get(COLUMN_KEY.withColumnKey);
  const named = own?.kind === "struct" ? own.fields.get(COLUMN_KEY.keyMetadata) : undefined;
  const key = keyOf(named?.kind === "binary" ? named.bytes : crypto.keyMetadata);
  const sealed = chunk.get(CHUNK.sealedMetadata);
  const metadata =
    sealed?.kind === "binary"
      ? structOf(key.open(moduleAt(sealed.bytes, 0)[0], moduleAad(crypto, { ...place, type: MODULE.metadata })))
      : metadataOf(chunk, CHUNK.metadata);
  for (const { header, bytes } of pagesIn(file, metadata, key, reading)) reading.onPage({ ...place, header, bytes });
  return new Map(chunk).set(CHUNK.metadata, thriftStruct(metadata));
}

function* pagesIn(
  file: EncryptedFile,
  metadata: ThriftStruct,
  key: ModuleKey,
  { crypto, place }: Pick<ChunkReading, "crypto" | "place">,
): Iterable<SourcePage> {
  const range = chunkRange(metadata);
  const bytes = file.read(range.from, range.length);
  const dataAt = Number(integer(metadata.get(COLUMN.dataOffset))) - range.from;
  let [at, page] = [0, 0];
  const next = (of: ModulePlace): Uint8Array => {
    const [module, end] = moduleAt(bytes, at);
    at = end;
    return key.open(module, moduleAad(crypto, of));
  };
  while (at < bytes.length) {
    const isDictionary = at < dataAt;
    const of = isDictionary ? place : { ...place, page };
    const header = structOf(next({ ...of, type: isDictionary ? MODULE.dictionaryHeader : MODULE.dataPageHeader }));
    const [from, sizeBytes] = [at, pageBytes(header)];
    yield { header, bytes: next({ ...of, type: isDictionary ? MODULE.dictionary : MODULE.dataPage }), dictionary: isDictionary };
    if (at - from !== sizeBytes) throw new RangeError("a page is not as long as its header says");
    if (!isDictionary) page += 1;
  }
}

/** WHY not to the end: some writers encrypt the rest of their buffer with it, which is authenticated as all else is. */
const structOf = (opened: Uint8Array): ThriftStruct => readThriftStart(opened).struct;

/** The module that starts somewhere, and where it ends. */
function moduleAt(bytes: Uint8Array, from: number): readonly [Uint8Array, number] {
  if (from + 4 > bytes.length) throw new RangeError("ends too early");
  const end = from + 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(from, true);
  if (end > bytes.length || end - from < MODULE_FEWEST_BYTES) throw new RangeError("a module is longer than the bytes");
  return [bytes.subarray(from + 4, end), end];
}

const MODULE_FEWEST_BYTES = 4 + NONCE_BYTES + TAG_BYTES;
