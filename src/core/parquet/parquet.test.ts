import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../base/bytes.ts";
import { joinedFooter, readFooter } from "./footer.ts";
import { ParquetJoiner, plainJoiner } from "./join.ts";
import { readThrift, type ThriftValue, thriftInteger, writeThrift } from "./thrift-compact.ts";

const value: fc.Arbitrary<ThriftValue> = fc.letrec<{ value: ThriftValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant("boolean" as const), value: fc.boolean() }),
    fc.record({ kind: fc.constant("byte" as const), value: fc.nat(255) }),
    fc.record({
      kind: fc.constant("integer" as const),
      type: fc.constantFrom(4 as const, 5 as const, 6 as const),
      value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    }),
    fc.record({ kind: fc.constant("double" as const), bytes: fc.uint8Array({ minLength: 8, maxLength: 8 }) }),
    fc.record({ kind: fc.constant("binary" as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
    fc
      .array(fc.record({ kind: fc.constant("binary" as const), bytes: fc.uint8Array({ maxLength: 3 }) }), { maxLength: 40 })
      .map((items): ThriftValue => ({ kind: "list", elementType: 8, items })),
    fc
      .array(fc.tuple(fc.integer({ min: 1, max: 300 }), tie("value")), { maxLength: 6 })
      .map((fields): ThriftValue => ({ kind: "struct", fields: new Map(fields) })),
  ),
})).value;

describe("thrift's compact protocol", () => {
  it("reads back what it writes", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), value), { maxLength: 6 }), (fields) => {
        const struct = new Map(fields);
        expect(readThrift(writeThrift(struct))).toEqual(struct);
      }),
    );
  });

  it("refuses bytes that end early, go on, nest too deep or claim too much", () => {
    const struct = writeThrift(new Map([[1, thriftInteger(5n)]]));
    const deep = Uint8Array.from([...Array.from({ length: 100 }, () => 0x1c), ...Array.from({ length: 101 }, () => 0)]);
    const wrong = [
      struct.subarray(0, -1),
      concat(struct, Uint8Array.of(0)),
      deep,
      Uint8Array.of(0x19, 0xf8, 0xff, 0xff, 0xff, 0x7f),
      Uint8Array.of(0x1f),
    ];
    for (const bytes of wrong) expect(() => readThrift(bytes)).toThrow(RangeError);
  });
});

const list = (...fields: readonly ReadonlyMap<number, ThriftValue>[]): ThriftValue => ({
  kind: "list",
  elementType: 12,
  items: fields.map((of) => ({ kind: "struct", fields: of })),
});
const text = (word: string): ThriftValue => ({ kind: "binary", bytes: utf8(word) });

/** A file of one row group whose only column begins after the magic. */
function footerOf(schema: string, rows: bigint, columnExtra: readonly [number, ThriftValue][] = []): Uint8Array {
  const metadata: ThriftValue = {
    kind: "struct",
    fields: new Map([
      [9, thriftInteger(4n)],
      [11, thriftInteger(0n)],
    ]),
  };
  const columns = list(new Map([[2, thriftInteger(4n)], [3, metadata], ...columnExtra]));
  return writeThrift(
    new Map([
      [2, list(new Map([[4, text(schema)]]))],
      [3, thriftInteger(rows)],
      [
        4,
        list(
          new Map([
            [1, columns],
            [3, thriftInteger(rows)],
          ]),
        ),
      ],
    ]),
  );
}

function file(data: string, footer: Uint8Array): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, footer.length, true);
  return concat(utf8("PAR1"), utf8(data), footer, length, utf8("PAR1"));
}

function joined(files: readonly Uint8Array[], pieceBytes: number, heldBytes = 512): Uint8Array {
  const out: Uint8Array[] = [];
  const joiner = new ParquetJoiner((bytes) => out.push(bytes.slice()), heldBytes);
  for (const of of files) {
    for (let at = 0; at < of.length; at += pieceBytes) joiner.feed(of.subarray(at, at + pieceBytes));
    joiner.endPart();
  }
  joiner.finish();
  return concat(...out);
}

describe("joining Parquet files", () => {
  it("keeps the data in order, and moves each offset to where its data went", () => {
    const [a, b] = ["A".repeat(3000), "B".repeat(1500)];
    for (const pieceBytes of [1, 3, 100, 512]) {
      const bytes = joined([file(a, footerOf("s", 10n)), file(b, footerOf("s", 5n)), file("", footerOf("s", 0n))], pieceBytes);
      const footerBytes = new DataView(bytes.buffer).getUint32(bytes.length - 8, true);
      expect(Buffer.from(bytes.subarray(0, bytes.length - 8 - footerBytes)).toString()).toBe(`PAR1${a}${b}`);
      const footer = readFooter(bytes.slice(bytes.length - 8 - footerBytes, bytes.length - 8));
      expect(footer.rows).toBe(15n);
      const again = joinedFooter([{ footer, movedBytes: 0 }]);
      expect(Buffer.from(again).equals(Buffer.from(bytes.slice(bytes.length - 8 - footerBytes, bytes.length - 8)))).toBe(true);
      const offsets = JSON.stringify(footer.metadata.get(4), (_, of: unknown) =>
        typeof of === "bigint" ? String(of) : of instanceof Map ? [...of] : of,
      );
      expect(offsets).toContain('"3004"');
      expect(offsets).toContain('"4504"');
    }
  });

  it("refuses other schemas, other files, cut files, page indexes and footers it cannot hold", () => {
    const good = file("x", footerOf("s", 1n));
    const wrong = [
      [good, file("x", footerOf("t", 1n))],
      [utf8("no such file at all")],
      [good.subarray(0, -1)],
      [concat(utf8("JUNK"), good.subarray(4))],
      [file("x", footerOf("s", 1n, [[4, thriftInteger(9n)]]))],
      [file("x", footerOf("s".repeat(2000), 1n))],
      [],
    ];
    for (const files of wrong) expect(() => joined(files, 100)).toThrow(RangeError);
  });
});

it("plain parts follow each other as they are", () => {
  const out: string[] = [];
  const joiner = plainJoiner((bytes) => out.push(Buffer.from(bytes).toString()));
  joiner.feed(utf8("a,b\n"));
  joiner.endPart();
  joiner.feed(utf8("1,2\n"));
  joiner.endPart();
  joiner.finish();
  expect(out.join("")).toBe("a,b\n1,2\n");
});
