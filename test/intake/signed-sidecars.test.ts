/** Files that come beside submissions, signed by the state or party they speak for. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Printed, writ } from "../command-line.ts";

const MAP = "state,code,from,to,funding,cite\nCA,S1,2014-01-01,,state-only,plan\n";
const STATUS = `state,msis_id,population,source,observed,valid_until,doc_sha256\nCA,A1,lpr,save,2026-01-02,,${"0".repeat(64)}\n`;

let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "writ-signed-"));
  process.chdir(root);
  await writ(["init", "w", "--practice", "--at", "2026-01-07T12:00:00Z"]);
  process.chdir("w");
  for (const name of ["ca-dhcs", "uscis", "stranger"])
    keys.set(name, (await writ(["key", "new", "--signer", name, "-o", `${name}.key`])).stdout.trim());
  writeFileSync("map.csv", MAP);
  writeFileSync("status.csv", STATUS);
});
afterEach(() => {
  process.chdir("/");
  rmSync(root, { recursive: true, force: true });
});

const keys = new Map<string, string>();
const named = (...rows: readonly (readonly [string, string])[]): void => {
  const lines = rows.map(([name, of]) => `  - { name: ${name}, for: ${of}, key: ${keys.get(name)} }`);
  writeFileSync("writ.yaml", `${readFileSync("writ.yaml", "utf8")}sources:\n${lines.join("\n")}\n`);
};
const sign = (file: string, by: string, note: string): Promise<Printed> => writ(["key", "sign", file, "--key", `${by}.key`, "-o", note]);
const takeMap = (...more: readonly string[]): Promise<Printed> => writ(["intake", "--aid-codes", "map.csv", ...more]);
const told = ({ code, stderr }: Printed): string => `${code} ${stderr}`;
const kept = (): number => readdirSync("private/evidence").length;

describe("an aid-code map of a state that signs", () => {
  beforeEach(() => named(["ca-dhcs", "CA"], ["uscis", "dhs-uscis"]));

  it("is taken in with its signature, and says whose it is", async () => {
    await sign("map.csv", "ca-dhcs", "map.note");
    expect((await takeMap("--signed", "map.note")).stdout).toMatch(/aid-code map of CA, signed by ca-dhcs/);
    expect((await writ(["dataset", "list"])).stdout).toContain("signed by ca-dhcs");
  });

  it("is refused without one, under another's, under a stranger's, and once a byte of it is another", async () => {
    expect(told(await takeMap())).toMatch(/^2 error: map.csv: nobody who signs for CA has signed this file\nhint: have ca-dhcs sign it/);
    for (const by of ["uscis", "stranger"]) {
      await sign("map.csv", by, `${by}.note`);
      expect(told(await takeMap("--signed", `${by}.note`))).toMatch(
        new RegExp(`^2 error: "${by}" with key [0-9a-f]{8} is no signer for what speaks for CA`),
      );
    }
    await sign("map.csv", "ca-dhcs", "map.note");
    const note = readFileSync("map.note", "utf8");
    writeFileSync(
      "false.note",
      note.replace(/(ca-dhcs .{20})(.)/, (_, head: string, one: string) => `${head}${one === "A" ? "B" : "A"}`),
    );
    expect(told(await takeMap("--signed", "false.note"))).toMatch(/^22 error: the signature of ca-dhcs is not under this text/);
    writeFileSync("map.csv", MAP.replace("state-only", "federal"));
    expect(told(await takeMap("--signed", "map.note"))).toMatch(/^22 error: map.csv: the note signs another file than this/);
    expect(kept()).toBe(0);
  });

  it("needs no signature of another state, for which nobody signs", async () => {
    writeFileSync("map.csv", `${MAP}TX,T1,2014-01-01,,federal,plan\n`);
    await sign("map.csv", "ca-dhcs", "map.note");
    expect((await takeMap("--signed", "map.note")).code).toBe(0);
  });
});

describe("an aid-code map of two states", () => {
  it("needs the signature of each that signs", async () => {
    named(["ca-dhcs", "CA"], ["stranger", "TX"]);
    writeFileSync("map.csv", `${MAP}TX,T1,2014-01-01,,federal,plan\n`);
    await sign("map.csv", "ca-dhcs", "map.note");
    expect(told(await takeMap("--signed", "map.note"))).toMatch(
      /^2 error: map.csv: nobody who signs for TX has signed this file\nhint: have stranger/,
    );
  });
});

describe("a status source", () => {
  const take = (...more: readonly string[]): Promise<Printed> =>
    writ(["intake", "--status", "status.csv", "--name", "s@2026-01", "--asserter", "dhs-uscis", ...more]);

  it("speaks for the party that asserts it, not for the state of its people", async () => {
    named(["ca-dhcs", "CA"], ["uscis", "dhs-uscis"]);
    await sign("status.csv", "ca-dhcs", "state.note");
    expect((await take("--signed", "state.note")).code).toBe(2);
    await sign("status.csv", "uscis", "status.note");
    expect((await take("--signed", "status.note")).stdout).toContain("asserted by dhs-uscis, signed by uscis");
  });

  it("of a party nobody signs for is taken as it was, and says of no signature", async () => {
    expect((await take()).stdout).not.toContain("signed by");
  });
});

describe("a source in writ.yaml", () => {
  it("has a key of its own name", async () => {
    writeFileSync("writ.yaml", `${readFileSync("writ.yaml", "utf8")}sources: [{ name: someone, for: CA, key: ${keys.get("uscis")} }]\n`);
    expect(told(await takeMap())).toMatch(/^2 error: .*writ.yaml:\d+:\d+: this is not that source's key/);
  });
});
