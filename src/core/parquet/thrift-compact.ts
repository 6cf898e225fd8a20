/** Thrift's compact protocol, as far as Parquet footers use it: read into plain data and written back. */
export type ThriftValue =
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "byte"; readonly value: number }
  | { readonly kind: "integer"; readonly type: IntegerType; readonly value: bigint }
  /** Eight bytes, kept as they are. */
  | { readonly kind: "double" | "binary"; readonly bytes: Uint8Array }
  | { readonly kind: "list"; readonly elementType: number; readonly items: readonly ThriftValue[] }
  | { readonly kind: "struct"; readonly fields: ThriftStruct };

/** Fields by their numbers, in the order read. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

const I16 = 4;
const I32 = 5;
const I64 = 6;
type IntegerType = typeof I16 | typeof I32 | typeof I64;
const [TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, STRUCT] = [1, 2, 3, 7, 8, 9, 12] as const;
const LONG_LIST = 15;
const DEEPEST = 32;

export const thriftInteger = (value: bigint): ThriftValue => ({ kind: "integer", type: I64, value });
export const thriftShort = (value: bigint): ThriftValue => ({ kind: "integer", type: I16, value });
export const thriftBinary = (bytes: Uint8Array): ThriftValue => ({ kind: "binary", bytes });
export const thriftStruct = (fields: ThriftStruct): ThriftValue => ({ kind: "struct", fields });
export const thriftStructs = (items: readonly ThriftStruct[]): ThriftValue => ({
  kind: "list",
  elementType: STRUCT,
  items: items.map(thriftStruct),
});

/** Reads one struct that must fill `bytes`. Throws RangeError on anything else. */
export function readThrift(bytes: Uint8Array): ThriftStruct {
  const { struct, length } = readThriftStart(bytes);
  if (length !== bytes.length) throw new RangeError("bytes after the struct");
  return struct;
}

/** Reads the struct that `bytes` start with, and tells how many bytes it takes. */
export function readThriftStart(bytes: Uint8Array): { readonly struct: ThriftStruct; readonly length: number } {
  const reader = new Reader(bytes);
  const struct = reader.struct(0);
  return { struct, length: reader.at };
}

class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(depth: number): ThriftStruct {
    if (depth > DEEPEST) throw new RangeError("nested too deep");
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      const delta = head >> 4;
      id = delta === 0 ? Number(zigzagDecoded(this.#varint())) : id + delta;
      fields.set(id, this.#fieldValue(head & 15, depth));
    }
    return fields;
  }

  #fieldValue(type: number, depth: number): ThriftValue {
    return type === TRUE || type === FALSE ? { kind: "boolean", value: type === TRUE } : this.#value(type, depth);
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case TRUE:
      case FALSE:
        return { kind: "boolean", value: this.#byte() === TRUE };
      case BYTE:
        return { kind: "byte", value: this.#byte() };
      case I16:
      case I32:
      case I64:
        return { kind: "integer", type, value: zigzagDecoded(this.#varint()) };
      case DOUBLE:
        return { kind: "double", bytes: this.#take(8) };
      case BINARY:
        return { kind: "binary", bytes: this.#take(Number(this.#varint())) };
      case LIST:
        return this.#list(depth);
      case STRUCT:
        return { kind: "struct", fields: this.struct(depth + 1) };
      default:
        throw new RangeError(`type ${type} is not read`);
    }
  }

  #list(depth: number): ThriftValue {
    const head = this.#byte();
    const length = head >> 4 === LONG_LIST ? Number(this.#varint()) : head >> 4;
    if (length > this.#bytes.length - this.at) throw new RangeError("list longer than the bytes");
    const items = Array.from({ length }, () => this.#value(head & 15, depth + 1));
    return { kind: "list", elementType: head & 15, items };
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new RangeError("ends too early");
    this.at += 1;
    return byte;
  }

  #take(length: number): Uint8Array {
    if (length < 0 || length > this.#bytes.length - this.at) throw new RangeError("ends too early");
    this.at += length;
    return this.#bytes.slice(this.at - length, this.at);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError("number too long");
  }
}

const zigzagDecoded = (value: bigint): bigint => (value >> 1n) ^ -(value & 1n);
const zigzagEncoded = (value: bigint): bigint => (value >= 0n ? value << 1n : (-value << 1n) - 1n);

/** The bytes of a struct; reading them gives the same struct. */
export function writeThrift(struct: ThriftStruct): Uint8Array {
  const out: number[] = [];
  writeStruct(out, struct);
  return Uint8Array.from(out);
}

function writeStruct(out: number[], struct: ThriftStruct): void {
  let last = 0;
  for (const [id, value] of [...struct].sort(([a], [b]) => a - b)) {
    const type = value.kind === "boolean" ? (value.value ? TRUE : FALSE) : typeOf(value);
    const delta = id - last;
    if (delta > 0 && delta < 16) out.push((delta << 4) | type);
    else {
      out.push(type);
      writeVarint(out, zigzagEncoded(BigInt(id)));
    }
    if (value.kind !== "boolean") writeValue(out, value);
    last = id;
  }
  out.push(0);
}

function typeOf(value: ThriftValue): number {
  const types = { boolean: TRUE, byte: BYTE, double: DOUBLE, binary: BINARY, list: LIST, struct: STRUCT } as const;
  return value.kind === "integer" ? value.type : types[value.kind];
}

function writeValue(out: number[], value: ThriftValue): void {
  switch (value.kind) {
    case "boolean":
      out.push(value.value ? TRUE : FALSE);
      break;
    case "byte":
      out.push(value.value);
      break;
    case "integer":
      writeVarint(out, zigzagEncoded(value.value));
      break;
    case "binary":
      writeVarint(out, BigInt(value.bytes.length));
      for (const byte of value.bytes) out.push(byte);
      break;
    case "double":
      for (const byte of value.bytes) out.push(byte);
      break;
    case "list":
      writeList(out, value.elementType, value.items);
      break;
    case "struct":
      writeStruct(out, value.fields);
      break;
  }
}

function writeList(out: number[], elementType: number, items: readonly ThriftValue[]): void {
  const short = items.length < LONG_LIST;
  out.push(((short ? items.length : LONG_LIST) << 4) | elementType);
  if (!short) writeVarint(out, BigInt(items.length));
  for (const item of items) writeValue(out, item);
}

function writeVarint(out: number[], value: bigint): void {
  let rest = value;
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
}
