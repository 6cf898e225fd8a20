import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { cataloguesOf, loadLayeredBooks, loadLayers } from "./catalogue-layers.ts";
import { loadCatalogues } from "./catalogues.ts";
import { loadSpecialCodes } from "./special-codes.ts";

const words = { categories: ["medicaid-id", "structural"] };
const folder = mkdtempSync(join(tmpdir(), "writ-catalogues-"));
const table = (dataset: string, person = "p"): string =>
  `dataset: ${dataset}\nversion: "1"\ntitle: T\nform: table\nperson: ${person}\ncolumns: [{ name: p, category: medicaid-id }]\n`;

const book = (dataset: string, title: string): string => `rulebook: ${title}\nversion: "1"\ndatasets: [${dataset}]\n`;

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
  it("of two folders stand beside each other, and the first goes before the second", async () => {
    put("own/mine.yaml", table("a/one"));
    put("own/more.yaml", table("b/two"));
    put("own/part2/cms.csv", "signal,system,code,from,to\ndrg,x,1,,\n");
    put("shipped/one.yaml", table("a/one").replace("title: T", "title: shipped"));
    put("shipped/three.yaml", table("c/three"));
    put("shipped/part2/cms.csv", "signal,system,code,from,to\ndrg,x,2,,\n");
    put("shipped/part2/more.csv", "signal,system,code,from,to\ndrg,x,3,,\n");
    put("shipped/four.yaml", table("d/four"));
    put("own/rules-d.yaml", book("d/four", "own"));
    for (const dataset of ["a/one", "c/three", "d/four"]) put(`shipped/rules-${dataset.slice(0, 1)}.yaml`, book(dataset, "shipped"));
    const folders = ["own", "shipped"].map((name) => join(folder, name));
    const layers = await loadLayers(folders, words);
    if (!layers.ok) throw new Error(layers.problems.map(({ message }) => message).join());
    expect(cataloguesOf(layers.value).map(({ dataset, title }) => `${dataset} ${title}`)).toEqual([
      "a/one T",
      "b/two T",
      "c/three T",
      "d/four T",
    ]);
    const books = loadLayeredBooks(layers.value);
    expect(books.ok && books.value.map(({ title, datasets }) => `${title} ${datasets.join()}`)).toEqual(["own d/four", "shipped c/three"]);
    const codes = loadSpecialCodes(folders);
    expect(codes.ok && codes.value.codes.map(({ code }) => code)).toEqual(["1", "3"]);
  });
  it("are missed when the folder is", async () => {
    const read = await loadCatalogues(join(folder, "none"), words);
    expect(read.ok ? "" : read.problems[0]?.code).toBe("E_IO");
  });
});
