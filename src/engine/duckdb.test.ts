import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { literal } from "../core/extract/duckdb-printer.ts";
import { openDuckdb } from "./duckdb.ts";
import { pseudonymCipher, pseudonymFunction, pseudonymOf } from "./duckdb-pseudonym.ts";

describe("the locked-down engine", () => {
  it("reaches its folders and nothing else, and cannot be unlocked", async () => {
    const [inside, outside] = [mkdtempSync(join(tmpdir(), "writ-in-")), mkdtempSync(join(tmpdir(), "writ-out-"))];
    writeFileSync(join(inside, "a.csv"), "x\n1\n");
    writeFileSync(join(outside, "a.csv"), "x\n1\n");
    const engine = await openDuckdb({ folders: [inside] });
    expect(await engine.rows(`SELECT * FROM read_csv(${literal(join(inside, "a.csv"))})`)).toEqual([["1"]]);
    const refused = [
      `SELECT * FROM read_csv(${literal(join(outside, "a.csv"))})`,
      `SELECT * FROM read_csv(${literal(join(inside, "..", "..", "etc", "passwd"))})`,
      `SELECT * FROM glob('/etc/*')`,
      `COPY (SELECT 1) TO ${literal(join(outside, "b.csv"))}`,
      `ATTACH ${literal(join(outside, "c.db"))}`,
      "SET enable_external_access = true",
      "SET temp_directory = '/tmp'",
      "SET memory_limit = '100GB'",
      "RESET lock_configuration",
      "INSTALL httpfs",
      "LOAD httpfs",
      "SELECT * FROM read_csv('https://example.invalid/a.csv')",
    ];
    for (const sql of refused) await expect(engine.run(sql), sql).rejects.toMatchObject({ problems: [{ code: "E_IO" }] });
    expect(existsSync(join(outside, "b.csv"))).toBe(false);
    engine.close();
  });

  it("is as locked beside itself, with the same data and clock", async () => {
    const engine = await openDuckdb({ folders: [], keys: [{ id: "k", secret: new Uint8Array(32) }] });
    const other = await engine.beside();
    await engine.run("CREATE TABLE shared AS SELECT 1 AS x");
    const told =
      "FROM shared WHERE current_setting('TimeZone') = 'UTC' AND current_setting('disabled_optimizers') LIKE '%filter_pushdown%'";
    expect(await other.run(`INSERT INTO shared ${told}`)).toBe(1);
    expect(await engine.rows("SELECT count(*) FROM shared")).toEqual([["2"]]);
    for (const sql of ["SET TimeZone = 'Asia/Tokyo'", "SET memory_limit = '100GB'", "SELECT * FROM glob('/etc/*')"])
      await expect(other.run(sql), sql).rejects.toMatchObject({ problems: [{ code: "E_IO" }] });
    engine.close();
  });

  it("does not repeat in its errors what a statement holds", async () => {
    const engine = await openDuckdb({ folders: [] });
    await expect(engine.run("SELECT CAST('SECRET-VALUE' AS DATE)")).rejects.toMatchObject({
      message: expect.not.stringContaining("SECRET") as string,
    });
    engine.close();
  });
});

describe("pseudonyms", () => {
  const key = randomBytes(32);

  it("are AES-256 of the key's bytes as written, over whole vectors, and keep what is missing missing", async () => {
    const engine = await openDuckdb({ folders: [], functions: [await pseudonymFunction(key)] });
    const rows = await engine.rows(
      `SELECT k::VARCHAR, writ_pseudonym(k)::VARCHAR FROM (SELECT CASE WHEN i % 3 > 0 THEN md5(i::VARCHAR)::UUID END AS k FROM range(10000) t(i))`,
    );
    const cipher = pseudonymCipher(key);
    const wrong = rows.filter(([from, to]) => to !== (typeof from === "string" ? pseudonymOf(cipher, from) : null));
    expect(wrong).toEqual([]);
    expect(rows.filter(([, to]) => to === null).length).toBe(3334);
    engine.close();
  });

  it("of a known key are those of the standard", () => {
    // FIPS 197, appendix C.3.
    const standard = Uint8Array.from({ length: 32 }, (_, at) => at);
    expect(pseudonymOf(pseudonymCipher(standard), "00112233-4455-6677-8899-aabbccddeeff")).toBe("8ea2b7ca-5167-45bf-eafc-49904b496089");
    expect(() => pseudonymCipher(new Uint8Array(16))).toThrow("32 bytes");
  });
});
