/** What lies on the disk of a workspace: nothing readable without its keys, nothing that opens altered, nothing that outlives its key. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Law } from "../../src/core/law/law.ts";
import { takeIn } from "../../src/app/intake.ts";
import { openIncoming } from "../../src/cli/incoming.ts";
import { eligibleCatalogue, personRows, tmsisFile } from "../intake/tmsis-file.ts";
import { openBench } from "../intake/workbench.ts";
import { shippedLaw } from "../law/scenario.ts";
import { storedRows } from "../stored-data.ts";
import { writ } from "../command-line.ts";
import { filesBelow, ICE, OIG, openWorkshop, ownTemporaryFolder, removeWorkshops, run, type Workshop } from "./workshop.ts";

let law: Law;
beforeAll(async () => {
  ownTemporaryFolder();
  law = await shippedLaw();
});
afterAll(removeWorkshops);

const datasetsOf = (shop: Workshop): readonly string[] =>
  readdirSync(shop.path("private/datasets")).filter((name) => /^[0-9a-f]{64}$/.test(name));

/** Everything a person could be found by, as it stood in the file that came. */
async function tellingOf(shop: Workshop): Promise<readonly string[]> {
  const texts = new Set<string>();
  const columns = {
    "ELG00002.parquet": ["ELIGIBLE-LAST-NAME", "ELIGIBLE-FIRST-NAME", "MSIS-IDENTIFICATION-NUM"],
    "ELG00003.parquet": ["SSN"],
    "ELG00004.parquet": ["ELIGIBLE-ADDR-LN1", "ELIGIBLE-PHONE-NUM"],
  };
  for (const digest of datasetsOf(shop))
    for (const [file, names] of Object.entries(columns))
      for (const name of names) {
        const rows = await storedRows(shop.path("private/datasets", digest), (table) => `SELECT DISTINCT "${name}" FROM ${table(file)}`);
        for (const [text] of rows) if (typeof text === "string" && text.length > 6) texts.add(text);
      }
  return [...texts];
}

/** Files that hold any of the texts as they are. */
const holding = (files: readonly string[], texts: readonly string[]): readonly string[] =>
  files.filter((file) => {
    const bytes = readFileSync(file);
    return texts.some((text) => bytes.includes(text));
  });

describe("the store of a workspace that took in, planned and released", () => {
  it("tells nothing of anybody, in any file outside the folder of what came", async () => {
    const shop = await openWorkshop(law);
    for (const request of [OIG.replace("[sex,", "[name, ssn, address, phone, sex,"), ICE]) await shop.release(await shop.plan(request));
    for (const state of ["ca", "nm"])
      await run(shop.root, "intake", "--handles", `incoming/${state}-handles.csv`, "--origin", state.toUpperCase());
    const telling = await tellingOf(shop);
    expect(telling.length).toBeGreaterThan(900);
    const files = filesBelow(shop.root);
    const found = holding(files, telling).map((file) => file.slice(shop.root.length + 1));
    expect(found).toEqual(expect.arrayContaining(["incoming/ca-eligible.flf", "incoming/nm-eligible.flf"]));
    expect(found.filter((file) => !file.startsWith("incoming/"))).toEqual([]);
    const kept = filesBelow(shop.path("private")).concat(filesBelow(shop.path("ledger")));
    const parquet = kept.filter((file) => file.endsWith(".parquet"));
    expect(new Set(parquet.map((file) => basename(join(file, ".."))).filter((name) => name === "classes")).size).toBe(1);
    // WHY both: compressed pages would hide a name, and a plain file could have another ending.
    for (const file of kept) expect(readFileSync(file).subarray(0, 4).toString("latin1"), file).not.toBe("PAR1");
    for (const file of parquet) expect(readFileSync(file).subarray(0, 4).toString("latin1"), file).toBe("PARE");
    expect(readdirSync(shop.path("private/tmp"))).toEqual([]);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("writ-pipe-"))).toEqual([]);
  });

  it("holds nothing plain while a file is taken in, in nameless files neither", async () => {
    const bench = await openBench([await eligibleCatalogue()]);
    const ids = Array.from({ length: 40 }, (_, at) => `SECRETID${1000 + at}`);
    const path = bench.put("f.flf", tmsisFile(await eligibleCatalogue(), ids.flatMap((id) => personRows(id)))); // prettier-ignore
    const look = (): readonly string[] => {
      const files = filesBelow(bench.workspace.root);
      expect(holding(files, ids)).toEqual([]);
      return files;
    };
    const looked: (readonly string[])[] = [];
    const lookAround = <T>(step: () => T): T => {
      looked.push(look());
      const done = step();
      looked.push(look());
      return done;
    };
    const file = await openIncoming(path);
    if (!file.ok) throw new Error("no file");
    const { vault } = bench.ports;
    const openTable: typeof vault.openTable = (...of) => {
      const table = vault.openTable(...of);
      return { ...table, finish: () => lookAround(() => table.finish()) };
    };
    const taken = await takeIn(file.value, {}, { ...bench.ports, vault: { ...vault, openTable } });
    expect(taken.ok).toBe(true);
    expect(looked.length).toBeGreaterThan(20);
    expect(looked.at(-1)?.some((name) => name.endsWith(".parquet"))).toBe(true);
    bench.remove();
  });
});

describe("stored data that were altered", () => {
  it("release nothing, and say so, wherever a bit was flipped", async () => {
    const shop = await openWorkshop(law);
    const plan = await shop.plan(OIG);
    const file = shop.path("private/datasets", datasetsOf(shop)[0] ?? "", "ELG00002.parquet");
    const bytes = readFileSync(file);
    for (const at of [0, 30, bytes.length >> 1, bytes.length - 60, bytes.length - 1]) {
      const bad = Buffer.from(bytes);
      bad[at] = (bad[at] ?? 0) ^ 16;
      writeFileSync(file, bad);
      const refused = await shop.refused(shop.release(plan));
      expect([refused.exit, refused.said.join()], `byte ${at}`).toEqual([2, expect.stringMatching(/altered/) as string]);
    }
    writeFileSync(file, bytes);
    await shop.release(plan);
  });

  it("are made again where they can be: row classes", async () => {
    const shop = await openWorkshop(law);
    const plan = await shop.plan(OIG);
    const folder = shop.path("private/datasets", datasetsOf(shop)[0] ?? "", "classes");
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith(".parquet")) ?? "");
    writeFileSync(file, readFileSync(file).fill(0, 40, 80));
    await shop.release(plan);
  });
});

describe("a submission whose key was shredded", () => {
  it("is planned and released by nobody, whatever a backup brings back", async () => {
    const shop = await openWorkshop(law);
    const [plan, released] = [await shop.plan(OIG), await shop.release(await shop.plan(OIG))];
    const [digest = ""] = datasetsOf(shop);
    const { keyId } = JSON.parse(readFileSync(shop.path("private/datasets", digest, "manifest.json"), "utf8")) as { keyId: string };
    const keyFile = shop.path("private/keys/datasets", `${keyId}.json`);
    const backup = readFileSync(keyFile);
    const told = await run(shop.root, "dataset", "shred", digest.slice(0, 16), "--under", "an order");
    expect(told).toContain("key         destroyed here");
    expect(told).toContain(`not undone  release ${released.releaseId} was made of it`);
    const gone =
      /^ (CA|NM)'s tmsis\/eligible@2025-12, stored as [0-9a-f]{16}…: the key of this stored data was shredded \| nothing can read it again/;
    const plans = async (): Promise<unknown> => shop.refused(shop.plan(OIG));
    const refusal = { exit: 20, said: [expect.stringMatching(gone)] };
    expect(await plans()).toEqual(refusal);
    const stale = "r.plan the plan is stale: it could not be made today | make it anew with `writ plan REQUEST -o FILE`";
    expect(await shop.refused(shop.release(plan))).toEqual({ exit: 23, said: [stale, ...refusal.said] });
    expect(await run(shop.root, "dataset", "shred", digest)).toContain("was destroyed before");
    writeFileSync(keyFile, backup);
    expect(await plans(), "brought back").toEqual(refusal);
    expect((await shop.kinds()).filter((kind) => kind === "data-shredded")).toHaveLength(1);
    const shown = await run(shop.root, "log", "show", "--kind", "data-shredded");
    expect(shown).toMatch(/(CA|NM)'s tmsis\/eligible@2025-12, sequence 1, stored as/);
    renameSync(shop.path("private/datasets", digest), shop.path("gone"));
    await shop.release(await shop.plan(OIG));
  });

  it("is taken in again, shown as shredded, and not brought back", async () => {
    const shop = await openWorkshop(law);
    const listed = async (): Promise<readonly { digest: string; origin: string; keyId: string; shredded?: true }[]> =>
      (JSON.parse(await run(shop.root, "dataset", "list", "--json")) as { datasets: { digest: string; origin: string; keyId: string }[] })
        .datasets;
    const { digest = "", keyId = "" } = (await listed()).find(({ origin }) => origin === "CA") ?? {};
    const keyFile = shop.path("private/keys/datasets", `${keyId}.json`);
    const backup = readFileSync(keyFile);
    await run(shop.root, "dataset", "shred", digest);
    expect(await run(shop.root, "dataset", "show", digest, "--verify")).toMatch(/shredded {2}\S+Z · entry \d+ · nothing can read it again/);
    expect(await run(shop.root, "intake", "incoming/ca-eligible.flf")).toContain(`${digest.slice(0, 16)}…, which was shredded`);
    await shop.release(await shop.plan(OIG));
    writeFileSync(keyFile, backup);
    const again = (await listed()).filter(({ origin }) => origin === "CA").find((one) => one.digest !== digest);
    expect((await listed()).filter(({ shredded }) => shredded === true).map((one) => one.digest)).toEqual([digest]);
    expect(await run(shop.root, "dataset", "list")).toMatch(new RegExp(`${digest.slice(0, 16)} {2}shredded\n`));
    const shown = JSON.parse(await run(shop.root, "dataset", "show", "tmsis/eligible@2025-12", "--json")) as {
      submissions: { digest: string }[];
    };
    expect(shown.submissions.map((one) => one.digest)).toContain(again?.digest);
    expect(shown.submissions.map((one) => one.digest)).not.toContain(digest);
    const log = (await run(shop.root, "log", "show", "--kind", "submission", "--json")).trim().split("\n");
    const entry = log.find((line) => line.includes(`"submissionDigest":"${again?.digest}"`)) ?? "";
    expect(entry).toContain(`"replaces":"${digest}"`);
  });

  it("is named by a digest that is there, and a status source likewise", async () => {
    const shop = await openWorkshop(law);
    process.chdir(shop.root);
    expect(await writ(["dataset", "shred", "4a94"])).toMatchObject({ code: 2 });
    expect(await writ(["dataset", "shred", "0".repeat(16)])).toMatchObject({ code: 2, stdout: "" });
    const { sidecars } = JSON.parse((await writ(["dataset", "list", "--json"])).stdout) as { sidecars: { digest: string }[] };
    const done = JSON.parse((await writ(["dataset", "shred", sidecars[0]?.digest ?? "", "--json"])).stdout) as Record<string, unknown>;
    expect(done).toMatchObject({ what: "status source dhs-status@2025-12", keyDestroyed: true, others: [], releases: [] });
    expect(await shop.refused(shop.plan(ICE))).toMatchObject({ exit: 20 });
  });
});
