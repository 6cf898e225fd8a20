import { expect, it } from "vitest";
import { instrument, permit, smallLaw } from "../../test/law/small-law.ts";
import type { CivilDate } from "../core/base/civil-date.ts";
import type { Law } from "../core/law/law.ts";
import { dayView } from "../core/verdict/day-view.ts";
import { lawHash } from "../core/verdict/law-hash.ts";
import { hashOn, recallHashes } from "./law-hashes.ts";
import { sha256 } from "./sha256.ts";

const load = (): Law => smallLaw(instrument("open", { effective: "2025-06-01" }, permit()));
const on = (law: Law, day: string, grades: Parameters<typeof dayView>[2] = ["read"]): ReturnType<typeof dayView> =>
  dayView(law, day as CivilDate, grades);

function memory(): {
  readonly entries: Map<string, string>;
  get(name: string): Promise<string | undefined>;
  put(name: string, text: string): Promise<void>;
} {
  const entries = new Map<string, string>();
  return {
    entries,
    get: async (name) => entries.get(name),
    put: async (name, text) => void entries.set(name, text),
  };
}

it("answers the law's own hash on both sides of a turn of the docket and at every grade", () => {
  const law = load();
  for (const day of ["2019-01-01", "2025-05-31", "2025-06-01", "2026-01-01"])
    for (const grades of [["read"], []] as const) {
      const view = on(law, day, grades);
      expect(hashOn(view)).toBe(lawHash(view, sha256));
    }
  expect(hashOn(on(law, "2025-05-31"))).not.toBe(hashOn(on(law, "2025-06-01")));
});

it("takes over what an earlier process worked out, for the same sources only", async () => {
  const cache = memory();
  const first = load();
  const keep = await recallHashes(first, cache);
  const hash = hashOn(on(first, "2026-01-01"));
  await keep();
  const [name, entry] = [...cache.entries][0] ?? ["", ""];
  expect(name).toContain(first.sourceDigest);

  const marked = entry.slice(65).replace(hash, "0".repeat(64));
  const second = load();
  cache.entries.set(name, `${Buffer.from(sha256(new TextEncoder().encode(marked))).toString("hex")}\n${marked}`);
  await recallHashes(second, cache);
  expect(hashOn(on(second, "2026-01-01"))).toBe("0".repeat(64));
  expect(hashOn(on(second, "2025-01-01"))).toBe(hashOn(on(first, "2025-01-01")));

  const third = smallLaw(instrument("other", { effective: "2025-06-01" }, permit()));
  await recallHashes(third, cache);
  expect(hashOn(on(third, "2026-01-01"))).toBe(hash);
});

it("works a hash out again when the entry is damaged", async () => {
  const cache = memory();
  const first = load();
  const keep = await recallHashes(first, cache);
  const hash = hashOn(on(first, "2026-01-01"));
  await keep();
  for (const [name, entry] of cache.entries) cache.entries.set(name, entry.replace(hash, "0".repeat(64)));
  const second = load();
  await recallHashes(second, cache);
  expect(hashOn(on(second, "2026-01-01"))).toBe(hash);
});
