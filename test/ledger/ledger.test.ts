import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Ledger } from "../../src/app/ports/ledger.ts";
import { QUORUM_NONE } from "../../src/core/ledger/quorum.ts";
import { verifyReceipt } from "../../src/core/ledger/verification.ts";
import { ledgerReader } from "../../src/store/ledger-folder.ts";
import { crypto, first, key, openLog, refusal, released } from "./log-of-tests.ts";

const newRoot = (): string => mkdtempSync(join(tmpdir(), "writ-ledger-"));
const many = (from: number, count: number): ReturnType<typeof refusal>[] => Array.from({ length: count }, (_, at) => refusal(from + at));
const trust = { key, quorum: QUORUM_NONE, crypto };
const spawnWriter = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ["--import", "tsx", fileURLToPath(new URL("./writer.child.ts", import.meta.url)), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });

async function whatIsWrong(log: Pick<Ledger, "verify">): Promise<readonly string[]> {
  const verified = await log.verify();
  return verified.ok ? [] : verified.problems.map(({ message }) => message);
}

test("grows over full tiles; each entry has a receipt that verifies offline; anyone with the public key can verify the folder", async () => {
  const root = newRoot();
  const log = openLog(root);
  expect(await log.size()).toBe(0);
  await log.append([first, ...many(1, 250)]);
  for (const size of [5, 1, 300]) await log.append(many(1000 * size, size));
  const reader = ledgerReader(join(root, "ledger"), key, { crypto });
  expect(await whatIsWrong(reader)).toEqual([]);
  expect(await reader.size()).toBe(557);
  for (const index of [0, 255, 256, 556]) {
    const verification = verifyReceipt(await reader.receipt(index), "r", trust);
    expect(verification.result.ok && verification.result.value.index).toBe(index);
  }
  const indexes: number[] = [];
  for await (const { index } of reader.entries(550)) indexes.push(index);
  expect(indexes).toEqual([550, 551, 552, 553, 554, 555, 556]);
  expect(existsSync(join(root, "ledger", "tile", "0", "000.p"))).toBe(false);
});

test("appending again changes nothing; the same act saying something else is refused", async () => {
  const log = openLog(newRoot());
  const once = await log.append([first, refusal(1), released(7, 1)]);
  const again = await log.append([refusal(1), { ...released(7, 1), id: "f".repeat(32), time: "2027-01-01T00:00:00Z" }, refusal(1)]);
  expect(again.indexes).toEqual([1, 2, 1]);
  expect(again.checkpoint.root).toEqual(once.checkpoint.root);
  await expect(log.append([released(7, 0)])).rejects.toThrow("already records this released");
  await expect(log.append([{ ...refusal(1), reason: "other" }])).rejects.toThrow("says something else");
  expect(await log.size()).toBe(3);
});

test("a malformed leaf is refused before anything is written", async () => {
  const root = newRoot();
  await expect(openLog(root).append([{ ...refusal(1), reason: "two\nlines" }])).rejects.toThrow('"reason" must be a short text');
  expect(existsSync(join(root, "ledger", "checkpoint"))).toBe(false);
});

test("no flipped bit in any file of the ledger goes unnoticed", async () => {
  const root = newRoot();
  const log = openLog(root);
  await log.append([first, ...many(1, 256)]);
  for (const at of [1, 2]) await log.append(many(1000 * at, 2));
  const folder = join(root, "ledger");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  expect(paths.length).toBeGreaterThan(7);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.nat(), fc.nat({ max: 7 }), async (path, at, bit) => {
      const bytes = readFileSync(path);
      writeFileSync(
        path,
        bytes.map((byte, other) => (other === at % bytes.length ? byte ^ (1 << bit) : byte)),
      );
      expect(await whatIsWrong(log)).not.toEqual([]);
      writeFileSync(path, bytes);
    }),
    { numRuns: 60, endOnFailure: true },
  );
  expect(await whatIsWrong(log)).toEqual([]);
});

test("a damaged tile is neither signed over nor trusted", async () => {
  const root = newRoot();
  await openLog(root).append([first, ...many(1, 2)]);
  const tile = join(root, "ledger", "tile", "0", "000.p", "3");
  writeFileSync(tile, readFileSync(tile).fill(0, 0, 32));
  await expect(openLog(root).append(many(10, 1))).rejects.toThrow(/signed/);
  expect(await whatIsWrong(openLog(root))).toContain("entry 0 does not have the hash its tile says");
});

test("yesterday's ledger folder put back is noticed; yesterday's private folder catches up", async () => {
  const root = newRoot();
  const log = openLog(root);
  await log.append([first, refusal(1)]);
  cpSync(root, `${root}-old`, { recursive: true });
  await log.append(many(2, 3));
  rmSync(join(root, "private"), { recursive: true });
  cpSync(join(`${root}-old`, "private"), join(root, "private"), { recursive: true });
  expect((await openLog(root).append(many(9, 1))).indexes).toEqual([5]);
  rmSync(join(root, "ledger"), { recursive: true });
  cpSync(join(`${root}-old`, "ledger"), join(root, "ledger"), { recursive: true });
  await expect(openLog(root).append(many(20, 1))).rejects.toThrow(/missing|that was signed/);
});

test("two processes and this one write at once: every leaf is there once", async () => {
  const root = newRoot();
  const log = openLog(root);
  await log.append([first]);
  const writers = [spawnWriter(root, "100", "6"), spawnWriter(root, "200", "6")];
  const ends = writers.map(async (writer) => once(writer, "exit"));
  await Promise.all([log.append([refusal(1)]), openLog(root).append([refusal(1)]), log.append(many(300, 3))]);
  expect(await Promise.all(ends)).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(await whatIsWrong(log)).toEqual([]);
  expect(await log.size()).toBe(17);
});

test("a writer killed at any moment leaves a log that verifies and goes on", async () => {
  const root = newRoot();
  await openLog(root).append([first]);
  for (const size of [2, 5, 9]) {
    const writer = spawnWriter(root, String(1000 * size), "500");
    while ((await openLog(root).size()) < size) await new Promise(setImmediate);
    writer.kill("SIGKILL");
    await once(writer, "exit");
    expect(await whatIsWrong(openLog(root))).toEqual([]);
    await openLog(root).append([refusal(size)]);
  }
});

test("a lock holds while its process lives and dies with it", async () => {
  const root = newRoot();
  const holder = spawnWriter(root, "0", "0");
  if (holder.stdout === null) throw new Error("the writer has no output");
  await once(holder.stdout, "data");
  await expect(openLog(root, undefined, 50).append([first])).rejects.toThrow(/process \d+ on .* is writing to the ledger/);
  holder.kill("SIGKILL");
  expect((await openLog(root).append([first])).indexes).toEqual([0]);
});
