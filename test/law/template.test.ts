import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/app/sha256.ts";
import { problemText, ProblemError } from "../../src/core/base/problem.ts";
import type { Law } from "../../src/core/law/law.ts";
import { loadLaw } from "../../src/core/law/load.ts";
import { templateText, TEMPLATE_NAMES } from "../../src/core/law/template.ts";
import { checkTables } from "../../src/core/verdict/table-check.ts";
import { cedarJudge } from "../../src/engine/cedar-judge.ts";
import { lawFilesOnDisk } from "../../src/store/law-files.ts";
import { refusals } from "./small-law.ts";

/** What an author might write; every other blank is free text. */
const WRITTEN: Readonly<Record<string, string>> = {
  id: "drafted/2024-03-01",
  regime: "medicaid",
  discloser: "hhs-cms",
  recipient: "dhs-ice",
  "other recipient": "researcher",
  purpose: "civil-removal",
  field: "claims",
  "record system": "medicaid",
  origin: "CA",
  "other origin": "TX",
  population: "citizen",
  "a day in force": "2024-03-02",
  "permit or bars-only": "permit",
  grade: "secondary",
  address: "https://example.org/",
};
const day = /day of|first day/;
const filled = (text: string): string =>
  text.replaceAll(/<<([^<>]*)>>/g, (_, blank: string) =>
    blank === "last day in force" ? "2030-01-01" : day.test(blank) ? "2024-03-01" : (WRITTEN[blank] ?? "as written"),
  );

/** The law that comes with writ, and one more file or another text of the regimes. */
async function withShipped(path: string, change: (before: string) => string): Promise<Law> {
  const files = await lawFilesOnDisk.read(join(import.meta.dirname, "../../law"));
  const before = files.find((file) => file.path === path)?.text ?? "";
  const loaded = loadLaw([...files.filter((file) => file.path !== path), { path, text: change(before) }], cedarJudge, sha256);
  if (!loaded.ok) throw new ProblemError(...loaded.problems);
  return loaded.value;
}

describe("a template", () => {
  it.each(TEMPLATE_NAMES.filter((name) => name !== "regime"))(
    "of kind %s, filled in, loads and answers as its table expects",
    async (name) => {
      const law = await withShipped("drafted.md", () => filled(templateText(name)));
      const drafted = law.instruments.find(({ id }) => id === "drafted/2024-03-01");
      expect(drafted?.kind).toBe(name);
      const tables = law.tables.filter(({ instrument }) => instrument === drafted?.id);
      expect(checkTables({ ...law, tables }).problems).toEqual([]);
      expect(checkTables({ ...law, tables }).rows).toBeGreaterThan(1);
    },
  );

  it("of a regime, filled in, declares one", async () => {
    const fragment = filled(templateText("regime")).replaceAll("drafted/2024-03-01", "drafted");
    const law = await withShipped("vocabulary/regimes.md", (before) => `${before}\n${fragment}`);
    expect(law.regimes.map(({ id }) => id)).toContain("drafted");
  });

  it.each(TEMPLATE_NAMES)("of kind %s, as it comes, is refused at each of its blanks", (name) => {
    const text = name === "regime" ? `---\nid: regimes\n---\n${templateText(name)}` : templateText(name);
    const blanks = text.split("\n").flatMap((line, at) => [...line.matchAll(/<<[^>]+>>/g)].map(({ 0: blank, index }) => ({ blank, at, index }))); // prettier-ignore
    expect(blanks.length).toBeGreaterThan(5);
    expect(refusals({ path: "drafted.md", text }).map(problemText)).toEqual(
      blanks.map(
        ({ blank, at, index }) =>
        `error: drafted.md:${at + 1}:${index + 1}: the blank ${blank} is not filled in\nhint: write the ${blank.slice(2, -2)} in its place`, // prettier-ignore
      ),
    );
  });
});
