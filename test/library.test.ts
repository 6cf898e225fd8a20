import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { CivilDate, Law } from "../src/index.ts";
import { decide, firstBroken, loadLaw, matrix, timeline, verifyReceipt } from "../src/index.ts";

const toIce = {
  from: "hhs-cms",
  to: "dhs-ice",
  purpose: "immigration-enforcement",
  origin: "CA",
  population: "unlawfully-present",
  field: "address",
  evidence: ["request-1360b"],
};
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, "vectors", "ledger.json"), "utf8")) as {
  readonly key: { readonly vkey: string };
  readonly receipt: string;
};

let law: Law;
beforeAll(async () => {
  const loaded = await loadLaw();
  if (!loaded.ok) throw new Error("the shipped law does not load");
  law = loaded.value;
});

describe("the library", () => {
  it("decides on the day asked about, else today", () => {
    expect(decide(law, { ...toIce, on: "2026-01-07" })).toMatchObject({ ok: true, value: { outcome: "permitted" } });
    expect(decide(law, toIce, { today: "2025-09-01" as CivilDate })).toMatchObject({ ok: true, value: { outcome: "barred" } });
  });

  it("opens nothing at a grade that is not admitted", () => {
    const answer = decide(law, { ...toIce, on: "2026-01-07" }, { admitted: ["read"] });
    expect(answer).toMatchObject({ ok: true });
    expect(answer.ok && answer.value.outcome).not.toBe("permitted");
  });

  it("answers a misspelt word with the nearest", () => {
    expect(decide(law, { ...toIce, field: "adress" })).toMatchObject({ ok: false, problems: [{ code: "E_WORD" }] });
  });

  it("follows a question over days, and refuses a span that ends before it starts", () => {
    const turns = timeline(law, toIce, "2025-12-01", "2026-06-30");
    expect(turns.ok && turns.value.map(({ verdict }) => verdict.outcome)).toEqual(["barred", "permitted", "barred"]);
    expect(timeline(law, toIce, "2026-01-02", "2026-01-01")).toMatchObject({ ok: false, problems: [{ code: "E_DATE" }] });
  });

  it("lays origins and kinds of data out, and takes no misspelt one", () => {
    const rows = matrix(law, { ...toIce, on: "2026-01-07" }, ["CA", "TX"], ["address", "diagnosis"]);
    expect(rows.ok && rows.value.flatMap((row) => row.origins).sort()).toEqual(["CA", "TX"]);
    expect(matrix(law, toIce, ["CA", "ZZ"], ["address"])).toMatchObject({ ok: false });
    expect(matrix(law, toIce, ["CA"], ["address", "adress"])).toMatchObject({ ok: false });
  });

  it("verifies a receipt, and refuses one with a byte changed", () => {
    const verified = verifyReceipt(new TextEncoder().encode(vectors.receipt), vectors.key.vkey);
    expect(verified.ok && firstBroken(verified.value)).toBeUndefined();
    expect(verified.ok && verified.value.result.ok).toBe(true);
    const altered = verifyReceipt(new TextEncoder().encode(vectors.receipt.replace("hhs-oig", "hhs-oih")), vectors.key.vkey);
    expect(altered.ok && altered.value.result.ok).toBe(false);
  });
});
