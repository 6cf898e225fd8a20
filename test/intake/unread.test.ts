/** Files of dictionaries whose layout is not known are refused by name. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { catalogueWords } from "../../src/core/catalog/words.ts";
import { loadCatalogues } from "../../src/store/catalogues.ts";
import { shippedCatalogue, shippedVocabulary, tmsisFile } from "./tmsis-file.ts";
import { openBench, type Bench } from "./workbench.ts";

const shipped = join(fileURLToPath(new URL("../../", import.meta.url)), "catalog");
let catalogues: readonly Catalogue[];
let bench: Bench;
let kept: readonly string[];

beforeAll(async () => {
  const loaded = await loadCatalogues(shipped, catalogueWords(await shippedVocabulary()));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  catalogues = loaded.value;
  bench = await openBench(catalogues);
  kept = bench.kept();
});
afterAll(() => bench.remove());

async function refusal(name: string, version: string, change: (text: string) => string = (text) => text): Promise<string> {
  const file = tmsisFile(await shippedCatalogue(name), [], { header: { "DATA-DICTIONARY-VERSION": version } });
  const taken = await bench.take("f", change(file.toString()));
  expect(bench.kept()).toEqual(kept);
  return taken.ok ? "" : taken.problems.map(({ code, message, hint }) => `${code} ${message} | ${hint}`).join();
}

describe("a file of a later dictionary", () => {
  it("is refused by what is not known of it, with what is", async () => {
    expect(await refusal("claimlt", "3.4")).toBe(
      "E_HEADER CLAIMLT of dictionary 3.4: positions of CLT00002 before byte 416 and after byte 435, and of CLT00003 before byte 340 and " +
        "after byte 341 are not known to writ | a layout is added as data under catalog/; known of this one: CLT073 at 416 to 417, " +
        "CLT077 at 434 to 435, CLT219 at 340 to 341",
    );
    expect(await refusal("eligible", "V4.0.0")).toContain("ELIGIBLE of dictionary 4: positions of ELG00002 to ELG00004");
    expect(await refusal("eligible", "4.1")).toContain("ELG085 at 54 to 55, ELG097 at 79 to 79");
    expect(await refusal("provider", "3.27")).toContain("PROVIDER of dictionary 3.27");
  });

  it("is refused even if this version knows no such file", async () => {
    const ftx = (text: string): string => text.replaceAll("TPL00001", "FTX00001");
    expect(await refusal("tpl", "4.0", ftx)).toContain("FTX of dictionary 4: positions of FTX00002");
    expect(await refusal("tpl", "2.4", ftx)).toContain("E_LAYOUT the file does not start with the header record of a known file");
  });

  it("of no series at all is refused by the versions that are known", async () => {
    expect(await refusal("claimip", "5.0")).toContain("dictionaries known for this file: 2.4");
  });

  it("lists what of later claims lies elsewhere than in 2.4", async () => {
    const moved = catalogues.flatMap(({ unread }) => unread?.moved ?? []);
    for (const { element, start } of moved) {
      const before = catalogues.flatMap(({ segments }) => segments.flatMap(({ elements }) => elements)).find(({ id }) => id === element);
      expect(before?.start).not.toBe(start);
    }
    expect(moved).toHaveLength(11);
  });
});
