import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { FRONT_MATTER_KEYS, FRONT_MATTER_SCHEMA, keysWithin } from "../../src/core/law/front-matter.ts";
import type { Instrument } from "../../src/core/law/instrument.ts";
import { parseInstrument } from "../../src/core/law/instrument.ts";
import { readLiterate } from "../../src/core/law/markdown.ts";
import { parseVocabulary } from "../../src/core/law/vocabulary.ts";
import { knownWords } from "../../src/core/law/words.ts";
import { lawFilesOnDisk } from "../../src/store/law-files.ts";
import { BAD_FRONT_MATTER } from "./bad-front-matter.ts";
import { instrument, vocabularyFiles } from "./small-law.ts";

const root = join(import.meta.dirname, "../..");
const published = JSON.parse(readFileSync(join(root, "docs/formats/instrument.schema.json"), "utf8")) as z.core.JSONSchema.JSONSchema;
const schema = z.fromJSONSchema(published);

/** Front matter as an editor reads it: YAML's own numbers and truths. */
const asEditor = (text: string): unknown => parse(/^---\n([\s\S]*?)\n---$/m.exec(text)?.[1] ?? "");
/** Front matter that reaches the schema at all: what is no YAML does not. */
const isYaml = (text: string): boolean => {
  try {
    asEditor(text);
    return true;
  } catch {
    return false;
  }
};

/** Front matter that has every key there is. */
const WHOLE: Readonly<Record<string, string>> = {
  court: "court",
  docket: "docket",
  entry: "7",
  effective: "{ earliest: 2020-01-02, latest: 2020-01-03 }",
  ends: "2030-01-01",
  endsOnEvent: "{ event: e, days: 14 }",
  finds: "[{ event: f, on: 2021-01-01, cite: c }]",
  extends: "[b]",
  supersedes: "[c]",
  modifies: '[{ instrument: b, rules: ["1"], cite: c, grade: read }]',
  defeats: '[{ rule: "b#1", scope: "true", cite: c, grade: read, interpretation: i }]',
  stayed: '[{ from: 2022-01-01, to: 2022-02-01, rules: ["1"], scope: "true", cite: c, grade: read }]',
  vacated: "{ on: 2029-01-01, cite: c }",
  binds: "hhs",
  protects: "[{ jurisdiction: CA, from: 2020-01-01, to: 2021-01-01, unresolved: true, cite: c }]",
  discharges: "[{ regime: programme, cite: c }]",
  sources: `[{ cite: c, url: u, grade: read, sha256: "${"0".repeat(64)}", reviewedBy: a person }]`,
};

describe("the schema of front matter", () => {
  it("is the one published", () => {
    expect(published).toEqual(FRONT_MATTER_SCHEMA);
  });

  it("accepts every shipped instrument, and what the format's page shows", async () => {
    const shipped = (await lawFilesOnDisk.read(join(root, "law"))).filter(({ path }) =>
      /^(?!vocabulary|invariants).*\/(?!README)/.test(path),
    );
    const page = readFileSync(join(root, "docs/formats/instrument.md"), "utf8").replace(/^[^]*?````markdown\n/, "");
    expect(shipped.length).toBeGreaterThan(40);
    const refused = [...shipped, { path: "the page", text: page }].filter(({ text }) => !schema.safeParse(asEditor(text)).success);
    expect(refused.map(({ path }) => path)).toEqual([]);
  });

  it("accepts front matter with every key", () => {
    expect(schema.safeParse(asEditor(instrument("a", WHOLE).text)).error).toBeUndefined();
  });

  it.each(BAD_FRONT_MATTER.filter(([, front]) => isYaml(instrument("a", front).text)))(
    "refuses %s where it can tell",
    (_name, front, _says, told) => {
      expect(schema.safeParse(asEditor(instrument("a", front).text)).success).toBe(!told);
    },
  );

  it("names the very keys the parser reads, in entries too", () => {
    const file = readLiterate(instrument("a", WHOLE));
    const vocabulary = parseVocabulary(vocabularyFiles());
    if (!file.ok || !vocabulary.ok) throw new Error("the example does not read");
    const parsed = parseInstrument(file.value, knownWords(vocabulary.value, []), ["programme"]);
    expect(parsed.ok ? [] : parsed.problems).toEqual([]);
    const { path: _path, grade: _grade, reviewed: _reviewed, ...read } = parsed.ok ? parsed.value : ({} as Instrument);
    expect(Object.keys(read).sort()).toEqual([...FRONT_MATTER_KEYS].sort());
    for (const key of ["endsOnEvent", "finds", "modifies", "defeats", "stayed", "vacated", "protects", "discharges", "sources"] as const)
      expect(Object.keys([read[key]].flat()[0] ?? {}).sort()).toEqual([...keysWithin(key)].sort());
  });
});
