import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64, fromBase64, fromHex, hex } from "./bytes.ts";
import { canonicalJson } from "./canonical-json.ts";
import { addDays, civilDate, day } from "./civil-date.ts";
import { nearest } from "./nearest.ts";
import { exitCodeOf, problem, problemText } from "./problem.ts";

describe("civil dates", () => {
  it("accepts days that exist and no others", () => {
    expect(civilDate("2024-02-29").ok).toBe(true);
    for (const text of ["2025-02-29", "2025-13-01", "2025-1-1", "", "2025-04-31"]) expect(civilDate(text).ok).toBe(false);
  });
  it("moves across month and year ends", () => {
    expect(addDays(day("2025-12-31"), 1)).toBe("2026-01-01");
    expect(addDays(day("2026-03-01"), -1)).toBe("2026-02-28");
  });
});

describe("canonical JSON", () => {
  it("sorts keys by UTF-16 and refuses fractions", () => {
    expect(canonicalJson({ b: 1, a: ["é", null, true] })).toBe('{"a":["é",null,true],"b":1}');
    expect(() => canonicalJson(0.5)).toThrow(RangeError);
    expect(() => canonicalJson(2 ** 53)).toThrow(RangeError);
  });
});

describe("bytes", () => {
  it("round trips hex and base64", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(hex(bytes))).toEqual(bytes);
        expect(fromBase64(base64(bytes))).toEqual(bytes);
      }),
    );
  });
  it("refuses other spellings of the same bytes", () => {
    expect(fromBase64("AA==")).toEqual(new Uint8Array(1));
    for (const text of ["AB==", "AA", "AA= =", "_A=="]) expect(fromBase64(text)).toBeUndefined();
    expect(fromHex("0G")).toBeUndefined();
    expect(fromHex("AA")).toBeUndefined();
  });
});

describe("problems", () => {
  it("print position first and the remedy last", () => {
    const found = problem("E_WORD", 'unknown field "adress"', {
      hint: 'did you mean "address"?',
      at: { file: "r.yaml", line: 3, column: 7 },
    });
    expect(problemText(found)).toBe('error: r.yaml:3:7: unknown field "adress"\nhint: did you mean "address"?');
    expect(exitCodeOf([found])).toBe(2);
  });
  it("name the nearest known word only when it is near", () => {
    expect(nearest("adress", ["address", "phone"])).toBe("address");
    expect(nearest("xyz", ["address", "phone"])).toBeUndefined();
  });
});
