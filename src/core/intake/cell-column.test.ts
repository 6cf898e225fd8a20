import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../base/bytes.ts";
import type { ColumnRows } from "../parquet/column-chunk.ts";
import { CellColumn, MISSING, UNLISTED, type WriteValue } from "./cell-column.ts";

const asItIs: WriteValue = (bytes, from, to, out) => {
  if (bytes[from] === 0x21) return "begins with a bang";
  out.bytes.set(bytes.subarray(from, to), out.length);
  out.length += to - from;
  return undefined;
};

/** What a column holds, blanks as undefined. */
function texts(rows: ColumnRows): readonly (string | undefined)[] {
  const values = "dictionary" in rows ? rows.dictionary : rows.listed;
  let next = 0;
  return Array.from(rows.slots.subarray(0, rows.rows), (slot) => {
    if (slot === 0) return undefined;
    const at = "dictionary" in rows ? slot - 1 : next++;
    return Buffer.from(values.bytes.subarray(values.startOf(at), values.startOf(at + 1))).toString();
  });
}

type Row = { readonly text: string; readonly kept: boolean; readonly lenient: boolean };

/** Gives the rows to a column that knows a list, one row group. */
function taken(rows: readonly Row[], news: CellColumn[] = []): { readonly column: CellColumn; readonly kept: readonly string[] } {
  const column = new CellColumn(
    { type: "text", write: asItIs, required: true, isListed: (bytes, from, to) => to - from < 4 || bytes[from] !== 0x7a },
    news,
  );
  const kept: string[] = [];
  for (const { text, kept: wanted, lenient } of rows) {
    const bytes = utf8(`..${text}..`);
    const wrong = column.offer(kept.length, bytes, 2, bytes.length - 2, lenient);
    const unlisted = text.length >= 4 && text.startsWith("z") && !lenient;
    expect(wrong).toBe(text === "" ? MISSING : text.startsWith("!") ? "begins with a bang" : unlisted ? UNLISTED : undefined);
    if (wrong === undefined && wanted) {
      for (const one of news) one.settle(kept.length);
      kept.push(text);
    } else column.drop(kept.length);
    news.length = 0;
  }
  return { column, kept };
}

const word = fc.oneof(
  fc.stringMatching(/^[a-z!]{0,3}$|^[ab]{10,14}$/),
  fc.constantFrom("a", "b", "c", "a longer value", "zabc", "zabcd", "zabcdabcdabcdabcd"),
);
const row: fc.Arbitrary<Row> = fc.record({ text: word, kept: fc.boolean(), lenient: fc.boolean() });

describe("a column", () => {
  it("holds what was kept, and answers as if it checked every value anew", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 200 }), (rows) => {
        const { column, kept } = taken(rows);
        expect(texts(column.rows(kept.length))).toEqual(kept);
      }),
    );
  });

  it("holds nothing of rows that were not kept", () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 100 }), (rows) => {
        const { column, kept } = taken(rows);
        const held = column.rows(kept.length);
        const values = "dictionary" in held ? held.dictionary : held.listed;
        expect(values.count).toBe(new Set(kept).size);
        expect(values.length).toBe([...new Set(kept)].reduce((sum, text) => sum + text.length, 0));
      }),
    );
  });

  const column = (type: "text" | "integer", rows: number, text: (row: number) => string): CellColumn => {
    const news: CellColumn[] = [];
    const made = new CellColumn({ type, write: asItIs }, news);
    for (let at = 0; at < rows; at += 1) {
      const bytes = utf8(text(at));
      if (at % 3 === 0) {
        made.offer(at, utf8("dropped"), 0, 7, false);
        made.drop(at);
        news.length = 0;
      }
      made.offer(at, bytes, 0, bytes.length, false);
      for (const one of news) one.settle(at);
      news.length = 0;
    }
    return made;
  };

  it.each([
    ["repeat", true, (at: number) => `v${at % 1000}`],
    ["repeat, and are long", true, (at: number) => `a long value, of which there are ${at % 900}`],
    ["are mostly blank", true, (at: number) => (at % 100 === 0 ? `v${at % 3}` : "")],
    ["do not repeat", false, (at: number) => `id ${at}`],
    ["do not repeat, with blanks", false, (at: number) => (at % 4 === 0 ? "" : `id ${at}`)],
    ["are too many to name", false, (at: number) => `v${(at * 7) % 66_000}`],
    ["are too long to name", false, (at: number) => `${"x".repeat(600)}${at % 2000}`],
  ] as const)("keeps values that %s, in a dictionary: %s", (_, named, text) => {
    const rows = 70_000;
    const made = column("text", rows, text);
    for (const count of [rows, 100]) {
      const held = made.rows(count);
      expect("dictionary" in held).toBe(named);
      expect(texts(held)).toEqual(Array.from({ length: count }, (__, at) => text(at) || undefined));
      made.clear();
      for (let at = 0; at < 100; at += 1) {
        const bytes = utf8(text(at));
        made.offer(at, bytes, 0, bytes.length, false);
        made.settle(at);
      }
    }
  });

  it("tells values apart that share their first bytes, or lack them", () => {
    const values = [
      "a",
      "\0a",
      "a\0",
      "aaaa",
      "aaaaa",
      "aaaaaaaa",
      "aaaaaaaaa",
      "a".repeat(12),
      "a".repeat(13),
      "a".repeat(16),
      "a".repeat(17),
    ];
    const made = column("text", values.length * 2, (at) => values[at % values.length] ?? "");
    expect(texts(made.rows(values.length * 2))).toEqual([...values, ...values]);
  });
});
