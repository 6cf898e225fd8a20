import { concat, equalBytes, utf8 } from "../base/bytes.ts";
import { readThriftStart, thriftBinary, type ThriftStruct, thriftStruct, type ThriftValue, writeThrift } from "./thrift-compact.ts";

/** The parts of a Parquet file that are encrypted each by itself, by the numbers their AAD gives them. */
export const MODULE = { footer: 0, metadata: 1, dataPage: 2, dictionary: 3, dataPageHeader: 4, dictionaryHeader: 5 } as const;
export type ModuleType = (typeof MODULE)[keyof typeof MODULE];

/** Where a module stands. INVARIANT: no two modules of a file stand in one place, so none can take another's. */
export type ModulePlace = {
  readonly type: ModuleType;
  readonly group?: number;
  readonly column?: number;
  /** Of data pages and their headers only. */
  readonly page?: number;
};

/** What an encrypted file says of itself in the clear. */
export type FileCrypto = {
  /** No other file's. */
  readonly fileUnique: Uint8Array;
  /** Which key opens it; names no secret. */
  readonly keyMetadata: Uint8Array;
  /** Stands before `fileUnique` in all additional data. WHY writ writes none: the engine that reads its files knows none. */
  readonly aadPrefix?: Uint8Array;
};

/** Encrypts one module: its length, nonce, ciphertext and tag, in pieces. */
export type SealModule = (plaintext: Uint8Array, aad: Uint8Array) => readonly Uint8Array[];

/** Length, nonce and tag around a module. */
export const MODULE_OVERHEAD_BYTES: number = 4 + 12 + 16;
export const ENCRYPTED_MAGIC: Uint8Array = utf8("PARE");
const TRAILER_BYTES = 8;
const HIGHEST_ORDINAL = 0x7fff;
const NONE = new Uint8Array(0);

/** The additional data a module is authenticated with. Throws RangeError where ordinals run out. */
export function moduleAad({ fileUnique, aadPrefix = NONE }: FileCrypto, { type, group, column, page }: ModulePlace): Uint8Array {
  const ordinals = [group, column, page].filter((ordinal) => ordinal !== undefined);
  return concat(aadPrefix, fileUnique, Uint8Array.of(type, ...ordinals.flatMap(shortBytes)));
}

function shortBytes(ordinal: number): readonly number[] {
  if (ordinal > HIGHEST_ORDINAL) throw new RangeError("more row groups, columns or pages than a file can name");
  return [ordinal & 255, ordinal >> 8];
}

const CRYPTO = { algorithm: 1, keyMetadata: 2 } as const;
const ALGORITHM = { gcm: 1 } as const;
const AAD = { prefix: 1, unique: 2, supplyPrefix: 3 } as const;

export function writeFileCrypto({ fileUnique, keyMetadata }: FileCrypto): Uint8Array {
  const gcm: ThriftStruct = new Map([[AAD.unique, thriftBinary(fileUnique)]]);
  return writeThrift(
    new Map([
      [CRYPTO.algorithm, thriftStruct(new Map([[ALGORITHM.gcm, thriftStruct(gcm)]]))],
      [CRYPTO.keyMetadata, thriftBinary(keyMetadata)],
    ]),
  );
}

/** Reads what stands before an encrypted footer. Throws RangeError on anything else. */
export function readFileCrypto(bytes: Uint8Array): { readonly crypto: FileCrypto; readonly length: number } {
  const { struct, length } = readThriftStart(bytes);
  return { crypto: readAlgorithm(struct.get(CRYPTO.algorithm), struct.get(CRYPTO.keyMetadata)), length };
}

/** The same of its parts. Throws RangeError on anything but GCM that says all of its additional data. */
export function readAlgorithm(algorithm: ThriftValue | undefined, keyMetadata: ThriftValue | undefined): FileCrypto {
  const fields = algorithm?.kind === "struct" ? algorithm.fields : new Map<number, ThriftValue>();
  const gcm = fields.get(ALGORITHM.gcm);
  if (gcm?.kind !== "struct") throw new RangeError("encrypted in an unknown way");
  const supply = gcm.fields.get(AAD.supplyPrefix);
  if (supply?.kind === "boolean" && supply.value) throw new RangeError("the file does not say its AAD prefix");
  const prefix = binary(gcm.fields.get(AAD.prefix));
  return {
    fileUnique: binary(gcm.fields.get(AAD.unique)),
    keyMetadata: binary(keyMetadata),
    ...(prefix.length === 0 ? {} : { aadPrefix: prefix }),
  };
}

/** Where an encrypted file's `FileCrypto` starts, by its last eight bytes. Throws RangeError on a file that is none. */
export function fileCryptoAt(end: Uint8Array, sizeBytes: number): number {
  if (end.length !== TRAILER_BYTES || !equalBytes(end.subarray(4), ENCRYPTED_MAGIC))
    throw new RangeError("no encrypted Parquet file, or cut short");
  const from = sizeBytes - TRAILER_BYTES - new DataView(end.buffer, end.byteOffset).getUint32(0, true);
  if (from < ENCRYPTED_MAGIC.length) throw new RangeError("the footer is longer than the file");
  return from;
}

const binary = (value: ThriftValue | undefined): Uint8Array => (value?.kind === "binary" ? value.bytes : NONE);
