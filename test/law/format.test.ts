import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { sha256 } from "../../src/app/sha256.ts";
import { problemText } from "../../src/core/base/problem.ts";
import { formatInstrument } from "../../src/core/law/format.ts";
import type { Law } from "../../src/core/law/law.ts";
import { loadLaw } from "../../src/core/law/load.ts";
import type { SourceFile } from "../../src/core/law/source.ts";
import { cedarJudge, formatCedar } from "../../src/engine/cedar-judge.ts";
import { lawFilesOnDisk } from "../../src/store/law-files.ts";
import { fenced, instrument, permit, smallLaw } from "./small-law.ts";

function formatted(file: SourceFile): SourceFile {
  const text = formatInstrument(file, formatCedar);
  if (!text.ok) throw new Error(text.problems.map(problemText).join("\n"));
  return { path: file.path, text: text.value };
}

/** All that law says, without where it stands and how it was spaced. */
function said(law: Law): unknown {
  const { rules, sourceDigest: _digest, tables, ...rest } = law;
  return {
    ...rest,
    rules: rules.map(({ text: _text, at: _at, ...rule }) => rule),
    tables: tables.map(({ table }) => [table.columns, table.rows.map(({ cells }) => cells)]),
  };
}

const isInstrument = ({ path }: SourceFile): boolean => path.endsWith(".md") && !path.endsWith("README.md");
const wordsOf = (text: string): readonly string[] => text.replaceAll(/[^\p{L}\p{N}]+/gu, " ").split(" ").sort(); // prettier-ignore

/** Other ways to write the same file: line ends, blank lines, spaces in tables and rules, quotes around plain values. */
const REWRITINGS: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\n```cedar\n", "\n\n\n```cedar\n\n\n"),
  (text) => text.replaceAll(/^\|.*\|$/gm, (row) => row.replaceAll(/ *\| */g, "|")),
  (text) => text.replaceAll(" &&\n", " \n&&   "),
  (text) => text.replace(/^(title|cite): ([A-Za-z0-9 ]+)$/gm, '$1: "$2"'),
  (text) => text.replace(/^(kind: .*)\n(regime: .*)$/m, "$2\n$1"),
];

describe("the form of law", () => {
  let files: readonly SourceFile[];

  beforeAll(async () => {
    files = await lawFilesOnDisk.read(join(import.meta.dirname, "../../law"));
  });

  const lawOf = (all: readonly SourceFile[]): Law => {
    const loaded = loadLaw(all, cedarJudge, sha256);
    if (!loaded.ok) throw new Error(loaded.problems.map(problemText).join("\n"));
    return loaded.value;
  };

  it("changes nothing that the shipped law says", () => {
    const after = files.map((file) => (isInstrument(file) ? formatted(file) : file));
    expect(said(lawOf(after))).toEqual(said(lawOf(files)));
    for (const [at, file] of files.entries()) expect(wordsOf(after[at]?.text ?? "")).toEqual(wordsOf(file.text));
  });

  it("is that of the shipped law: `writ law fmt --law law` gives it", () => {
    const other = files.filter((file) => isInstrument(file) && formatted(file).text !== file.text);
    expect(other.map(({ path }) => path)).toEqual([]);
  });

  it("is one form, however the file was written", () => {
    const instruments = files.filter(isInstrument);
    fc.assert(
      fc.property(fc.constantFrom(...instruments), fc.subarray([...REWRITINGS]), (file, rewritings) => {
        const once = formatted(file);
        expect(formatted(once)).toEqual(once);
        const other = { ...file, text: rewritings.reduce((text, rewrite) => rewrite(text), file.text) };
        expect(formatted(other)).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps any value of front matter", () => {
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom("98", "true", "no", "~", "2025-01-01", "a: b", "# x", "- y", "a 'b' \"c\"", " z ", "x, y", "§ ¶"),
    );
    fc.assert(
      fc.property(value.filter((text) => text.trim() !== "" && !/<<|\p{Cc}/u.test(text)), fc.constantFrom(...(["QUOTE_DOUBLE", "QUOTE_SINGLE", "PLAIN"] as const)), (text, style) => {
        const written = stringify(text, { defaultStringType: style, lineWidth: 0 }).trimEnd();
        const file = instrument("a", { title: written, sources: `[{ cite: ${JSON.stringify(text)}, grade: read }]` }, permit());
        const before = smallLaw(file).instruments[0];
        const after = smallLaw(formatted(file)).instruments[0];
        expect(after).toEqual(before);
        expect(formatted(formatted(file))).toEqual(formatted(file));
      }), // prettier-ignore
      { numRuns: 40 },
    );
  });

  it("keeps comments with what they stand before", () => {
    const text = `---\n# first\nkind: order # why\nid: a\ntitle: "t"\n# of cite\ncite: 'c'\nissued: "2020-01-01"\nregime: programme\nsources:\n  # a note\n  - {grade: read, cite: "s"}\n---\n\n¶1 Words.  \nMore.\n${fenced("// before", permit())}\nafter\n`;
    expect(formatted({ path: "a.md", text }).text).toMatchInlineSnapshot(`
      "---
      id: a
      title: t
      # first
      kind: order # why
      regime: programme
      # of cite
      cite: c
      issued: 2020-01-01
      sources:
        # a note
        - { cite: s, grade: read }
      ---

      ¶1 Words.  
      More.

      \`\`\`cedar
      // before
      @id("1")
      @cite("permit 1")
      permit (principal, action, resource)
      when { true };
      \`\`\`

      after
      "
    `);
  });

  it("is refused to what does not read, where it does not", () => {
    const broken = formatInstrument({ path: "a.md", text: `---\nid: a\n---\n${fenced("permit (principal;")}\n` }, formatCedar);
    expect(broken.ok ? "" : broken.problems.map(problemText)[0]).toMatch(/^error: a\.md:5:18: /);
  });
});
