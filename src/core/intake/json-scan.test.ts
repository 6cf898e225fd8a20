import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "../base/bytes.ts";
import { jsonPathText, parseJsonPath } from "../catalog/json-path.ts";
import type { JsonNode, JsonReader } from "./json-scan.ts";
import { jsonNode, JsonScan } from "./json-scan.ts";

/** Every single value of a line by its path, or the offset at which it is no JSON. */
function valuesOf(bytes: Uint8Array): ReadonlyMap<string, string> | number {
  const [root, values] = [jsonNode(), new Map<string, string>()];
  const paths = new Map<JsonNode, string>([[root, "$"]]);
  const below = (parent: JsonNode, step: string | number): JsonNode => {
    const node = jsonNode();
    paths.set(node, `${paths.get(parent)}/${step}`);
    return node;
  };
  const reader: JsonReader = {
    key: below,
    item: below,
    nested: () => undefined,
    value: (node, from, start, to) =>
      void values.set(
        node === undefined ? "" : (paths.get(node) ?? ""),
        new TextDecoder("utf-8", { ignoreBOM: true }).decode(from.subarray(start, to)),
      ),
  };
  const wrong = new JsonScan(reader).scan(bytes, 0, bytes.length, root);
  return wrong < 0 ? values : wrong;
}

/** The same from what the platform's own parser makes of it. Line breaks and tabs are blanks. */
function expected(value: unknown, path = "$", values: Map<string, string> = new Map()): ReadonlyMap<string, string> {
  if (Array.isArray(value)) for (const [at, item] of value.entries()) expected(item, `${path}/${at}`, values);
  else if (typeof value === "object" && value !== null)
    for (const [key, item] of Object.entries(value)) expected(item, `${path}/${key}`, values);
  else if (value !== null) values.set(path, typeof value === "string" ? value.replaceAll(/[\n\r\t]/g, " ") : JSON.stringify(value));
  return values;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

describe("reading JSON", () => {
  it("finds the values that the platform's parser finds", () => {
    const documents = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 4, stringUnit: "grapheme" }));
    fc.assert(
      fc.property(documents, fc.constantFrom(0, 1), (document, indent) => {
        const text = JSON.stringify(document, null, indent).replaceAll("\n", " ");
        expect(valuesOf(utf8(text))).toEqual(expected(JSON.parse(text)));
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it("takes for JSON what the platform's parser does, and nothing else", () => {
    const pieces = ["{", "}", "[", "]", ":", ",", '"', '"a"', '"\\u00e9\\ud83d\\ude00"', '"\\x"', "\\", "-", "0", "01", "1.5e+3", ".", "true", "null", "nul", " ", "\u0001", "é"]; // prettier-ignore
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (some) => {
        for (const text of [some.join(""), `{"k":${some.join("")}}`])
          expect(typeof valuesOf(utf8(text)) === "object").toBe(isObject(parsed(text)));
      }),
      { numRuns: 2000, seed: 11 },
    );
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 20 }), (start, end) => {
        valuesOf(start);
        valuesOf(Uint8Array.of(0x7b, 0x22, 0x61, 0x22, 0x3a, ...end));
      }),
      { numRuns: 500, seed: 13 },
    );
  });

  it("keeps every digit, and says where it goes wrong", () => {
    expect(valuesOf(utf8('{"n":12345678901234567890.10}'))).toEqual(new Map([["$/n", "12345678901234567890.10"]]));
    expect(valuesOf(utf8('{"a":1,}'))).toBe(7);
    expect(valuesOf(utf8('{"a":"x'))).toBe(7);
    expect(valuesOf(utf8('[{"a":1}]'))).toBe(0);
    expect(valuesOf(utf8(`{"a":${"[".repeat(100)}${"]".repeat(100)}}`))).toBeGreaterThan(5);
  });
});

describe("paths", () => {
  it.each(["name", "name[0].family", "a.b[12].c[0][1]", "us-core$x", "Straße.ort"])("%s is read and written alike", (path) => {
    expect(jsonPathText(parseJsonPath(path) ?? [])).toBe(path);
  });

  it.each(["", ".a", "a.", "a..b", "[0]", "a[x]", "a[0]b", "a[", "a]", "a[100]", "a.[0]"])("%j is none", (path) => {
    expect(parseJsonPath(path)).toBeUndefined();
  });
});
