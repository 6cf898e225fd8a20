import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ProblemError } from "../core/base/problem.ts";
import { lawFilesOnDisk } from "./law-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-law-"));
  mkdirSync(join(folder, "orders"));
  writeFileSync(join(folder, "orders", "b.md"), "b");
  writeFileSync(join(folder, "a.yaml"), "a");
  writeFileSync(join(folder, "notes.txt"), "no law");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("reads law by paths within the folder, in their order", async () => {
  expect(await lawFilesOnDisk.read(folder)).toEqual([
    { path: "a.yaml", text: "a" },
    { path: "orders/b.md", text: "b" },
  ]);
});

it("refuses what looks like law and would not be read", async () => {
  symlinkSync(join(folder, "a.yaml"), join(folder, "orders", "linked.md"));
  await expect(lawFilesOnDisk.read(folder)).rejects.toThrow("is not read as law");
  rmSync(join(folder, "orders", "linked.md"));
  writeFileSync(join(folder, "orders", "ORDER.MD"), "b");
  await expect(lawFilesOnDisk.read(folder)).rejects.toThrow("is not read as law");
});

it("refuses a link to a folder, wherever it leads", async () => {
  const outside = mkdtempSync(join(tmpdir(), "writ-outside-"));
  writeFileSync(join(outside, "bar.md"), "a bar nobody would miss");
  symlinkSync(outside, join(folder, "more"));
  await expect(lawFilesOnDisk.read(folder)).rejects.toThrow("is not read as law");
  rmSync(outside, { recursive: true });
});

it.each([
  ["a line break", "a\nerror: b.md", "a\\u{a}error: b.md"],
  ["a mark that turns text around", "a\u202Edm.md", "a\\u{202e}dm.md"],
  ["an escape", "a\u001B[2J.md", "a\\u{1b}[2J.md"],
  ["a backslash", "..\\..\\b.md", "..\\..\\b.md"],
])("refuses a name with %s, and prints it harmless", async (_name, name, printed) => {
  writeFileSync(join(folder, "orders", name), "b");
  const refused = await lawFilesOnDisk.read(folder).catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(ProblemError);
  const { problems } = refused as ProblemError;
  expect(problems.map(({ code, at }) => [code, at?.file])).toEqual([["E_LAW", join(folder, "orders", printed)]]);
});

it("refuses a file too large to be law before reading it, and bytes that are no text", async () => {
  truncateSync(join(folder, "a.yaml"), 2 ** 31 + 1);
  await expect(lawFilesOnDisk.read(folder)).rejects.toThrow("the file is larger than 1600000 bytes");
  writeFileSync(join(folder, "a.yaml"), Uint8Array.of(0x61, 0xff));
  await expect(lawFilesOnDisk.read(folder)).rejects.toThrow("the file is no UTF-8 text");
});

it("refuses a folder that is not there", async () => {
  await expect(lawFilesOnDisk.read(join(folder, "nowhere"))).rejects.toThrow("the law folder cannot be read");
});
