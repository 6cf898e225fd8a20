/** A release on the real clock: law entered by counsel, each opening rule of it reviewed, and nothing less. */
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Printed } from "../command-line.ts";
import { writ } from "../command-line.ts";
import { shippedLaw } from "../law/scenario.ts";
import type { Workshop } from "./workshop.ts";
import { leftovers, OIG, openWorkshop, ownTemporaryFolder, removeWorkshops, run } from "./workshop.ts";

let shop: Workshop;
const from = process.cwd();
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
beforeAll(async () => {
  ownTemporaryFolder();
  shop = await openWorkshop(await shippedLaw());
  process.chdir(shop.root);
  writeFileSync("requests/oig.yaml", OIG);
  cpSync(join(from, "law"), "law", { recursive: true });
  const key = (await run(shop.root, "key", "new", "--signer", "counsel", "-o", "counsel.key")).trim();
  shop.edit(
    "writ.yaml",
    (text) => `${text.replace(/clock:.*/, "clock: real")}signers: [{ name: counsel, role: counsel, key: "${key}" }]\n`,
  );
});
afterAll(() => {
  process.chdir(from);
  removeWorkshops();
});

const CLOSING = `---
id: closing
title: an order invented for this test
kind: order
regime: orders
cite: closing
issued: 2026-01-01
sources: [{ cite: nobody, grade: recalled }]
---

¶1 Nothing goes to the Department.

\`\`\`cedar
@id("1") @cite("closing")
forbid (principal in Party::"dhs", action, resource) when { context.discloser in Party::"hhs" };
\`\`\`
`;
const lawFile = (path: string): string =>
  createHash("sha256")
    .update(readFileSync(join("law", path)))
    .digest("hex");
const planned = async (): Promise<Printed> => writ(["plan", "requests/oig.yaml", "-o", "oig.plan"]);
/** Rules a release wants reviewed, as `law review` takes them. */
const wanted = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/`writ law review (\S+) --key FILE`/g)].map(([, name = ""]) => name);

describe("a release on the real clock", () => {
  it("wants each rule reviewed that opens something, then the law entered, and then goes out", async () => {
    expect((await planned()).code).toBe(0);
    const first = await writ(["release", "oig.plan"]);
    expect(first.code).toBe(21);
    expect(wanted(first.stderr).length).toBeGreaterThan(1);
    const [one = "", ...others] = wanted(first.stderr);
    const shown = await writ(["law", "review", one]);
    expect(shown.stdout).toMatch(/¶[\s\S]*permit \(|permit \([\s\S]*reviewed by nobody\n/);
    await run(shop.root, "law", "review", one, "--key", "counsel.key");
    expect(wanted((await writ(["release", "oig.plan"])).stderr)).toEqual(others);
    for (const name of others) await run(shop.root, "law", "review", name, "--key", "counsel.key");
    const unentered = await writ(["release", "oig.plan"]);
    expect(unentered).toMatchObject({ code: 21, stderr: expect.stringMatching(/^error: the law of this workspace was never entered\n/) });
    expect(leftovers(shop.root)).toEqual([]);
    await run(shop.root, "law", "enter", "--all", "--key", "counsel.key");
    await planned();
    expect((await writ(["release", "oig.plan"])).code).toBe(0);
  });

  it("can be decided again from the archive, whatever was entered since", async () => {
    const entries = (await run(shop.root, "log", "show")).split("\n");
    const [request, intent] = [/\brequest\b/, /\bintent\b/].map(
      (kind) =>
        entries
          .findLast((line) => kind.test(line))
          ?.trim()
          .split(/ +/)[0] ?? "",
    );
    const parts =
      /^entry \d+: \w+ of [^\n]*\nsources +same +\d+ files of [0-9a-f]{64}\nlaw +same +[0-9a-f]{64} on [^\n]*\nplan +same +[0-9a-f]{64}\n$/;
    expect(await run(shop.root, "law", "replay", request ?? "")).toMatch(parts);
    writeFileSync("law/orders/closing.md", CLOSING);
    await run(shop.root, "law", "enter", "law/orders/closing.md", "--key", "counsel.key");
    const receipt = join("private/packages", leftovers(shop.root)[0] ?? "", "receipt.json");
    for (const entry of [request ?? "", intent ?? "", receipt]) expect(await run(shop.root, "law", "replay", entry)).toMatch(parts);
    const plans = readdirSync("private/plans");
    const said: string[] = [];
    for (const file of [...plans.map((name) => join("private/plans", name)), join("ledger/law", lawFile("statutes/ig-act.md"))]) {
      const bytes = readFileSync(file);
      writeFileSync(
        file,
        bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
      );
      const again = await writ(["law", "replay", intent ?? ""]);
      writeFileSync(file, bytes);
      if (file.startsWith("ledger")) expect(again.code).toBe(22);
      else said.push(again.stdout);
    }
    expect(said.filter((text) => /\nplan +unknown +the plan [0-9a-f]{64} is not kept here\n/.test(text))).toHaveLength(1);
    expect((await writ(["law", "replay", "0"])).code).toBe(2);
  });

  it("is refused once a review is of another text, is altered, or is a stranger's", async () => {
    await run(shop.root, "shred", (leftovers(shop.root)[0] ?? "").replace(/\.json$/, ""));
    await planned();
    const name = (await writ(["law", "review", "law/statutes/ig-act.md"])).stdout.split("\n")[0] ?? "";
    const file = `law/reviews/statutes/ig-act/${name.split("#")[1] ?? ""}.note`;
    const note = readFileSync(file, "utf8");
    for (const at of [5, note.indexOf('"echo":"') + 9, note.length - 4]) {
      const bytes = Buffer.from(note);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(file, bytes);
      expect((await writ(["release", "oig.plan"])).code, `bit in byte ${at}`).toBe(21);
    }
    const stranger = await writ(["key", "new", "--signer", "stranger", "-o", "stranger.key"]);
    expect(stranger.code).toBe(0);
    expect((await writ(["law", "review", "law/statutes/ig-act.md", "--key", "stranger.key"])).stderr).toMatch(
      /^error: "stranger" with key/,
    );
    writeFileSync(file, note);
    const text = readFileSync("law/statutes/ig-act.md", "utf8");
    const voided: readonly (readonly [string, string])[] = [
      ["the prose", text.replace("¶1", "¶1 Surely,")],
      ["the front matter", text.replace(/^title: .*$/m, "title: another")],
      ["the rule", text.replace("permit (", "permit  (")],
    ];
    for (const [what, changed] of voided) {
      expect(changed, what).not.toBe(text);
      writeFileSync("law/statutes/ig-act.md", changed);
      expect((await writ(["law", "review", "law/statutes/ig-act.md"])).stdout, what).toContain("reviewed by nobody");
      expect((await writ(["release", "oig.plan"])).code, what).toBe(22);
    }
    writeFileSync("law/statutes/ig-act.md", text);
    expect((await writ(["release", "oig.plan"])).code).toBe(0);
  });
});
