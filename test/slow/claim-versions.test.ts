/** Two months of claims, the second of which voids and replaces claims of the first: planned, released, opened, and who is to be told. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import type { Law } from "../../src/core/law/law.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { openDuckdb } from "../../src/engine/duckdb.ts";
import { claimRows, shippedCatalogue, tmsisFile, type Row } from "../intake/tmsis-file.ts";
import { shippedLaw } from "../law/scenario.ts";
import { openWorkshop, ownTemporaryFolder, removeWorkshops, run, type Workshop } from "../release/workshop.ts";

const request = (month: string, fields: string = "diagnosis, claims"): string =>
  `from: hhs-cms\nto: hhs-oig\npurpose: oversight\ndataset: tmsis/claimip@2025-${month}\nrecipientKey: recipients/recipient.pub\nfields: [${fields}]\n`;

let law: Law;
let shop: Workshop;
let catalogue: Catalogue;

type Cells = Readonly<Record<string, string>>;
const claim = (number: string, day: string, more: Cells = {}): readonly Row[] => {
  const cells = { "ICN-ORIG": number, "DIAGNOSIS-CODE-1": "J189", "ADMISSION-DATE": "20251103", "DISCHARGE-DATE": "20251104" };
  return claimRows("CIP", "P1", { ...cells, "ADJUDICATION-DATE": day, ...more }, {});
};
const [VOID, REPLACEMENT] = [{ "ADJUSTMENT-IND": "1" }, { "ADJUSTMENT-IND": "4" }];

const NOVEMBER = [
  ...claim("PLAIN", "20251120"),
  ...claim("VOIDED", "20251120"),
  ...claim("REPLACED", "20251120"),
  ...claim("TREATED", "20251120", { ...REPLACEMENT, "ICN-ADJ": "T2" }),
];
const DECEMBER = [
  ...claim("VOIDED", "20251205", VOID),
  ...claim("REPLACED", "20251206", { ...REPLACEMENT, "ICN-ADJ": "R2" }),
  ...claim("TREATED", "20251119", { "DIAGNOSIS-CODE-2": "F1120" }),
  ...claim("OWN", "20251210"),
];

/** Takes a month in, between pipes, and answers what was printed. */
async function take(month: "11" | "12", rows: readonly Row[], header: Cells = {}, ...options: readonly string[]): Promise<string> {
  const period = { "START-OF-TIME-PERIOD": `2025${month}01`, "END-OF-TIME-PERIOD": month === "11" ? "20251130" : "20251231" };
  writeFileSync(shop.path("incoming", "ip.psv"), tmsisFile(catalogue, rows, { encoding: "PSV", header: { ...period, ...header } }));
  return run(shop.root, "intake", "incoming/ip.psv", ...options);
}

const planned = async (text: string): Promise<{ readonly file: string; readonly plan: Plan }> => {
  const file = await shop.plan(text);
  return { file, plan: JSON.parse(readFileSync(file, "utf8")) as Plan };
};

/** The claims in a plan's release, headers and lines, once its recipient has opened it. */
async function released(file: string): Promise<readonly (readonly unknown[])[]> {
  const { folder, releaseId } = await shop.release(file);
  const into = shop.path(`opened-${releaseId}`);
  await run(shop.root, "open", folder, "--receipt", join(folder, "receipt.json"), "--identity", "private/recipient.identity", "-o", into);
  const engine = await openDuckdb({ folders: [into] });
  try {
    const files = readdirSync(into).filter((name) => name.endsWith(".parquet"));
    expect(files.sort()).toEqual(["CIP00002.parquet", "CIP00003.parquet"]);
    const rows = async (name: string): Promise<readonly unknown[]> =>
      (await engine.rows(`SELECT "ICN-ORIG" FROM read_parquet('${join(into, name)}') ORDER BY ALL`)).flat();
    return await Promise.all(files.map(rows));
  } finally {
    engine.close();
  }
}

beforeAll(async () => {
  ownTemporaryFolder();
  law = await shippedLaw();
  shop = await openWorkshop(law);
  catalogue = await shippedCatalogue("claimip");
});
afterAll(removeWorkshops);

describe("two months of claims", () => {
  let before: string;
  let digest: string;

  it("are released as the first tells while nothing else is stored, and the plan says so", async () => {
    expect(await take("11", NOVEMBER)).not.toContain("corrects");
    const { file, plan } = await planned(request("11"));
    expect(plan.claims).toEqual([expect.objectContaining({ consulted: [], shredded: [] })]);
    const all = ["PLAIN", "REPLACED", "TREATED", "VOIDED"];
    expect(await released(file)).toEqual([all, all]);
  }, 60_000);

  it("name whoever holds what the second corrects, as it is taken in and afterwards", async () => {
    before = (await planned(request("11", "claims"))).file;
    const kept = readFileSync(before);
    const printed = await take("12", DECEMBER);
    writeFileSync(before, kept);
    const lines = printed.split("\n").filter((line) => /corrects|2025-11|entry/.test(line));
    expect(lines).toEqual([
      "corrects   what 1 earlier release held; tell the recipients (5 USC 552a(c)(4)):",
      expect.stringMatching(/^ {11}tmsis\/claimip@2025-11, [0-9a-f]{16}…: 2 versions of claims voided or replaced by this$/),
      expect.stringMatching(/^ {13}entry \d+ of 2026-01-07 to hhs-oig, oversight, release [0-9a-f]{32}, opened 1×$/),
    ]);
    const shown = await run(shop.root, "dataset", "show", "tmsis/claimip@2025-12");
    expect(shown).toContain("2 versions of claims voided or replaced by this");
    const json = JSON.parse(await run(shop.root, "dataset", "show", "tmsis/claimip@2025-12", "--json")) as {
      readonly submissions: readonly [{ readonly digest: string; readonly corrects: readonly object[] }];
    };
    digest = json.submissions[0].digest;
    expect(json.submissions[0].corrects).toEqual([
      expect.objectContaining({
        why: "adjusted",
        dataset: "tmsis/claimip@2025-11",
        versions: 2,
        releases: [expect.objectContaining({ recipient: "hhs-oig", purpose: "oversight", opened: 1 })],
      }),
    ]);
    for (const text of [printed, shown]) expect(text).not.toMatch(/VOIDED|REPLACED|P1/);
  }, 60_000);

  it("make a plan of the first stale once the second is there", async () => {
    const refusal = await shop.refused(shop.release(before));
    expect([refusal.exit, refusal.said[0]]).toEqual([23, expect.stringContaining("the data or its classes have changed since")]);
  });

  it("are released without what the second voids, replaces or shows treatment in", async () => {
    const { file, plan } = await planned(request("11"));
    expect(plan.claims).toEqual([expect.objectContaining({ consulted: [digest], shredded: [] })]);
    expect(plan.sql.filter(({ sql }) => sql.includes(".claim_mark") || sql.includes('"claim_mark"')).length).toBe(2);
    expect(await released(file)).toEqual([["PLAIN"], ["PLAIN"]]);
    const shown = await run(shop.root, "dataset", "show", "tmsis/claimip@2025-11");
    expect(shown).toContain("marks     CIP00002 none 1 · part2 0 · unknown 1 · superseded 2");
    expect(shown).toContain("versions  by 1 other submission of the state");
    const text = await run(shop.root, "plan", "requests/r.yaml");
    expect(text).toContain(
      `versions   later versions of these claims were looked for: in 1 other submission of the state (${digest.slice(0, 16)}…)`,
    );
  }, 60_000);

  it("name whoever holds a sequence that is replaced", async () => {
    const { file } = await planned(request("12"));
    expect((await released(file))[0]).toEqual(["OWN", "REPLACED"]);
    const json = JSON.parse(
      await take("12", [...claim("OWN", "20251211")], { "SUBMISSION-TRANSACTION-TYPE": "R", "SEQUENCE-NUMBER": "2" }, "--json"),
    ) as { readonly taken: readonly [{ readonly digest: string; readonly replaces: string; readonly corrects: readonly object[] }] };
    const [{ corrects, replaces }] = json.taken;
    expect(replaces).toBe(digest);
    expect(corrects).toEqual([expect.objectContaining({ why: "replaced", submission: digest, dataset: "tmsis/claimip@2025-12" })]);
    digest = json.taken[0].digest;
  }, 60_000);

  it("are refused while the second cannot be read, and planned without it, which is said, once it is shredded", async () => {
    const stored = shop.path("private", "datasets", digest, "CIP00002.parquet");
    const whole = readFileSync(stored);
    // What was found before is found again; it was found of whole files.
    for (const one of readdirSync(shop.path("private", "datasets")))
      rmSync(shop.path("private", "datasets", one, "claims"), { recursive: true, force: true });
    writeFileSync(stored, whole.subarray(0, whole.length - 9));
    const refusal = await shop.refused(shop.plan(request("11")));
    expect(refusal.said[0]).toMatch(
      /versions of claims of CA's tmsis\/claimip@2025-12, stored as [0-9a-f]{16}…: the stored file CIP00002.parquet was altered, cut/,
    );
    writeFileSync(stored, whole);
    const { plan } = await planned(request("11"));
    expect(plan.claims?.[0]?.consulted).toEqual([digest]);
    await run(shop.root, "dataset", "shred", digest, "--under", "a test");
    const again = await planned(request("11"));
    expect(again.plan.claims?.[0]).toEqual(expect.objectContaining({ consulted: [], shredded: [digest] }));
  }, 60_000);

  it("name whoever holds what can no longer be looked at, and why it cannot", async () => {
    const { plan } = await planned(request("11"));
    await run(shop.root, "dataset", "shred", plan.claims?.[0]?.dataset ?? "");
    const header = { "SUBMISSION-TRANSACTION-TYPE": "R", "SEQUENCE-NUMBER": "3" };
    const printed = await take("12", claim("PLAIN", "20251212", VOID), header);
    const lines = printed.split("\n").filter((line) => /corrects|: /.test(line));
    expect(lines.map((line) => line.replace(/[0-9a-f]{16}…/g, "D…"))).toEqual([
      "corrects   what 3 earlier releases held; tell the recipients (5 USC 552a(c)(4)):",
      "           tmsis/claimip@2025-12, D…: replaced by this",
      "           tmsis/claimip@2025-11, D…: whether claims of it are voided or replaced by this is not known: " +
        "CA's tmsis/claimip@2025-11, stored as D…: the key of this stored data was shredded",
    ]);
  }, 60_000);
});
