import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv } from "./csv.ts";

const shape = { columns: ["a", "b"], optional: ["c"] };

describe("CSV", () => {
  it("reads quoted cells, CRLF, a byte order mark and skips empty lines", () => {
    const read = parseCsv("x.csv", '\uFEFFa,b\r\n1,"say ""no"", he said"\r\n\r\n,\n', shape);
    expect(read.ok && read.value.map((row) => [row.line, row.cell("a"), row.cell("b"), row.cell("c")])).toEqual([
      [2, "1", 'say "no", he said', ""],
      [4, "", "", ""],
    ]);
  });
  it("names the place of a cell", () => {
    const read = parseCsv("x.csv", "a,b\n12,34\n", shape);
    expect(read.ok && read.value[0]?.at("b")).toEqual({ file: "x.csv", line: 2, column: 4 });
  });
  it("counts the lines within a quoted cell", () => {
    const read = parseCsv("x.csv", 'a,b\n"1\n2",x\n3,y\n', shape);
    expect(read.ok && read.value.map((row) => row.line)).toEqual([2, 4]);
  });
  it("returns all problems at once", () => {
    const read = parseCsv("x.csv", "a,d\n1\n1,2,3\n", shape);
    expect(read.ok ? [] : read.problems.map((found) => found.message)).toEqual([
      'column "b" is missing',
      'unknown column "d"',
      "1 cells where the header names 2 columns",
      "3 cells where the header names 2 columns",
    ]);
  });
  it("refuses an open quotation mark", () => {
    expect(parseCsv("x.csv", 'a,b\n1,"2\n', shape).ok).toBe(false);
    expect(parseCsv("x.csv", 'a,b\n1,2"3\n', shape).ok).toBe(false);
  });
  it("reads back what quoting wrote", () => {
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string())), (rows) => {
        const text = `a,b\n${rows.map(([a, b]) => `${quote(a)},${quote(b)}\n`).join("")}`;
        const read = parseCsv("x.csv", text, shape);
        expect(read.ok && read.value.map((row) => [row.cell("a"), row.cell("b")])).toEqual(rows);
      }),
    );
  });
});
