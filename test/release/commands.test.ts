/** The plan and release commands: what reaches the shell. */
import { appendFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Printed, writ } from "../command-line.ts";
import { shippedLaw } from "../law/scenario.ts";
import { ICE, leftovers, OIG, openWorkshop, ownTemporaryFolder, removeWorkshops, type Workshop } from "./workshop.ts";

let shop: Workshop;
const from = process.cwd();
beforeAll(async () => {
  ownTemporaryFolder();
  shop = await openWorkshop(await shippedLaw());
  process.chdir(shop.root);
  writeFileSync("requests/oig.yaml", OIG);
  writeFileSync("requests/ice.yaml", ICE);
});
afterAll(() => {
  process.chdir(from);
  removeWorkshops();
});

const lines = ({ code, stderr }: Printed): readonly string[] => [...stderr.trimEnd().split("\n"), `exit ${code}`];

describe("a what-if", () => {
  it("answers, is not logged, and is never written down", async () => {
    const before = await shop.kinds();
    const asked = await writ(["plan", "requests/ice.yaml", "--on", "2026-01-08"]);
    expect(asked.stdout).toMatch(
      /^what-if {4}hhs-cms → dhs-ice · immigration-enforcement · on 2026-01-08 \(not today: cannot be released\)\n/,
    );
    expect(asked.code).toBe(0);
    expect(lines(await writ(["plan", "requests/ice.yaml", "--on", "2026-01-08", "-o", "x.plan"]))).toEqual([
      "error: a what-if is not written down as a plan",
      "hint: leave --on out to plan for today",
      "exit 2",
    ]);
    expect(lines(await writ(["release", "x.plan", "--on", "2026-01-08"]))).toEqual([
      "error: a release takes no date but the clock's",
      "hint: ask about other days with `writ decide --on` or `writ plan --on`",
      "exit 2",
    ]);
    expect(await shop.kinds()).toEqual(before);
    expect(readdirSync(".")).not.toContain("x.plan");
  });
});

describe("a plan", () => {
  it("says in a screen what goes, what stays and why; with --exact anything that stays is exit 20", async () => {
    const { code, stdout } = await writ(["plan", "requests/ice.yaml", "--exact"]);
    expect(code).toBe(20);
    const said = stdout.split("\n");
    expect(said).toContainEqual(expect.stringMatching(/^ {11}CA \S+, 3 categories$/));
    expect(said).toContainEqual(expect.stringMatching(/^ {11}NM \S+, 2 categories$/));
    expect(stdout).toContain("NM, everybody (this month's ids are Social Security numbers (header))");
    expect(stdout).toMatch(/name — CA NM, everybody[^\n]*\n {13}(no authority under|barred by) \S/);
    for (const line of said) expect(line).not.toMatch(/\b06\d{9}\b/);
  });

  it("is the same bytes in JSON and in its file, and those can be released; a second time they cannot", async () => {
    const { stdout } = await writ(["plan", "requests/oig.yaml", "--json", "-o", "oig.plan"]);
    expect(readFileSync("oig.plan", "utf8")).toBe(stdout);
    const done = await writ(["release", "oig.plan", "--json", "--form", "csv"]);
    expect(done.code).toBe(0);
    const { releaseId, segments } = JSON.parse(done.stdout) as { releaseId: string; segments: readonly { name: string }[] };
    expect(segments.map(({ name }) => name)).toEqual(["ELG00002.csv.age"]);
    expect(leftovers(shop.root)).toEqual([releaseId, `${releaseId}.json`]);
    expect(lines(await writ(["release", "oig.plan"]))).toEqual([
      "error: this plan was already released",
      `hint: it is in private/packages/${releaseId}`,
      "exit 2",
    ]);
  });

  it("is stale once a word of the law's text is another", async () => {
    cpSync(join(from, "law"), "law", { recursive: true });
    const planned = await writ(["plan", "requests/oig.yaml", "-o", "own-law.plan"]);
    expect(planned.code).toBe(0);
    const file = readdirSync("law/statutes").find((name) => name.endsWith(".md")) ?? "";
    appendFileSync(join("law/statutes", file), "\nA remark.\n");
    expect(lines(await writ(["release", "own-law.plan"]))).toEqual([
      "error: own-law.plan: the plan is stale: the law has changed since",
      "hint: make it anew with `writ plan REQUEST -o FILE`",
      "exit 23",
    ]);
  });

  it.each([
    [["plan"], 2],
    [["plan", "no.yaml"], 1],
    [["release", "no.plan"], 1],
    [["release", "own-law.plan", "--form", "xlsx"], 2],
  ])("%j is refused with %i", async (argv, code) => {
    expect((await writ(argv)).code).toBe(code);
  });
});
