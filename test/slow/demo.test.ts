import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "writ-demo-"));
const writ = (
  cwd: string,
  ...argv: readonly string[]
): { readonly exit: number | null; readonly stdout: string; readonly stderr: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin", "writ.mjs"), ...argv], { cwd, encoding: "utf8" });
  return { exit: status, stdout, stderr };
};

let story: string;
const demo = join(folder, "demo");
beforeAll(() => {
  spawnSync(process.execPath, [join(root, "scripts", "setup.mjs")], { cwd: root });
  const told = writ(folder, "demo", "-o", demo);
  expect(told.stderr).toBe("");
  expect(told.exit).toBe(0);
  story = told.stdout;
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines printed under a command that begins so. */
const under = (command: string): readonly string[] => {
  const all = story.split("\n");
  const start = all.findIndex((line) => line.startsWith(`$ writ ${command}`));
  const rest = all.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("$ ") || line === "");
  return start < 0 ? [] : rest.slice(0, end);
};

describe("the demo", () => {
  it("tells six steps, in order, in few lines", () => {
    const headings = story.split("\n").filter((line) => /^\d {2}\S/.test(line));
    expect(headings.map((line) => line[0])).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(story.split("\n").length).toBeLessThan(160);
    for (const line of story.split("\n")) expect(line.length).toBeLessThan(200);
  });

  it("refuses what must be refused, with the code for it", () => {
    expect(under("plan requests/everything.yaml").at(-1)).toMatch(/exit 20/);
    expect(under("plan requests/everything.yaml").join("\n")).toContain("permitted  nothing");
    expect(under("plan requests/ice.yaml").join("\n")).toContain("exit 20");
    expect(under("plan requests/sent-that-week.yaml").join("\n")).toContain("exit 20");
    expect(under("receipt verify flipped.json").join("\n")).toContain("exit 22");
    expect(story).toMatch(/key was destroyed[\s\S]*exit 20/);
  });

  it("permits what was open, without the SSN-state's ids", () => {
    const proven = under("plan requests/ice-proven.yaml").join("\n");
    expect(proven).toMatch(/CA \S+, 6 categories/);
    expect(proven).toMatch(/NM \S+, 5 categories/);
    expect(proven).toContain("Social Security numbers (header)");
  });

  it("turns the strip of one question both ways", () => {
    const strip = under("when").join("\n");
    expect(strip).toContain("█");
    expect(strip).toMatch(/[x·]/);
  });

  it("leaves a workspace whose ledger verifies, whose package was opened once and is shredded, and no second opening", () => {
    const verified = writ(demo, "log", "verify");
    expect(verified.exit).toBe(0);
    const shown = writ(demo, "log", "show").stdout;
    for (const kind of ["intent", "released", "key-opened", "shredded", "key-refused"]) expect(shown).toContain(kind);
    expect(readdirSync(join(demo, "private", "packages"))).toHaveLength(1);
    expect(readdirSync(join(demo, "private", "keys", "packages"))).toEqual([]);
    expect(existsSync(join(demo, "opened"))).toBe(true);
    expect(existsSync(join(demo, "opened-again"))).toBe(false);
    expect(readFileSync(join(demo, "writ.yaml"), "utf8")).toContain("simulated");
  });

  it("names next commands that work where it says", () => {
    const next = story.split("\n").filter((line) => line.startsWith("  npx writ "));
    expect(next.length).toBeGreaterThan(2);
    for (const line of next) {
      const { exit, stderr } = writ(demo, ...line.trim().split(/ +/).slice(2));
      expect({ line, exit, error: /error:/.test(stderr) }).toEqual({ line, exit: 0, error: false });
    }
  });

  it("replaces its own folder and nobody else's", () => {
    const other = join(folder, "other");
    writeFileSync(join(folder, "file"), "");
    expect(writ(folder, "demo", "-o", folder).exit).not.toBe(0);
    expect(existsSync(join(folder, "file"))).toBe(true);
    expect(existsSync(other)).toBe(false);
  });
});
