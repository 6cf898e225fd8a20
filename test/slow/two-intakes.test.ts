import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BIN, writIn } from "./writ-in.ts";

const folder = mkdtempSync(join(tmpdir(), "writ-two-"));
const ws = join(folder, "ws");

beforeAll(() => {
  writIn(folder, "init", "ws", "--practice");
  writIn(ws, "dataset", "generate", "--states", "CA", "--people", "400", "--period", "2025-12", "--bare", "-o", "in");
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started = async (): Promise<{ readonly exit: number | null; readonly stderr: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, "intake", "in/ca-eligible.flf"], { cwd: ws });
    let stderr = "";
    child.stderr.on("data", (text) => (stderr += String(text)));
    child.on("close", (exit) => resolve({ exit, stderr }));
  });

describe("two intakes of one file at one moment", () => {
  it("store it once, and the other is told that it was", async () => {
    const both = await Promise.all([started(), started()]);
    expect(new Set(both.map(({ exit }) => exit))).toEqual(new Set([0, 2]));
    const refused = both.find(({ exit }) => exit === 2);
    expect(refused?.stderr).toMatch(/taken in (already|meanwhile)/);
    const stored = readdirSync(join(ws, "private", "datasets")).filter((name) => /^[0-9a-f]{64}$/.test(name));
    expect(stored).toHaveLength(1);
    expect(readdirSync(join(ws, "private", "tmp"))).toEqual([]);
    const log = JSON.parse(writIn(ws, "log", "show", "--json").stdout) as {
      readonly entries: readonly { readonly leaf: { readonly kind: string } }[];
    };
    expect(log.entries.map(({ leaf }) => leaf.kind).sort()).toEqual(["submission", "submission-refused", "workspace"]);
  }, 120_000);
});
