import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { openPlainPipes } from "./plain-pipes.ts";

const folder = mkdtempSync(join(tmpdir(), "writ-pipes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a pipe that is fed", () => {
  const warnings: Error[] = [];
  const listen = (warning: Error): number => warnings.push(warning);
  afterEach(() => process.off("warning", listen));

  it("gives all its chunks to a slow reader, without piling listeners up", async () => {
    process.on("warning", listen);
    const pipes = await openPlainPipes();
    const chunk = Buffer.alloc(1 << 18, 7);
    const pipe = await pipes.fed(Array.from({ length: 40 }, () => chunk));
    const [read] = await Promise.all([readFile(pipe.path), pipe.done]);
    await pipes.close();
    expect([read.length, read.every((byte) => byte === 7)]).toEqual([40 * chunk.length, true]);
    expect(warnings).toEqual([]);
  });

  it("lets go of a reader that never comes", async () => {
    const pipes = await openPlainPipes();
    const pipe = await pipes.fed([Buffer.from("x")]);
    pipe.abort();
    await expect(pipe.done).rejects.toMatchObject({ problems: [{ code: "E_IO" }] });
    await pipes.close();
    expect(() => readFileSync(pipe.path)).toThrow("ENOENT");
  });
});
