import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Decrypter } from "age-encryption";
import { expect, test } from "vitest";
import type { OpenInput, Opened } from "../../src/app/open.ts";
import { openPackage } from "../../src/app/open.ts";
import { randomId } from "../../src/app/record.ts";
import { shred } from "../../src/app/shred.ts";
import type { Workspace } from "../../src/app/workspace.ts";
import { utf8, utf8Text } from "../../src/core/base/bytes.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import type { PackageManifest } from "../../src/core/package/manifest.ts";
import { encodeManifest, payloadDigestOf } from "../../src/core/package/manifest.ts";
import type { LedgerRoom } from "../../src/cli/ledger-room.ts";
import { openLedgerRoom } from "../../src/cli/ledger-room.ts";
import { sha256 } from "../../src/vault/node-crypto.ts";
import { newKeyPair } from "../../src/vault/recipient-key.ts";
import type { Released } from "./release-of-tests.ts";
import { hash, newWorkspace, PLAIN, release, sealed } from "./release-of-tests.ts";

const receiptIn = (folder: string): Uint8Array => new Uint8Array(readFileSync(join(folder, "receipt.json")));

async function open({ room, workspace, pair, folder }: Released, other: Partial<OpenInput> = {}): Promise<Opened> {
  const receipt = other.receipt ?? receiptIn(folder);
  const outputFolder = join(workspace.root, "..", `out-${randomId()}`);
  return openPackage({ packageFolder: folder, identity: pair.identity, outputFolder, ...other, receipt }, room);
}

/** The problem's code and message; and that nothing was left behind. */
async function refusal(done: Released, other: Partial<OpenInput> = {}): Promise<string> {
  const beside = join(done.workspace.root, "..");
  const before = readdirSync(beside);
  const error: unknown = await open(done, other).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ProblemError)) throw new Error("it opened, or broke", { cause: error });
  expect(readdirSync(beside)).toEqual(before);
  return `${error.problems[0]?.code}: ${error.problems[0]?.message}`;
}

async function kinds({ room }: Released): Promise<string> {
  const found: string[] = [];
  for await (const { leaf } of room.ledger.entries()) found.push(leaf.kind);
  return found.join(" ");
}

test("the recipient opens with the receipt; the log says so first; the output is what was sealed", async () => {
  const done = await release(await newWorkspace());
  const outputFolder = join(done.workspace.root, "..", "opened");
  const opened = await open(done, { outputFolder });
  expect(opened.files).toEqual(["ELIGIBLE.csv", "NAMES.csv"]);
  expect(hash(readFileSync(join(outputFolder, "NAMES.csv")))).toBe(hash(PLAIN));
  expect(statSync(join(outputFolder, "NAMES.csv")).mode & 0o777).toBe(0o600);
  expect(await kinds(done)).toBe("workspace intent released key-opened");
  const [logged] = [...(await collect(done.room))].slice(-1);
  expect(logged).toMatchObject({ index: opened.openedIndex, leaf: { simulated: true, releaseId: done.releaseId } });
  expect(readdirSync(done.folder).sort()).toEqual(["ELIGIBLE.csv.age", "NAMES.csv.age", "manifest.json", "receipt.json"]);
});

const collect = async (room: LedgerRoom): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const logged of room.ledger.entries()) found.push(logged);
  return found;
};

test("a wrong receipt, a wrong identity, or none that verifies frees no key", async () => {
  const workspace = await newWorkspace();
  const done = await release(workspace);
  const other = await release(workspace);
  expect(await refusal(done, { receipt: receiptIn(other.folder) })).toBe("E_PROOF: the receipt is not for this package and this recipient");
  expect(await refusal(done, { receipt: await done.room.ledger.receipt(2) })).toContain("E_PROOF: the receipt is not for this");
  expect(await refusal(done, { receipt: receiptIn(done.folder).map((byte, at) => (at === 99 ? byte ^ 1 : byte)) })).toMatch(
    /^E_(PROOF|LEDGER)/,
  );
  expect(await refusal(done, { receipt: utf8("") })).toContain("E_PROOF");
  expect(await refusal(done, { identity: other.pair.identity })).toContain("E_KEY: the identity is not the recipient's");
  expect(await refusal(done, { identity: "AGE-SECRET-KEY-1NONE" })).toContain("E_KEY: not an identity");
  expect(await kinds(done)).not.toContain("key-opened");
  expect((await kinds(done)).match(/key-refused/g)?.length).toBe(4);
});

test("the recipient's identity alone opens nothing of the package", async () => {
  const done = await release(await newWorkspace());
  const decrypter = new Decrypter();
  decrypter.addIdentity(done.pair.identity);
  await expect(decrypter.decrypt(readFileSync(join(done.folder, "NAMES.csv.age")))).rejects.toThrow("no identity matched");
});

test("an altered package is refused before the key is asked for", async () => {
  const done = await release(await newWorkspace());
  const sealedFile = join(done.folder, "NAMES.csv.age");
  const bytes = readFileSync(sealedFile);
  for (const damaged of [
    bytes.subarray(0, -1),
    Buffer.concat([bytes, bytes]),
    Buffer.from(bytes.map((byte, at) => (at === 70_000 ? byte ^ 4 : byte))),
  ]) {
    writeFileSync(sealedFile, damaged);
    expect(await refusal(done)).toBe("E_TAMPERED: the sealed file is not the one the manifest names");
  }
  rmSync(sealedFile);
  expect(await refusal(done)).toBe("E_TAMPERED: a sealed file of the package cannot be read");
  writeFileSync(sealedFile, bytes);
  const file = join(done.folder, "manifest.json");
  const manifest = readFileSync(file, "utf8");
  writeFileSync(file, manifest.replace("NAMES", "../NAMES"));
  expect(await refusal(done)).toContain('E_TAMPERED: manifest: "files" must be a list');
  writeFileSync(file, manifest.replace(/"sizeBytes":\d+/, '"sizeBytes":1'));
  expect(await refusal(done)).toContain("payload digest is not that of its files");
  expect(await kinds(done)).toBe("workspace intent released");
});

test("files sealed anew under a rewritten manifest do not fit the receipt", async () => {
  const done = await release(await newWorkspace());
  const file = join(done.folder, "manifest.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as PackageManifest;
  const forged = await sealed(utf8("other rows"), manifest.packageRecipient);
  writeFileSync(join(done.folder, "NAMES.csv.age"), forged);
  const files = manifest.files.map((entry) =>
    entry.name.startsWith("NAMES") ? { ...entry, sizeBytes: forged.length, sha256: hash(forged) } : entry,
  );
  writeFileSync(file, encodeManifest({ ...manifest, files, payloadDigest: payloadDigestOf(sha256, files) }));
  expect(await refusal(done)).toBe("E_PROOF: the receipt is not for this package and this recipient");
});

test("shredding kills exactly one package, names earlier openings, and no backup of the keys revives it", async () => {
  const workspace = await newWorkspace();
  const [done, other] = [await release(workspace), await release(workspace)];
  await open(done);
  const backup = join(workspace.root, "..", "backup");
  cpSync(workspace.paths.keys, backup, { recursive: true });
  const shredded = await shred({ releaseId: done.releaseId, under: "nd-cal-25-5536" }, done.room);
  expect(shredded).toMatchObject({ keyDestroyed: true, opened: [{ leaf: { kind: "key-opened" } }] });
  expect(await shred({ releaseId: done.releaseId }, done.room)).toMatchObject({ keyDestroyed: false, index: shredded.index });
  expect(await refusal(done)).toContain("E_SHREDDED: the package's key was destroyed on 2026-11-24T12:00:00Z");
  await open(other);
  rmSync(workspace.paths.keys, { recursive: true });
  cpSync(backup, workspace.paths.keys, { recursive: true });
  const keyFile = join(workspace.paths.keys, "packages", `${done.releaseId}.json`);
  expect(existsSync(keyFile)).toBe(true);
  expect(await refusal(done)).toContain("E_SHREDDED");
  expect(existsSync(keyFile)).toBe(false);
  cpSync(backup, workspace.paths.keys, { recursive: true });
  expect(await refusal({ ...done, room: await openLedgerRoom(workspace) })).toContain("E_SHREDDED");
  expect(existsSync(keyFile)).toBe(false);
  await expect(shred({ releaseId: randomId() }, done.room)).rejects.toThrow("the log knows no release of this id");
});

test("an output folder that exists is left alone", async () => {
  const done = await release(await newWorkspace());
  expect(await refusal(done, { outputFolder: done.workspace.root })).toContain("E_IO: the output folder exists already");
  expect(await kinds(done)).toBe("workspace intent released");
});

/** The maker of a staged package was this process; a restart would find it gone. */
const forgetMaker = (workspace: Workspace): void => {
  for (const name of readdirSync(workspace.paths.packages))
    if (name.startsWith(".")) writeFileSync(join(workspace.paths.packages, name, "maker.json"), "{");
};

test("a release cut short before its intent leaves nothing; one cut short after it is finished", async () => {
  const workspace = await newWorkspace();
  const sealedOnly = await release(workspace, "sealed");
  await openLedgerRoom(workspace);
  expect(readdirSync(workspace.paths.packages)).toHaveLength(1);
  forgetMaker(workspace);
  await openLedgerRoom(workspace);
  expect(readdirSync(workspace.paths.packages)).toEqual([]);
  expect(readdirSync(join(workspace.paths.keys, "packages"))).toEqual([]);
  const logged = await release(workspace, "logged");
  forgetMaker(workspace);
  await openLedgerRoom(workspace);
  expect(readdirSync(workspace.paths.packages)).toEqual([logged.releaseId]);
  expect(await kinds(logged)).toBe("workspace intent released");
  await open(logged);
  expect(existsSync(sealedOnly.folder)).toBe(false);
});

test("keys are files only their owner reads, and hold nothing twice", async () => {
  const done = await release(await newWorkspace());
  for (const path of [join("log", "log.skey"), join("packages", `${done.releaseId}.json`)])
    expect(statSync(join(done.workspace.paths.keys, path)).mode & 0o777).toBe(0o600);
  expect(statSync(join(done.workspace.paths.keys, "packages")).mode & 0o777).toBe(0o700);
  const again = await done.room.keyHolder.create(done.releaseId, done.pair.recipient);
  expect(readFileSync(join(done.folder, "manifest.json"), "utf8")).toContain(again.packageRecipient);
  await expect(done.room.keyHolder.create(done.releaseId, (await newKeyPair()).recipient)).rejects.toThrow("held for another recipient");
  expect(utf8Text(receiptIn(done.folder))).not.toContain("AGE-SECRET");
});
