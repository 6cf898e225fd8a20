import { equalBytes } from "../base/bytes.ts";
import {
  readThrift,
  type ThriftStruct,
  thriftInteger,
  thriftStruct,
  thriftStructs,
  type ThriftValue,
  writeThrift,
} from "./thrift-compact.ts";

/** What a Parquet file says of itself at its end: schema, rows, and where each column of each row group lies. */
export type Footer = { readonly metadata: ThriftStruct; readonly rows: bigint };

/** Field numbers of parquet.thrift. */
export const FILE = { schema: 2, rows: 3, rowGroups: 4 } as const;
export const GROUP = { columns: 1, totalBytes: 2, rows: 3, fileOffset: 5, compressedBytes: 6, ordinal: 7 } as const;
export const CHUNK = { fileOffset: 2, metadata: 3, indexes: [4, 5, 6, 7], crypto: 8, sealedMetadata: 9 } as const;
const COLUMN_OFFSETS: readonly number[] = [9, 10, 11, 14];

export function readFooter(bytes: Uint8Array): Footer {
  const metadata = readThrift(bytes);
  return { metadata, rows: integer(metadata.get(FILE.rows)) };
}

/**
 * The footer of a file made of several files' row groups, each moved by a number of bytes. Throws RangeError when schemas differ.
 * Row groups keep their statistics; their ordinals are counted anew.
 */
export function joinedFooter(parts: readonly { readonly footer: Footer; readonly movedBytes: number }[]): Uint8Array {
  const first = parts[0];
  if (first === undefined) throw new RangeError("no part");
  const schemas = parts.map(({ footer }) => schemaBytes(footer));
  if (schemas.some((schema) => !equalBytes(schema, schemas[0] ?? schema))) throw new RangeError("the parts differ in schema");
  const groups = parts.flatMap(({ footer, movedBytes }) => rowGroups(footer).map((group) => movedGroup(group, BigInt(movedBytes))));
  const rows = parts.reduce((sum, { footer }) => sum + footer.rows, 0n);
  const joined = new Map(first.footer.metadata);
  joined.set(FILE.rows, thriftInteger(rows));
  joined.set(FILE.rowGroups, thriftStructs(groups.map(numbered)));
  return writeThrift(joined);
}

function schemaBytes({ metadata }: Footer): Uint8Array {
  const schema = metadata.get(FILE.schema);
  if (schema === undefined) throw new RangeError("no schema");
  return writeThrift(new Map([[FILE.schema, schema]]));
}

export function rowGroups({ metadata }: Footer): readonly ThriftStruct[] {
  return structs(metadata.get(FILE.rowGroups));
}

function movedGroup(group: ThriftStruct, by: bigint): ThriftStruct {
  const columns = structs(group.get(GROUP.columns)).map((chunk) => movedChunk(chunk, by));
  return new Map(shifted(group, [GROUP.fileOffset], by)).set(GROUP.columns, thriftStructs(columns));
}

function movedChunk(chunk: ThriftStruct, by: bigint): ThriftStruct {
  // WHY: a page index lies outside the row groups, which are all that moves; no writer of ours makes one.
  if (CHUNK.indexes.some((id) => chunk.has(id))) throw new RangeError("a page index cannot be moved");
  const metadata = fieldsOf(chunk.get(CHUNK.metadata));
  return new Map(shifted(chunk, [CHUNK.fileOffset], by)).set(CHUNK.metadata, thriftStruct(shifted(metadata, COLUMN_OFFSETS, by)));
}

function shifted(struct: ThriftStruct, ids: readonly number[], by: bigint): ThriftStruct {
  const moved = new Map(struct);
  for (const id of ids) {
    const offset = moved.get(id);
    // WHY not 0: writers put 0 where they state no offset.
    if (offset?.kind === "integer" && offset.value > 0n) moved.set(id, { ...offset, value: offset.value + by });
  }
  return moved;
}

function numbered(group: ThriftStruct, at: number): ThriftStruct {
  const ordinal = group.get(GROUP.ordinal);
  return ordinal?.kind === "integer" ? new Map(group).set(GROUP.ordinal, { ...ordinal, value: BigInt(at) }) : group;
}

export function structs(value: ThriftValue | undefined): readonly ThriftStruct[] {
  if (value?.kind !== "list") throw new RangeError("a list is missing");
  return value.items.map(fieldsOf);
}

export function fieldsOf(value: ThriftValue | undefined): ThriftStruct {
  if (value?.kind !== "struct") throw new RangeError("a struct is missing");
  return value.fields;
}

export function integer(value: ThriftValue | undefined): bigint {
  if (value?.kind !== "integer") throw new RangeError("a number is missing");
  return value.value;
}
