import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { identityFileText } from "../../src/vault/recipient-key.ts";
import type { Printed } from "../command-line.ts";
import { writ } from "../command-line.ts";
import type { Released } from "./release-of-tests.ts";
import { newWorkspace, release } from "./release-of-tests.ts";

/** A workspace with one release, entered, and the recipient's identity beside it. */
async function entered(): Promise<Released & { readonly receipt: string; readonly identity: string }> {
  const done = await release(await newWorkspace());
  process.chdir(done.workspace.root);
  const identity = join("..", "oig.identity");
  writeFileSync(identity, identityFileText("hhs-oig", "2026-11-24", done.pair));
  return { ...done, identity, receipt: join(done.folder, "receipt.json") };
}

const without = ({ stdout, stderr, code }: Printed, done: Released): string =>
  `${stdout}${stderr}exit ${code}`
    .replaceAll(done.releaseId, "ID")
    .replaceAll(done.workspace.root, "W")
    .replaceAll(/[0-9a-f]{8}…/g, "KEY…");

test("verify, open, shred, open again: each says what it did, and what it cannot undo", async () => {
  const done = await entered();
  const asked = ["open", done.folder, "--receipt", done.receipt, "--identity", done.identity, "-o"];
  const verified = without(await writ(["receipt", "verify", done.receipt]), done);
  expect(verified).toMatch(
    /^1 leaf {8}ok {9}intent of hhs-cms, 2026-11-24T12:00:00Z \(simulated clock\)\n2 inclusion {3}ok {9}entry 1 of 2, 1 hashes to the root\n3 checkpoint {2}ok {9}signed by hhs-cms\/writ, key [0-9a-f]{8}, 2 entries\n4 quorum {6}ok {9}quorum none: custodian's word only\n5 law {9}ok {9}2{64} .*\nexit 0$/,
  );
  expect(without(await writ([...asked, "../opened"]), done)).toBe(
    "../opened/ELIGIBLE.csv\n../opened/NAMES.csv\nopened ID; logged as entry 3. What is open now cannot be called back by shredding.\nexit 0",
  );
  expect(without(await writ(["shred", done.releaseId, "--under", "nd-cal-25-5536"]), done)).toBe(
    [
      "shredded    ID, entry 4",
      "key         destroyed here; a copy in a backup is refused and destroyed on sight",
      "opened      2026-11-24T12:00:00Z by key KEY…, entry 3",
      "not undone  whoever opened it has the plaintext, and what was made from it",
      "exit 0",
    ].join("\n"),
  );
  expect(without(await writ([...asked, "../again"]), done)).toBe(
    "error: the package's key was destroyed on 2026-11-24T12:00:00Z (entry 4)\nhint: nothing can open this package again; ask for a new release\nexit 20",
  );
  expect((await writ(["receipt", "verify", done.receipt])).code).toBe(0);
  const shown = await writ(["log", "show"]);
  expect(shown.stdout.split("\n").map((line) => line.split(/ {2,}/)[3]?.trim() ?? line.trim().split(/ {2,}/)[2])).toEqual([
    "workspace",
    "intent",
    "released",
    "key-opened",
    "shredded",
    "key-refused",
    undefined,
  ]);
  expect(without(await writ(["log", "verify"]), done)).toMatch(
    /^hhs-cms\/writ: 6 entries in \d+ files verify\nroot .*=\nquorum none: custodian's word only\nexit 0$/,
  );
});

test("one byte flipped in a receipt: the first broken step, what it means, exit 22", async () => {
  const done = await entered();
  const text = readFileSync(done.receipt, "utf8");
  const flipped = async (from: string | RegExp, to: string): Promise<string> => {
    writeFileSync("../flipped.json", text.replace(from, to));
    return without(await writ(["receipt", "verify", "../flipped.json"]), done);
  };
  expect(await flipped('"oversight"', '"oversighs"')).toMatch(
    /2 inclusion {3}BROKEN .*\n3 checkpoint {2}ok .*\n4 quorum {6}unreached.*[^]*the step "inclusion"\nhint: this leaf is not in the log[^]*exit 22$/,
  );
  expect(await flipped("writ\\n2\\n", "writ\\n3\\n")).toMatch(
    /the step "checkpoint"\nhint: the log's key did not sign this tree[^]*exit 22$/,
  );
  expect(await flipped('"intent"', '"intend"')).toMatch(/1 leaf {8}BROKEN [^]*the step "leaf"[^]*exit 22$/);
});

test("a verifier elsewhere needs the receipt and the published key, nothing else", async () => {
  const done = await entered();
  const vkey = readFileSync(join(done.workspace.paths.ledger, "log.vkey"), "utf8").trim();
  process.chdir("..");
  expect((await writ(["receipt", "verify", done.receipt, "--vkey", vkey])).code).toBe(0);
  expect((await writ(["receipt", "verify", done.receipt, "--vkey", join(done.workspace.paths.ledger, "log.vkey")])).code).toBe(0);
  expect((await writ(["log", "verify", done.workspace.paths.ledger, "--vkey", vkey])).code).toBe(0);
  expect((await writ(["receipt", "verify", done.receipt])).stderr).toContain("writ.yaml");
  const json = JSON.parse((await writ(["receipt", "verify", done.receipt, "--vkey", vkey, "--json"])).stdout) as Record<string, unknown>;
  expect(json).toMatchObject({ verified: true, index: 1, size: 2, leaf: { kind: "intent" } });
  expect((await writ(["receipt", "verify", done.receipt, "--vkey", "none"])).stderr).toContain("there is no verifier key here");
  expect((await writ(["receipt", "show", done.receipt])).stdout).toContain("purpose          oversight\n");
});

test("a damaged ledger is located", async () => {
  const done = await entered();
  const tile = join(done.workspace.paths.ledger, "tile", "0", "000.p", "3");
  writeFileSync(tile, readFileSync(tile).fill(0, 0, 1));
  const printed = without(await writ(["log", "verify"]), done);
  expect(printed).toContain("error: W/ledger/tile/entries/000.p/3: entry 0 does not have the hash its tile says\nhint: restore");
  expect(printed).toMatch(/exit 22$/);
});

test("a new key pair: the recipient key on stdout, the identity in a file that is never overwritten", async () => {
  const done = await entered();
  const made = await writ(["key", "new", "--recipient", "hhs-oig", "-o", "../new.identity"]);
  expect(made.stdout).toMatch(/^age1[0-9a-z]{58}\n$/);
  expect(readFileSync("../new.identity", "utf8")).toContain(`# public key: ${made.stdout}AGE-SECRET-KEY-1`);
  expect(without(await writ(["key", "new", "--recipient", "hhs-oig", "-o", "../new.identity"]), done)).toContain("the file exists already");
  expect((await writ(["key", "new"])).code).toBe(2);
  expect((await writ(["shred", "3f0c"])).code).toBe(2);
  expect((await writ(["open", done.folder, "--identity", done.identity, "-o", "../x"])).stderr).toContain(
    "without the receipt of its release no package opens",
  );
  expect((await writ(["log", "show", "9"])).stderr).toContain('there is no entry "9"');
});
