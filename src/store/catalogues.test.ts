import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadCatalogues } from "./catalogues.ts";

const words = { categories: ["medicaid-id", "structural"] };
const folder = mkdtempSync(join(tmpdir(), "writ-catalogues-"));
const table = (dataset: string, person = "p"): string =>
  `dataset: ${dataset}\nversion: "1"\ntitle: T\nform: table\nperson: ${person}\ncolumns: [{ name: p, category: medicaid-id }]\n`;

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): void {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe("catalogues on disk", () => {
  it("are found at any depth, and other files are left alone", async () => {
    put("b/two.yaml", table("b/two"));
    put("one.yaml", table("a/one"));
    put("notes.yaml", "nothing: here\n");
    put("README.md", "dataset: no\n");
    const read = await loadCatalogues(folder, words);
    expect(read.ok && read.value.map((catalogue) => catalogue.dataset)).toEqual(["a/one", "b/two"]);
  });
  it("are refused all at once", async () => {
    put("one.yaml", table("a/one", "q"));
    put("x/two.yaml", table("Two"));
    const read = await loadCatalogues(folder, words);
    expect(read.ok ? [] : read.problems.map((found) => found.at?.file)).toEqual(["one.yaml", "x/two.yaml"]);
  });
  it("describe a dataset once", async () => {
    put("one.yaml", table("a/one"));
    put("two.yaml", table("a/one"));
    const read = await loadCatalogues(folder, words);
    expect(read.ok ? "" : read.problems[0]?.message).toBe("two catalogues describe a/one 1");
  });
  it("are missed when the folder is", async () => {
    const read = await loadCatalogues(join(folder, "none"), words);
    expect(read.ok ? "" : read.problems[0]?.code).toBe("E_IO");
  });
});
