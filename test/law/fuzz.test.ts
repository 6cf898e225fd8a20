import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { answerLine, decider } from "../../src/app/decide.ts";
import { sha256 } from "../../src/app/sha256.ts";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { problemText } from "../../src/core/base/problem.ts";
import type { Judge } from "../../src/core/law/judge.ts";
import { loadLaw } from "../../src/core/law/load.ts";
import { readLiterate } from "../../src/core/law/markdown.ts";
import type { SourceFile } from "../../src/core/law/source.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { cedarJudge } from "../../src/engine/cedar-judge.ts";
import { instrument, permit, smallLaw } from "./small-law.ts";

const SEED = 20260105;
const folder = join(import.meta.dirname, "..", "..", "law");
const files: readonly SourceFile[] = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(md|yaml)$/.test(path) && !path.endsWith("README.md"))
  .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(folder, path), "utf8") }))
  .sort((a, b) => (a.path < b.path ? -1 : 1));

/** Parses and validates as Cedar does; settles nothing, since only reading is put to the test. */
const readingJudge: Judge = { ...cedarJudge, holding: () => [] };

const PIECES = [
  "---", "```", "```cedar", "|", "\n", "\r\n", "\t", "\u0000", "\uFEFF", "§", "😀", "\uD800", "\"", "'", "{", "}", "[", "]", "(", ")", ";", "&&", "||",
  "!", "==", "in ", "forbid", "permit", "when", "unless", "@id(\"1\")", "@cite(\"\")", "Party::\"dhs\"", "context", "principal", "-1", "9999-12-31",
  "id: a", "- ", ": ", "&a", "*a", "!!set", "<<", "__proto__", "constructor", "true", "((((((((", "[[[[[[[[", "null", "like", "ip(\"1\")",
]; // prettier-ignore

type Edit = { readonly at: number; readonly cut: number; readonly piece: string; readonly times: number };
const anyEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof({ arbitrary: fc.nat({ max: 6 }), weight: 5 }, { arbitrary: fc.nat({ max: 2_000 }), weight: 1 }),
  piece: fc.oneof(fc.constantFrom(...PIECES, ""), fc.string({ maxLength: 4, unit: "binary" })),
  times: fc.oneof({ arbitrary: fc.constant(1), weight: 8 }, { arbitrary: fc.nat({ max: 400 }), weight: 1 }),
});

const edited = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((now, { at, cut, piece, times }) => {
    const from = Math.floor(at * now.length);
    return `${now.slice(0, from)}${piece.repeat(times)}${now.slice(from + cut)}`;
  }, text);

const vocabulary = files.filter(({ path }) => path.startsWith("vocabulary/"));

it("law that was tampered with at random is read or refused with a place, never thrown at", () => {
  const property = fc.property(fc.constantFrom(...files), fc.array(anyEdit, { minLength: 1, maxLength: 3 }), ({ path, text }, edits) => {
    const changed = { path, text: edited(text, edits) };
    readLiterate(changed);
    const loaded = loadLaw([...vocabulary.filter((file) => file.path !== path), changed], readingJudge, sha256);
    for (const found of loaded.ok ? [] : loaded.problems) expect(problemText(found)).toMatch(/^error: [a-z]/);
  });
  fc.assert(property, { numRuns: 80, seed: SEED });
});

it("text that never was law is refused", () => {
  const property = fc.property(fc.string({ maxLength: 300, unit: "binary" }), (text) => {
    const loaded = loadLaw([...vocabulary, { path: "x.md", text }], readingJudge, sha256);
    expect(loaded.ok).toBe(false);
  });
  fc.assert(property, { numRuns: 15, seed: SEED });
});

it("a request of any shape is answered or refused", () => {
  const decide = decider(smallLaw(instrument("open", {}, permit())), GRADES, "2026-01-01" as CivilDate);
  const word = fc.oneof(
    fc.constantFrom("hhs", "dhs", "research", "address", "any", "2026-01-01", "2026-02-30", "letter", ""),
    fc.jsonValue(),
  );
  const keys = [
    "on",
    "action",
    "from",
    "to",
    "purpose",
    "origin",
    "population",
    "field",
    "evidence",
    "funding",
    "special",
    "applicant",
    "recordSystem",
  ];
  const row = fc.record(Object.fromEntries(keys.map((key) => [key, word])), { requiredKeys: [] });
  const line = fc.oneof(
    row.map((asked) => JSON.stringify(asked)),
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(line, (text) => {
      const answer = answerLine(decide, text);
      expect("outcome" in answer || "problem" in answer).toBe(true);
    }),
    { numRuns: 1_000, seed: SEED },
  );
});
