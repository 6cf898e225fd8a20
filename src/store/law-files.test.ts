import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
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

it("refuses a folder that is not there", async () => {
  await expect(lawFilesOnDisk.read(join(folder, "nowhere"))).rejects.toThrow("the law folder cannot be read");
});
