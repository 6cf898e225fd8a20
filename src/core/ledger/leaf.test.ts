import { describe, expect, it } from "vitest";
import { utf8 } from "../base/bytes.ts";
import { encodeLeaf, parseLeaf, type LeafOf } from "./leaf.ts";

const LEAF: LeafOf<"released"> = {
  type: "writ-leaf/1",
  kind: "released",
  id: "0".repeat(32),
  time: "2026-11-24T12:00:00Z",
  custodian: "hhs-cms",
  releaseId: "1".repeat(32),
  intentIndex: 3,
};

describe("an entry of the ledger", () => {
  it("is read back from its own bytes", () => {
    expect(parseLeaf(encodeLeaf(LEAF), "f")).toEqual({ ok: true, value: LEAF });
  });

  it.each(['{"a":0.5}', '{"a":1e400}', String.raw`{"a":"\ud800"}`, "null", "[]", "{", '{"b":1,"a":2}', '{ "a":1}'])(
    "is refused, never thrown at: %s",
    (text) => {
      const read = parseLeaf(utf8(text), "f");
      expect(read.ok ? [] : read.problems.map(({ code }) => code)).toEqual(["E_LEDGER"]);
    },
  );

  it("is refused in bytes that are no UTF-8", () => {
    expect(parseLeaf(Uint8Array.of(0x22, 0xff, 0x22), "f").ok).toBe(false);
  });
});
