import { ENCRYPTED_MAGIC, type FileCrypto, MODULE, moduleAad, type ModulePlace, type SealModule, writeFileCrypto } from "./modules.ts";
import { type ThriftStruct, writeThrift } from "./thrift-compact.ts";

export type Encryption = { readonly crypto: FileCrypto; readonly seal: SealModule; readonly emit: (bytes: Uint8Array) => void };

/** Writes the modules of one encrypted Parquet file, one after another. */
export class ModuleWriter {
  readonly #encryption: Encryption;
  #writtenBytes = 0;

  constructor(encryption: Encryption) {
    this.#encryption = encryption;
    this.#emit(ENCRYPTED_MAGIC);
  }

  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** Encrypts one module, for its place alone. */
  seal(plaintext: Uint8Array, place: ModulePlace): void {
    const { crypto, seal } = this.#encryption;
    for (const piece of seal(plaintext, moduleAad(crypto, place))) this.#emit(piece);
  }

  /** Writes the footer, which ends the file. */
  end(footer: ThriftStruct): void {
    const from = this.#writtenBytes;
    this.#emit(writeFileCrypto(this.#encryption.crypto));
    this.seal(writeThrift(footer), { type: MODULE.footer });
    const trailer = new Uint8Array(4);
    new DataView(trailer.buffer).setUint32(0, this.#writtenBytes - from, true);
    this.#emit(trailer);
    this.#emit(ENCRYPTED_MAGIC);
  }

  #emit(bytes: Uint8Array): void {
    this.#writtenBytes += bytes.length;
    this.#encryption.emit(bytes);
  }
}

/** What each column chunk says of its key: that it is the footer's. */
export const FOOTER_KEY = new Map([[1, { kind: "struct", fields: new Map() }]]) as ThriftStruct;
