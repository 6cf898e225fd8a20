import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../base/bytes.ts";
import type { Catalogue, Element } from "../catalog/catalogue.ts";
import { cutQuoted } from "./cut-quoted.ts";
import { readHeader } from "./header.ts";
import type { Line } from "./lines.ts";
import { lineCutter } from "./lines.ts";
import { parseManifest } from "./manifest.ts";
import type { DateForm } from "../catalog/catalogue.ts";
import { parsePicture } from "./picture.ts";
import { rowBuffer } from "./row-buffer.ts";
import { writeTableDate } from "./table-date.ts";
import { writeDate, writeDecimal, writeDigits, writeText } from "./value.ts";

type Write = (bytes: Uint8Array, from: number, to: number, out: ReturnType<typeof rowBuffer>) => string | undefined;
/** The stored form, or the reason in brackets. */
function stored(text: string, write: Write, read: (form: Uint8Array) => string = (form) => new TextDecoder().decode(form)): string {
  const [bytes, out] = [utf8(text), rowBuffer()];
  const reason = write(bytes, 0, bytes.length, out);
  return reason === undefined ? read(out.bytes.slice(0, out.length)) : `(${reason})`;
}

const asInteger = (form: Uint8Array): string => String(new DataView(form.buffer).getBigInt64(0, true));
const asDay = (form: Uint8Array): string => new Date(new DataView(form.buffer).getInt32(0, true) * 86_400_000).toISOString().slice(0, 10);

describe("pictures", () => {
  it("tell size and kind", () => {
    expect(parsePicture("X(30)")).toEqual({ kind: "text", length: 30 });
    expect(parsePicture("9(8)")).toEqual({ kind: "number", signed: false, digits: 8, decimals: 0 });
    expect(parsePicture("S9(11)V99")).toEqual({ kind: "number", signed: true, digits: 11, decimals: 2 });
    for (const text of ["", "X()", "Z(3)", "9(8)V"]) expect(parsePicture(text)).toBeUndefined();
  });
});

describe("amounts", () => {
  const cents = (text: string, implied = true): string =>
    stored(
      text,
      (bytes, from, to, out) => writeDecimal(bytes, from, to, { digits: 11, decimals: 2, signed: true, implied }, out),
      asInteger,
    );

  it("become integer cents, the point implied or written", () => {
    const read = ["0000000012345", "123.45", "-123.45", "12345-", "+.5", "0", "7", "00000000123.40"].map((text) => cents(text));
    expect(read).toEqual(["12345", "12345", "-12345", "-12345", "50", "0", "7", "12340"]);
    expect(["12", "12.5", "-3"].map((text) => cents(text, false))).toEqual(["1200", "1250", "-300"]);
  });
  it("are refused when they are something else", () => {
    for (const text of ["1.234", "1.", ".", "-", "1,000.00", "12a", "1.2.3", "12345678901234", "123456789012.00", "1 2"]) {
      expect(cents(text)).toMatch(/^\(/);
    }
  });
  it("agree with exact arithmetic", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -9_999_999_999_999n, max: 9_999_999_999_999n }), (value) => {
        const digits = String(value < 0n ? -value : value).padStart(3, "0");
        const text = `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        expect(BigInt(cents(text))).toBe(value);
      }),
    );
  });
});

describe("whole numbers of tables", () => {
  it("are exact to their last digit", () => {
    const form = { digits: 18, decimals: 0, signed: true, implied: false };
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), (value) => {
        expect(stored(String(value), (bytes, from, to, out) => writeDecimal(bytes, from, to, form, out), asInteger)).toBe(String(value));
      }),
    );
  });
});

describe("dates, digits and text", () => {
  it("take days that exist, and the open end where it may stand", () => {
    const date = (text: string, open = false): string =>
      stored(text, (bytes, from, to, out) => writeDate(bytes, from, to, open, out), asDay);
    expect(["20240229", "18000101", "20991231"].map((text) => date(text))).toEqual(["2024-02-29", "1800-01-01", "2099-12-31"]);
    expect(date("99991231", true)).toBe("9999-12-31");
    for (const text of ["20250229", "20251301", "20250100", "00000000", "21000101", "17991231", "2025010", "2025-1-1", "99991231"]) {
      expect(date(text)).toMatch(/^\(/);
    }
    const tables = (form: DateForm, text: string): string =>
      stored(text, (bytes, from, to, out) => writeTableDate(form, bytes, from, to, out), asDay);
    expect(tables("YYYY-MM-DD", "2024-02-29")).toBe("2024-02-29");
    expect(tables("YYYYMMDD", "20240229")).toBe("2024-02-29");
    expect(tables("MM/DD/YYYY", "02/29/2024")).toBe("2024-02-29");
    for (const text of ["29-FEB-2024", "29-Feb-2024"]) expect(tables("DD-MON-YYYY", text)).toBe("2024-02-29");
    for (const text of ["20240229", "2023-02-29", "2024-2-29"]) expect(tables("YYYY-MM-DD", text)).toMatch(/^\(/);
    for (const text of ["29-Fex-2024", "31-Apr-2024", "29/Feb/2024", "9-Feb-2024"]) expect(tables("DD-MON-YYYY", text)).toMatch(/^\(/);
  });
  it("keep leading zeros, and refuse control characters, pipes and other encodings", () => {
    expect(stored("012345678", (bytes, from, to, out) => writeDigits(bytes, from, to, 9, out))).toBe("012345678");
    const text = (value: string): string => stored(value, (bytes, from, to, out) => writeText(bytes, from, to, 5, false, out));
    expect(["MUÑOZ", "日本語"].map(text)).toEqual(["MUÑOZ", "日本語"]);
    for (const value of ["ABCDEF", "A|B", "A\u001fB", "A\tB", "\u007f"]) expect(text(value)).toMatch(/^\(/);
    const latin = Uint8Array.of(0x4d, 0xd1);
    expect(writeText(latin, 0, 2, 5, false, rowBuffer())).toBe("is not UTF-8 text");
  });
});

describe("lines", () => {
  it("are the same however the bytes arrive", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-c]{0,5}$/)), fc.constantFrom("\n", "\r\n"), fc.array(fc.nat(20)), (texts, end, cuts) => {
        const bytes = utf8(texts.map((text) => text + end).join(""));
        const cutter = lineCutter();
        const found: string[] = [];
        const take = ({ bytes: of, from, to, line, byte }: Line): boolean => {
          found.push(new TextDecoder().decode(of.subarray(from, to)));
          expect([line, new TextDecoder().decode(bytes.subarray(byte, byte + to - from))]).toEqual([found.length, found.at(-1)]);
          return true;
        };
        let at = 0;
        for (const size of [...cuts, bytes.length]) {
          cutter.push(bytes.slice(at, at + size), take);
          at += size;
        }
        expect(found).toEqual(texts);
        expect(cutter.rest().to).toBe(0);
      }),
    );
  });
});

describe("quoted cells", () => {
  const cells = (text: string): readonly string[] | number => {
    const [bytes, cut] = [utf8(text), { starts: new Int32Array(20), stops: new Int32Array(20) }];
    const count = cutQuoted(bytes, 0, bytes.length, cut);
    return count < 0
      ? count
      : Array.from({ length: count }, (_, at) => new TextDecoder().decode(bytes.subarray(cut.starts[at], cut.stops[at])));
  };
  it("may hold commas and doubled quotes", () => {
    expect(cells('a, b ,"c,d","say ""hi""",')).toEqual(["a", "b", "c,d", 'say "hi"', ""]);
    expect(cells("")).toEqual([""]);
    for (const text of ['"a', '"a"b', '"a""']) expect(cells(text)).toBe(-1);
  });
});

/** A header with or without SSN-INDICATOR, as the two shapes of T-MSIS have it. */
function headed(prefix: string, withIndicator: boolean): Catalogue {
  const sizes: readonly (readonly [string, number, string])[] = [
    ...[["RECORD-ID", 8, "X(8)"], ["DATA-DICTIONARY-VERSION", 10, "X(10)"], ["SUBMISSION-TRANSACTION-TYPE", 1, "X(1)"]] as const,
    ...[["FILE-ENCODING-SPECIFICATION", 3, "X(3)"], ["SUBMITTING-STATE", 2, "X(2)"], ["START-OF-TIME-PERIOD", 8, "9(8)"]] as const,
    ...[["END-OF-TIME-PERIOD", 8, "9(8)"], ["FILE-STATUS-INDICATOR", 1, "X(1)"]] as const,
    ...(withIndicator ? ([["SSN-INDICATOR", 1, "X(1)"]] as const) : []),
    ...[["TOT-REC-CNT", 11, "9(11)"], ["SEQUENCE-NUMBER", 4, "X(4)"]] as const,
  ]; // prettier-ignore
  let stop = 0;
  const elements = sizes.map(([name, size, picture]): Element => {
    const start = stop + 1;
    stop += size;
    const type = name.endsWith("PERIOD") ? "date" : picture.startsWith("9") ? "integer" : "text";
    return { id: name, name, picture, type, start, stop, necessity: "", category: "structural" };
  });
  const person: Element = {
    id: "P",
    name: "MSIS-IDENTIFICATION-NUM",
    picture: "X(20)",
    type: "text",
    start: 1,
    stop: 20,
    necessity: "",
    category: "medicaid-id",
  };
  return {
    dataset: `tmsis/${prefix.toLowerCase()}`,
    version: "2.4",
    title: "",
    form: "tmsis",
    recordLengthBytes: stop,
    personElement: "MSIS-IDENTIFICATION-NUM",
    about: "people",
    segments: [
      { id: `${prefix}00001`, name: "", elements, key: [], special: "none" },
      ...(withIndicator ? [{ id: `${prefix}00002`, name: "", elements: [person], key: [], special: "none" as const }] : []),
    ],
    facets: { origin: { segment: `${prefix}00001`, column: "SUBMITTING-STATE", map: { "06": "CA" } } },
  };
}

describe("headers", () => {
  const catalogues = [headed("ELG", true), headed("MCR", false)];
  const read = (text: string): ReturnType<typeof readHeader> => {
    const bytes = utf8(text);
    return readHeader("f", { bytes, from: 0, to: bytes.length, line: 1, byte: 0 }, catalogues);
  };
  it("of both shapes give the same counts", () => {
    const start = (prefix: string): string => `${prefix}000012.4       CFLF062025120120251231P`;
    const [person, plan] = [read(`${start("ELG")}100000000123   1`), read(`${start("MCR")}000000001231   `)];
    expect(person.ok && person.value.header).toMatchObject({ count: 123, sequence: 1, idIsSsn: true, period: "2025-12", origin: "CA" });
    expect(plan.ok && plan.value.header).toMatchObject({ count: 123, sequence: 1, idIsSsn: false });
  });
  it("are read between pipes, spelling the version loosely", () => {
    const piped = read("MCR00001|V2.4.0|C|PSV|06|20250201|20250228|P|7|1");
    expect(piped.ok && piped.value.header).toMatchObject({ encoding: "PSV", count: 7, period: "2025-02" });
  });
  it("tell all that is wrong at once", () => {
    const wrong = read("MCR00001|2.4|X|PSV|07|20250201|20250301|P||10000");
    expect(wrong.ok ? [] : wrong.problems.map(({ message }) => message)).toEqual(["SEQUENCE-NUMBER is longer than 4 characters (E1001)"]);
    const more = read("MCR00001|2.4|X|PSV|07|20250201|20250301|P||0");
    expect(more.ok ? 0 : more.problems.length).toBe(5);
    expect(read("MCR00001|2.4|C").ok).toBe(false);
  });
});

describe("manifests", () => {
  it("count only in their canonical bytes", () => {
    for (const text of ["", "{}", '{"format":"writ-dataset/1"}', "[1"]) expect(parseManifest("m", utf8(text)).ok).toBe(false);
  });
});
