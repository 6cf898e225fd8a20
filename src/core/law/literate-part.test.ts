import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { literateParts } from "./literate-part.ts";

const pieces = ["text", "", "```cedar", "```", "```text", "| on | expect |", "| --- | --- |", "| a | b |", "# head"];

describe("the parts of a literate file", () => {
  it("are the whole of it, in order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), fc.nat({ max: 3 }), (lines, from) => {
        const covered = literateParts(lines, from).flatMap(({ line, lines: own }) => own.map((_, at) => line - 1 + at));
        const rest = lines.map((_, at) => at).filter((at) => at >= from && !covered.includes(at));
        expect(covered).toEqual([...new Set(covered)].sort((a, b) => a - b));
        expect(rest.filter((at) => !(lines[at] ?? "").startsWith("```"))).toEqual([]);
      }),
    );
  });

  it("tell rules, other code and tables of answers from prose", () => {
    const lines = ["¶1", "```cedar", "permit", "```", "| on | expect |", "| --- | --- |", "| x | y |", "after", "| no | answers |"];
    expect(literateParts(lines, 0).map(({ kind, line, lines: own }) => [kind, line, own.length])).toEqual([
      ["prose", 1, 1],
      ["cedar", 3, 1],
      ["table", 5, 3],
      ["prose", 8, 2],
    ]);
  });
});
