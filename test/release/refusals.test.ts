/** What a plan or a release refuses, with which exit code, and that nothing is left of it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { planFrom } from "../../src/app/plan.ts";
import type { Ledger } from "../../src/app/ports/ledger.ts";
import type { SealingSession } from "../../src/app/ports/sealer.ts";
import type { ReleasePorts } from "../../src/app/release.ts";
import { canonicalJson, type Json } from "../../src/core/base/canonical-json.ts";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { problem, ProblemError } from "../../src/core/base/problem.ts";
import type { Law } from "../../src/core/law/law.ts";
import { shippedLaw } from "../law/scenario.ts";
import {
  ICE,
  leftovers,
  NOW,
  OIG,
  openWorkshop,
  ownTemporaryFolder,
  type Refusal,
  removeWorkshops,
  run,
  type Workshop,
} from "./workshop.ts";

let law: Law;
let shop: Workshop;
beforeAll(async () => {
  ownTemporaryFolder();
  law = await shippedLaw();
  shop = await openWorkshop(law);
});
/** One workspace serves all tests that leave nothing in it; this is for those that do. */
const freshWorkshop = (): void => {
  beforeEach(async () => {
    shop = await openWorkshop(law);
  });
};
afterAll(removeWorkshops);

/** Nothing was meant, nothing is kept: no package, no key, no entry of an intent. */
async function nothingIsLeft(): Promise<void> {
  expect(leftovers(shop.root)).toEqual([]);
  expect(
    (await shop.kinds()).filter((kind) => kind !== "workspace" && kind !== "request" && kind !== "denied" && kind !== "submission"),
  ).toEqual([]);
}

describe("a plan is refused", () => {
  it.each<[string, string, number, string]>([
    [
      "for another custodian",
      OIG.replace("hhs-cms", "state-medicaid"),
      2,
      "requests/r.yaml:1:7 the request asks state-medicaid to disclose | this workspace is hhs-cms's",
    ],
    [
      "without its document",
      ICE.replace("letter.txt", "lettre.txt"),
      2,
      "private/evidence/lettre.txt the document cannot be read | paths are from the workspace",
    ],
    [
      "on another document",
      ICE.replace(/sha256: \w+/, `sha256: ${"0".repeat(64)}`),
      2,
      "private/evidence/letter.txt the document is not the one with that sha256 | attach the document that was verified",
    ],
    [
      "on a document that has expired",
      ICE.replace("2026-02-06", "2026-01-06"),
      2,
      "private/evidence/letter.txt the request-1360b expired on 2026-01-06 | attach one that is valid",
    ],
    [
      "on a document of tomorrow",
      ICE.replace("issued: 2026-01-06", "issued: 2026-01-08"),
      2,
      "private/evidence/letter.txt the request-1360b is issued on 2026-01-08, after 2026-01-07 | ",
    ],
    ["of an unknown status source", ICE.replace("dhs-status@", "dhs-statsu@"), 2, "dhs-status"],
    [
      "of an unknown dataset",
      OIG.replace("tmsis/eligible", "tmsis/elligible"),
      2,
      'requests/r.yaml:4:10 unknown dataset "tmsis/elligible" | did you mean',
    ],
    ["of a month nobody submitted", OIG.replace("2025-12", "2025-11"), 2, "requests/r.yaml:4:10 no submission holds what is asked for | "],
    ["of a state that did not submit", `${OIG}where: { origin: [TX] }\n`, 2, "no submission holds what is asked for"],
    [
      "of an unknown element",
      OIG.replace(/fields.*/, "elements: [SXE]"),
      2,
      'requests/r.yaml:5:12 unknown element "SXE" | did you mean "SEX"?',
    ],
    [
      "that selects by what is withheld",
      `${ICE.replace(/fields.*/, "elements: [ELIGIBLE-PHONE-NUM, STATE-NOTATION]")}where: { elements: [{ element: STATE-NOTATION, in: [x] }] }\n`,
      2,
      "STATE-NOTATION, which is withheld",
    ],
    ["with a misspelt word", OIG.replace("oversight", "oversigth"), 2, 'requests/r.yaml:3:10 unknown word "oversigth"'],
  ])("%s", async (_, request, exit, message) => {
    const refusal = await shop.refused(shop.plan(request));
    expect(refusal.exit).toBe(exit);
    expect(refusal.said[0]).toContain(message);
    expect(existsSync(shop.path("r.plan"))).toBe(false);
    await nothingIsLeft();
  });

  it("on the recipient's own word about people's status", async () => {
    const findings = readFileSync(shop.path("incoming/status-source.csv"), "utf8").trimEnd().split("\n");
    writeFileSync(shop.path("incoming/ice.csv"), `${findings.slice(0, -1).join("\n")}\n`);
    await run(shop.root, "intake", "--status", "incoming/ice.csv", "--name", "ice-status@2025-12", "--asserter", "dhs-ice");
    const refusal = await shop.refused(shop.plan(ICE.replace("dhs-status@", "ice-status@")));
    expect(refusal.exit).toBe(2);
    expect(refusal.said[0]).toContain('requests/r.yaml:6:15 the status source "ice-status@2025-12" is asserted by the recipient | ');
    await nothingIsLeft();
  });
});

describe("a stale plan is refused with 23", () => {
  freshWorkshop();
  const refusedAs = async (planFile: string, message: string): Promise<Refusal> => {
    const refusal = await shop.refused(shop.release(planFile));
    expect(refusal.said[0]).toContain(message);
    expect(refusal.exit).toBe(23);
    await nothingIsLeft();
    return refusal;
  };

  it("on another day", async () => {
    const plan = await shop.plan(OIG);
    shop.edit("writ.yaml", (text) => text.replace(NOW, "2026-01-08T00:00:00Z"));
    await refusedAs(plan, "r.plan the plan is stale: it was made for 2026-01-07, and today is 2026-01-08 | make it anew with");
  });

  it("under other law", async () => {
    const plan = await shop.plan(OIG);
    const refusal = await shop.refused(shop.release(plan, () => ({ law: { ...law, sourceDigest: "0".repeat(64) } })));
    expect(refusal).toMatchObject({ exit: 23, said: [expect.stringContaining("r.plan the plan is stale: the law has changed since | ")] });
    await nothingIsLeft();
  });

  it("after a correction came in", async () => {
    const plan = await shop.plan(OIG);
    const order = ["--states", "NM", "--people", "20", "--period", "2025-12", "--seed", "3", "--ssn-state", "NM", "--bare"];
    await run(shop.root, "dataset", "generate", ...order, "--transaction", "R", "--sequence", "2", "-o", "corrected");
    await run(shop.root, "intake", "corrected/nm-eligible.flf");
    await refusedAs(plan, "the plan is stale: the data or its classes have changed since");
  });

  it("once its document is another, and says which", async () => {
    const plan = await shop.plan(ICE);
    writeFileSync(shop.path("private/evidence/letter.txt"), "another letter\n");
    const { said } = await refusedAs(plan, "the plan is stale: it could not be made today");
    expect(said[1]).toContain("private/evidence/letter.txt the document is not the one with that sha256");
  });

  it("with any byte of it changed", async () => {
    const plan = await shop.plan(OIG);
    const text = readFileSync(plan, "utf8");
    for (const at of [0, text.indexOf("hhs-oig") + 4, text.length - 1]) {
      const bytes = Buffer.from(text);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(plan, bytes);
      await refusedAs(plan, "r.plan ");
    }
  });

  it("with a well-formed change, even of its request", async () => {
    const plan = await shop.plan(OIG);
    const parsed = JSON.parse(readFileSync(plan, "utf8")) as Record<string, Json>;
    for (const change of [{ on: "2026-01-06" }, { request: {} }, { permitted: [] }]) {
      writeFileSync(plan, `${canonicalJson({ ...parsed, ...change })}\n`);
      await refusedAs(plan, "the ledger has no entry of this plan: it was altered, or made elsewhere");
    }
  });

  it("when another workspace made it", async () => {
    const other = await openWorkshop(law);
    const plan = await other.plan(OIG);
    await refusedAs(plan, "the ledger has no entry of this plan");
  });
});

describe("a release is refused", () => {
  freshWorkshop();
  it("for a what-if, whose day is another", async () => {
    await shop.plan(OIG);
    const planned = await planFrom(shop.path("requests/r.yaml"), "2026-01-06" as CivilDate, await shop.room());
    if (!planned.ok) throw new ProblemError(...planned.problems);
    writeFileSync(shop.path("r.plan"), planned.value.text);
    const refusal = await shop.refused(shop.release(shop.path("r.plan")));
    expect(refusal).toEqual({
      exit: 2,
      said: ["r.plan the plan is a what-if; only today's law releases | plan again without --on, and release that"],
    });
    await nothingIsLeft();
  });

  it("where nothing is permitted, with 20", async () => {
    const refusal = await shop.refused(shop.release(await shop.plan(ICE.replace("statusSource: dhs-status@2025-12\n", ""))));
    expect(refusal.exit).toBe(20);
    expect(refusal.said[0]).toContain("the plan permits nothing");
    expect((await shop.kinds()).at(-1)).toBe("denied");
    await nothingIsLeft();
  });

  it.each([
    ["no key named", OIG.replace(/recipientKey.*\n/, ""), "the request names no recipient key"],
    ["a key that is not there", OIG.replace("recipient.pub", "nobody.pub"), "the recipient's key cannot be read"],
    ["a file that holds no key", OIG.replace("recipients/recipient.pub", "writ.yaml"), "the file does not hold one recipient key"],
  ])("without a recipient's key: %s", async (_, request, message) => {
    const refusal = await shop.refused(shop.release(await shop.plan(request)));
    expect(refusal.exit).toBe(1);
    expect(refusal.said[0]).toContain(message);
    await nothingIsLeft();
  });

  it("for a plan that is not there", async () => {
    expect(await shop.refused(shop.release(shop.path("no.plan")))).toEqual({ exit: 1, said: ["no.plan the plan cannot be read | "] });
  });

  it("a second time, until the first is shredded", async () => {
    const plan = await shop.plan(OIG);
    const { releaseId } = await shop.release(plan);
    const before = await shop.kinds();
    const refusal = await shop.refused(shop.release(plan));
    expect(refusal).toEqual({ exit: 2, said: [` this plan was already released | it is in private/packages/${releaseId}`] });
    expect(await shop.kinds()).toEqual(before);
    expect(leftovers(shop.root)).toEqual([releaseId, `${releaseId}.json`]);
    await run(shop.root, "shred", releaseId);
    expect((await shop.release(plan)).releaseId).not.toBe(releaseId);
  });

  it("under the real clock while law it rests on is unreviewed, with 21 and the list", async () => {
    shop.edit("writ.yaml", (text) => text.replace(/clock:.*/, "clock: real"));
    const refusal = await shop.refused(shop.release(await shop.plan(OIG)));
    expect(refusal.exit).toBe(21);
    expect(refusal.said.length).toBeGreaterThan(1);
    for (const line of refusal.said)
      expect(line).toMatch(/\.md:\d+:\d+ .* is not reviewed \| have it read and signed: `writ law review law\/\S+\.md#\S+ --key FILE`$/);
    await nothingIsLeft();
  });
});

describe("a release that fails on the way", () => {
  const failing = (): never => {
    throw new ProblemError(problem("E_IO", "planted"));
  };
  const broken = (session: SealingSession): SealingSession => ({
    pipeFolder: session.pipeFolder,
    failure: undefined,
    part: failing,
    finish: async () => session.finish(),
    abort: async (writer) => session.abort(writer),
  });
  const withoutReceipts = (ledger: Ledger): Ledger => ({
    key: ledger.key,
    size: async () => ledger.size(),
    entries: (from) => ledger.entries(from),
    receipt: failing,
    verify: async () => ledger.verify(),
    append: async (leaves) => ledger.append(leaves),
  });
  const cutShort: readonly [string, (ports: ReleasePorts) => Partial<ReleasePorts>][] = [
    ["before the key is made", ({ keyHolder }) => ({ keyHolder: { ...keyHolder, create: failing } })],
    ["before the sealing", () => ({ sealer: { open: failing } })],
    ["in the middle of the sealing", ({ sealer }) => ({ sealer: { open: async (...asked) => broken(await sealer.open(...asked)) } })],
    ["before the intent", ({ record }) => ({ record: async (kind, body) => (kind === "intent" ? failing() : record(kind, body)) })],
  ];

  freshWorkshop();

  it("before its intent leaves nothing, and may be made again", async () => {
    const plan = await shop.plan(OIG);
    for (const [when, change] of cutShort) {
      const refusal = await shop.refused(shop.release(plan, change));
      expect(refusal.said[0], when).toContain("planted");
      await nothingIsLeft();
    }
    await shop.release(plan);
  });

  it("after the intent is logged as aborted, and may be made again", async () => {
    const plan = await shop.plan(OIG);
    await shop.refused(shop.release(plan, ({ ledger }) => ({ ledger: withoutReceipts(ledger) })));
    expect((await shop.kinds()).slice(-2)).toEqual(["intent", "aborted"]);
    expect(leftovers(shop.root)).toEqual([]);
    await run(shop.root, "log", "verify");
    await shop.release(plan);
    expect((await shop.kinds()).slice(-2)).toEqual(["intent", "released"]);
  });

  it("after the package is there is finished by the next command", async () => {
    const plan = await shop.plan(OIG);
    const change = ({ record }: ReleasePorts): Partial<ReleasePorts> => ({
      record: async (kind, body) => (kind === "released" ? failing() : record(kind, body)),
    });
    await shop.refused(shop.release(plan, change));
    const [releaseId = ""] = readdirSync(shop.path("private/packages"));
    expect((await shop.kinds()).slice(-2)).toEqual(["intent", "released"]);
    const folder = shop.path("private/packages", releaseId);
    const open = ["open", folder, "--receipt", join(folder, "receipt.json"), "--identity", "private/recipient.identity", "-o", "opened"];
    expect(await run(shop.root, ...open)).toContain("ELG00002");
  });

  it("after its intent, by a power cut that took the package, is given up by the next command", async () => {
    const plan = await shop.plan(OIG);
    const change = ({ record, ledger }: ReleasePorts): Partial<ReleasePorts> => ({
      ledger: withoutReceipts(ledger),
      record: async (kind, body) => (kind === "aborted" ? failing() : record(kind, body)),
    });
    await shop.refused(shop.release(plan, change));
    expect((await shop.kinds()).slice(-2)).toEqual(["intent", "aborted"]);
    expect(leftovers(shop.root)).toEqual([]);
  });

  it("for want of a place for packages leaves nothing", async () => {
    const plan = await shop.plan(OIG);
    rmSync(shop.path("private/packages"), { recursive: true });
    writeFileSync(shop.path("private/packages"), "in the way\n");
    await expect(shop.release(plan)).rejects.toThrow();
    rmSync(shop.path("private/packages"));
    mkdirSync(shop.path("private/packages"));
    await nothingIsLeft();
  });
});
