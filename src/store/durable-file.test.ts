import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { utf8 } from "../core/base/bytes.ts";
import type { Disk } from "./disk.ts";
import { realDisk } from "./disk.ts";
import { createDurably, makeFolderDurably, sweepTemporary, temporaryName, writeDurably } from "./durable-file.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "writ-durable-"));
const failing = (code: string): never => {
  throw Object.assign(new Error(code), { code });
};

test("replaces a file whole, with the mode asked for", () => {
  const path = join(folder(), "checkpoint");
  writeDurably(path, utf8("one"), { mode: 0o600 });
  writeDurably(path, utf8("two"), { mode: 0o600 });
  expect(readFileSync(path, "utf8")).toBe("two");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("creates at most once", () => {
  const path = join(folder(), "key");
  expect(createDurably(path, utf8("first"))).toBe(true);
  expect(createDurably(path, utf8("second"))).toBe(false);
  expect(readFileSync(path, "utf8")).toBe("first");
  expect(readdirSync(join(path, ".."))).toEqual(["key"]);
});

test("makes missing folders", () => {
  const deep = join(folder(), "a", "b", "c");
  makeFolderDurably(deep, { mode: 0o700 });
  expect(statSync(deep).mode & 0o777).toBe(0o700);
});

test("sweeps its own temporary files and nothing else", () => {
  const root = folder();
  writeFileSync(temporaryName(join(root, "tile")), "half");
  writeFileSync(join(root, ".keep"), "");
  sweepTemporary(root);
  expect(readdirSync(root)).toEqual([".keep"]);
});

const faults: readonly (readonly [string, Partial<Disk>])[] = [
  ["create", { create: () => failing("ENOSPC") }],
  ["write", { create: (path, mode) => ({ ...realDisk.create(path, mode), write: () => failing("ENOSPC") }) }],
  ["sync", { create: (path, mode) => ({ ...realDisk.create(path, mode), sync: () => failing("EIO") }) }],
  ["rename", { rename: () => failing("EIO") }],
];
test.each(faults)("a failed %s keeps the old file and says which error", (_, fault) => {
  const path = join(folder(), "checkpoint");
  writeDurably(path, utf8("old"));
  const disk = { ...realDisk, ...fault };
  expect(() => writeDurably(path, utf8("new"), { disk })).toThrow(/cannot make checkpoint durable: E(IO|NOSPC)/);
  expect(readFileSync(path, "utf8")).toBe("old");
});
