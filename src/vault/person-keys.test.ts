import { describe, expect, it } from "vitest";
import { utf8, uuidText } from "../core/base/bytes.ts";
import { openPersonKeys, personKeys } from "./person-keys.ts";

describe("person keys", () => {
  const keys = personKeys(Uint8Array.from({ length: 32 }, (_, at) => at));
  const key = (state: string, id: string): string => {
    const bytes = utf8(`..${id}..`);
    return uuidText(keys.keyOf(state, bytes, 2, bytes.length - 2));
  };
  it("are those of docs/formats/dataset.md", () => {
    const [ca, tx] = ["8609eb65-e04d-e9e7-8493-5ea6fb118947", "13ef12e2-94b4-3550-5908-912626de441f"];
    expect([key("CA", "A1"), key("TX", "A1"), key("CA", "A1")]).toEqual([ca, tx, ca]);
    expect(new Set([key("CA", "A"), key("CA", "B"), key("CA", "A2")]).size).toBe(3);
  });
  it("need a whole master key", () => {
    expect(() => openPersonKeys("no-such-folder")).toThrow("the master key master.key is missing or damaged");
  });
});
