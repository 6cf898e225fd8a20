/** How law comes to count: who must sign, what waits, what is refused. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Printed } from "../command-line.ts";
import { bar, instrument, permit } from "../law/small-law.ts";
import type { Chancery } from "./chancery.ts";
import { closeChanceries, openChancery, QUESTION } from "./chancery.ts";

let room: Chancery;
beforeEach(async () => {
  room = await openChancery();
});
afterAll(closeChanceries);

const said = ({ code, stderr }: Printed): string => `${code} ${stderr}`;
const CLOSING = instrument("closing", { regime: "orders" }, bar({ when: 'principal == Party::"researcher"' }));
const OPENING = instrument("opening", {}, permit({ when: 'principal == Party::"dhs-ice"' }));

describe("the first entry", () => {
  it("needs signers, and counsel among those who sign", async () => {
    expect(said(await room.enter([]))).toMatch(/^21 error: counsel has not signed/);
    expect(said(await room.enter(["monitor"]))).toMatch(/^21 error: counsel has not signed/);
    expect(await room.kinds()).toEqual([]);
    const entered = await room.enter(["counsel"]);
    expect(said(entered)).toBe("0 ");
    expect(entered.stdout).toMatch(/all law is new\n +2 instruments, 2 rules\nsigned +counsel\nentered +entry 1 /);
    expect(await room.kinds()).toEqual(["workspace", "law"]);
    expect((await room.run("log", "show", "1", "--json")).stdout).toContain('"simulated":true');
  });

  it("is refused where writ.yaml names nobody", async () => {
    room.edit("writ.yaml", (text) => text.slice(0, text.indexOf("signers:")));
    expect(said(await room.enter(["counsel"]))).toMatch(/^21 error: writ.yaml names nobody who may sign for law/);
  });

  it("is refused for single files, and for law that does not load", async () => {
    expect(said(await room.enter(["counsel"], "law/order.md"))).toMatch(/^2 error: no law is entered here yet/);
    room.edit("law/order.md", (text) => text.replace("forbid (", "forbit ("));
    expect((await room.enter(["counsel"])).code).toBe(2);
    expect(await room.kinds()).toEqual([]);
  });
});

describe("what only closes", () => {
  it("takes effect at once on counsel's signature, in questions and as known from then on", async () => {
    await room.enter(["counsel"]);
    room.at("2026-01-08T12:00:00Z");
    expect((await room.run("decide", ...QUESTION)).code).toBe(0);
    room.put(CLOSING);
    expect(said(await room.run("decide", ...QUESTION))).toMatch(/^22 error: closing.md: this file was never entered/);
    expect((await room.enter(["counsel"], "law/closing.md")).stdout).toMatch(/closes only\n +closes: bar closing#1\nfiles +closing.md/);
    expect((await room.run("decide", ...QUESTION)).code).toBe(20);
    const before = await room.run("decide", ...QUESTION, "--known", "2026-01-07", "--on", "2026-01-08");
    expect(said(before)).toMatch(/^0 .*\nLaw as entered 2026-01-07T12:00:00Z, entry 1, under a simulated clock\.\n$/);
    expect(said(await room.run("decide", ...QUESTION, "--known", "2026-01-06"))).toMatch(/^2 error: no law was entered here by then/);
  });
});

describe("what opens", () => {
  const propose = async (...signers: readonly string[]): Promise<Printed> => room.enter(signers, "law/opening.md");
  beforeEach(async () => {
    await room.enter(["counsel"]);
    room.put(OPENING);
  });

  it("waits, leaves the law in force meanwhile, and is entered once both the time and two signatures are there", async () => {
    expect(said(await propose("counsel"))).toMatch(
      /^21 error: what opens needs a second signature\n[\s\S]*waits until 2026-01-21T12:00:00Z/,
    );
    expect(await room.kinds()).toEqual(["workspace", "law", "law-proposed"]);
    expect((await room.run("decide", ...QUESTION.join(" ").replace("researcher", "dhs-ice").split(" "))).code).toBe(20);
    room.at("2026-01-21T12:00:00Z");
    expect(said(await propose())).toMatch(/^21 error: what opens needs a second signature/);
    room.at("2026-01-21T11:59:59Z");
    expect(said(await propose("monitor"))).toMatch(/^21 error: what opens waits until 2026-01-21T12:00:00Z/);
    room.at("2026-01-21T12:00:00Z");
    expect((await propose("monitor")).stdout).toMatch(/signed +counsel, monitor\nentered +entry 3/);
    expect((await room.run("decide", ...QUESTION.join(" ").replace("researcher", "dhs-ice").split(" "))).code).toBe(0);
    expect(await room.kinds()).toEqual(["workspace", "law", "law-proposed", "law"]);
  });

  it("is entered as proposed, though days on which it opened something have gone by", async () => {
    room.put(instrument("brief", { ends: "2026-01-10" }, permit({ when: 'principal == Party::"dhs"' })));
    const both = ["law/opening.md", "law/brief.md"];
    expect((await room.enter(["counsel", "monitor"], ...both)).stdout).toMatch(/opens: brief#1 comes[\s\S]*proposed +entry 2/);
    room.at("2026-01-21T12:00:00Z");
    expect((await room.enter([], ...both)).stdout).toMatch(/opens: brief#1 comes[\s\S]*entered +entry 3/);
  });

  it("takes neither a proposal nor an entry of another clock", async () => {
    await propose("counsel", "monitor");
    room.edit("writ.yaml", (text) => text.replace(/clock:.*/, "clock: real"));
    expect(said(await propose())).toMatch(/^21 error: entry 1 entered law under a simulated clock/);
  });

  it("may be signed elsewhere, by a note that says what and counts for nothing else", async () => {
    const proposed = await room.enter(["counsel"], "law/opening.md", "-o", "opening.note");
    expect(proposed.code).toBe(21);
    const shown = await room.run("law", "sign", "opening.note", "--key", "ca-counsel.key");
    expect(shown.stdout).toMatch(/effect +opens\n/);
    expect(shown.stdout).toMatch(/signed +counsel, ca-counsel\n/);
    room.at("2026-02-01T00:00:00Z");
    const note = readFileSync(room.path("opening.note"), "utf8");
    writeFileSync(
      room.path("false.note"),
      note.replace(/(— ca-counsel .{30})(.)/, (_, head: string, one: string) => `${head}${one === "A" ? "B" : "A"}`),
    );
    expect((await room.enter([], "law/opening.md", "--note", "false.note")).code).toBe(22);
    room.edit("law/opening.md", (text) => `${text}\nA remark.\n`);
    expect(said(await room.enter([], "law/opening.md", "--note", "opening.note"))).toMatch(/^2 error: the note signs another change/);
    room.put(OPENING);
    // The order bars California's records still, so its counsel signs for nothing that opens.
    expect(said(await room.enter([], "law/opening.md", "--note", "opening.note"))).toMatch(
      /^21 .*\nhint: that of counsel of DC or TX or none,/,
    );
    await room.run("law", "sign", "opening.note", "--key", "tx-counsel.key");
    expect((await room.enter([], "law/opening.md", "--note", "opening.note")).stdout).toMatch(/entered +entry 3/);
  });

  it("signs no note that says anything but one change of law", async () => {
    await room.enter(["counsel"], "law/opening.md", "-o", "opening.note");
    const note = readFileSync(room.path("opening.note"), "utf8");
    const sign = async (text: string): Promise<string> => {
      writeFileSync(room.path("broken.note"), text);
      const outcome = said(await room.run("law", "sign", "broken.note", "--key", "ca-counsel.key"));
      expect(readFileSync(room.path("broken.note"), "utf8")).toBe(text);
      return outcome;
    };
    expect(await sign(note.replace("{", "{ "))).toMatch(/^2 error: broken.note: what the note asks to be signed cannot be read/);
    expect(await sign(note.replace("{", "["))).toMatch(/^2 error: broken.note: what the note asks/);
    expect(await sign(note.replace("writ-law-entry", "writ-law-review"))).toMatch(/^2 error: broken.note: this is no change of law/);
  });

  it("need not wait where a court's order directs it, but needs both signatures still", async () => {
    writeFileSync(room.path("order.pdf"), "an order, invented for this test\n");
    expect(said(await room.enter(["counsel"], "law/opening.md", "--order", "order.pdf"))).toMatch(/^21 error: what opens needs a second/);
    expect((await room.enter(["counsel", "monitor"], "law/opening.md", "--order", "order.pdf")).code).toBe(0);
    expect((await room.run("log", "show", "2", "--json")).stdout).toMatch(/"order":"[0-9a-f]{64}"/);
  });

  it("is refused under a key nobody entered, even one that writ.yaml names meanwhile", async () => {
    const key = (await room.run("key", "new", "--signer", "crony", "-o", "crony.key")).stdout.trim();
    expect(said(await propose("counsel", "crony"))).toMatch(/^2 error: "crony" with key [0-9a-f]{8} is no signer for this law/);
    room.edit("writ.yaml", (text) => `${text}  - { name: crony, role: monitor, key: "${key}" }\n`);
    expect(said(await propose("counsel", "crony"))).toMatch(/^2 error: "crony" with key/);
    rmSync(room.path("law/opening.md"));
    expect(said(await room.run("decide", ...QUESTION))).toMatch(
      /^22 error: writ.yaml: signers, grades or waiting time are not those entered/,
    );
    expect(said(await room.enter(["counsel"], "--settings"))).toMatch(/^21 error: what opens needs a second signature/);
  });

  it("counts as opening when a bar goes, a list shrinks or a word is added", async () => {
    rmSync(room.path("law/opening.md"));
    rmSync(room.path("law/order.md"));
    expect((await room.enter(["counsel"], "law/order.md")).stdout).toMatch(/opens: bar order#1 goes or changes/);
    room.put(instrument("order", { regime: "orders" }, bar({ when: 'resource.origin == Jurisdiction::"CA"' })));
    room.edit("law/vocabulary/parties.yaml", (text) => `${text}- { id: newcomer, title: newcomer }\n`);
    expect((await room.enter(["counsel"], "law/vocabulary/parties.yaml")).stdout).toMatch(/opens: another vocabulary/);
  });
});

describe("law that was entered", () => {
  beforeEach(async () => {
    await room.enter(["counsel"]);
  });

  it.each([
    [
      "edited",
      (text: string) => `${text}\n`,
      /^22 error: order.md: this is not the file that was entered: entered [0-9a-f]{64}, found [0-9a-f]{64}\n/,
    ],
  ])("is refused once %s", async (_, change, message) => {
    room.edit("law/order.md", change);
    expect(said(await room.run("decide", ...QUESTION))).toMatch(message);
    expect(said(await room.run("law", "check"))).toMatch(/^0 /);
    expect((await room.run("decide", ...QUESTION, "--law", "law")).code).toBe(0);
  });

  it("is refused once a file is gone", async () => {
    rmSync(room.path("law/order.md"));
    expect(said(await room.run("decide", ...QUESTION))).toMatch(/^22 error: order.md: this file is gone; entered was [0-9a-f]{64}\n/);
  });

  it("is refused with any bit of its archive or of its leaf flipped", async () => {
    const folder = room.path("ledger/law");
    const leaf = room.path("ledger/tile/entries/000.p/2");
    for (const file of [...readdirSync(folder).map((name) => `${folder}/${name}`), leaf]) {
      const bytes = readFileSync(file);
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        writeFileSync(file, flipped);
        expect((await room.run("decide", ...QUESTION)).code, `${file} ${at}`).toBe(22);
      }
      writeFileSync(file, bytes);
    }
    expect((await room.run("decide", ...QUESTION)).code).toBe(0);
  });

  it("is not forgotten when the published key is taken away", async () => {
    rmSync(room.path("ledger/log.vkey"));
    room.edit("law/order.md", (text) => `${text}\n`);
    expect(said(await room.run("decide", ...QUESTION))).toMatch(/^22 error: order.md: this is not the file/);
  });

  it("does not count under a real clock when it was entered under a simulated one", async () => {
    room.edit("writ.yaml", (text) => text.replace(/clock:.*/, "clock: real"));
    expect(said(await room.run("decide", ...QUESTION))).toMatch(/^21 error: entry 1 entered law under a simulated clock/);
  });
});
