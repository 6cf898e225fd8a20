import { describe, expect, it } from "vitest";
import { stepsOf } from "../scripts/transcript/blocks.ts";
import { outputMatches } from "../scripts/transcript/match.ts";
import { rewritten } from "../scripts/transcript/rewrite.ts";
import { runDocument } from "../scripts/transcript/run.ts";

const commands = (markdown: string): unknown[] =>
  stepsOf(markdown).map((step) => (step.kind === "command" ? { command: step.command, expected: step.expected, exit: step.exit } : step));

describe("blocks of a document", () => {
  it("reads commands, output and exit codes, also in a list, and nothing else", () => {
    const markdown = "text\n```sh\n$ no\n```\n- item\n  ```console\n  $ one\n  out\n\n  more\n  # exit 20\n  $ two\n  ```\n";
    expect(commands(markdown)).toEqual([
      { command: "one", expected: ["out", "", "more"], exit: 20 },
      { command: "two", expected: [], exit: 0 },
    ]);
  });

  it("keeps commands over several lines and here-documents whole", () => {
    expect(commands("```console\n$ a \\\n    b\nout\n$ cat > f <<'END'\n$ x\nEND\n$ c\n```\n")).toEqual([
      { command: "a \\\n    b", expected: ["out"], exit: 0 },
      { command: "cat > f <<'END'\n$ x\nEND", expected: [], exit: 0 },
      { command: "c", expected: [], exit: 0 },
    ]);
  });

  it("reads files", () => {
    expect(stepsOf("```yaml file=a/b.yaml\nx: 1\n```\n")).toEqual([{ kind: "file", line: 2, path: "a/b.yaml", text: "x: 1\n" }]);
  });
});

describe("comparing output", () => {
  it.each([
    [["a", "b"], ["a", "b"], true],
    [["a"], ["a", "b"], false],
    [["a", "b"], ["a"], false],
    [["a "], ["a", "", ""], true],
    [["id 0123abcd.json"], ["id deadbeef99.json"], true],
    [["id 0123abc"], ["id 0123abd"], false],
    [["took […] s (a+b)"], ["took 0.4 s (a+b)"], true],
    [["took […] s"], ["took 0.4 m"], false],
    [["…", "end"], ["end"], true],
    [["…", "end"], ["x", "end", "y", "end"], true],
    [["a", "…", "b", "…"], ["a", "x", "y"], false],
    [["…"], [], true],
    [[], [], true],
    [[], ["x"], false],
    [["2025-12-29 […]"], ["2025-12-29 ¶2"], true],
    [["2025-12-29"], ["2025-12-30"], false],
  ])("%j and %j: %s", (expected, actual, same) => {
    expect(outputMatches(expected, actual)).toBe(same);
  });
});

describe("running a document", () => {
  const markdown =
    "```txt file=in.txt\nhello\n```\n```console\n$ mkdir d && cd d\n$ cat ../in.txt\nhello\n$ echo no >&2; exit 3\nno\n# exit 3\n$ pwd\nwrong\n```\n";

  it("keeps the folder, merges both outputs and sees exit codes", async () => {
    const outcomes = await runDocument(markdown);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, true, true, false]);
    expect(outcomes.at(-1)?.output).toEqual(["~/d"]);
    expect(rewritten(markdown, outcomes)).toBe(markdown.replace("wrong", "~/d"));
  });
});
