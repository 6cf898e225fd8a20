import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "../law/law.ts";
import type { WholeTerms } from "../law/whole-terms.ts";
import type { ExtractFacts, SetAside } from "./whole-extract.ts";
import { isSameAside, NOTHING_ASIDE, setAsideBy, wholeFindings } from "./whole-extract.ts";

const rule = (name: string, whole: WholeTerms): Rule => ({ name, cite: `cite of ${name}`, whole }) as Rule;
const facts = (categories: readonly string[], ...counts: readonly (readonly [string, string, number])[]): ExtractFacts => ({
  categories,
  counts: counts.map(([segment, group, people]) => ({ segment, group, people })),
});
const said = (aside: SetAside): readonly string[] => [
  ...aside.everywhere,
  ...[...aside.groups].flatMap(([group, names]) => [...names].map((name) => `${name} for ${group}`)),
];

describe("16 the second decision", () => {
  it("counts who is in several segments once, and a group in each segment it has rows in", () => {
    const found = facts([], ["ADDRESS", "a", 8], ["ADDRESS", "b", 4], ["NAME", "a", 8], ["NAME", "b", 0], ["NAME", "c", 2]);
    expect(said(setAsideBy([rule("most", { minPeople: 12 })], found, NOTHING_ASIDE))).toEqual([]);
    expect(said(setAsideBy([rule("more", { minPeople: 13 })], found, NOTHING_ASIDE))).toEqual(["more"]);
    expect(said(setAsideBy([rule("cell", { minCell: 5 })], found, NOTHING_ASIDE))).toEqual(["cell for b", "cell for c"]);
  });

  it("sets aside a permit whose categories may not go with another that goes", () => {
    const apart = [rule("apart", { notWith: ["ssn"] })];
    expect(said(setAsideBy(apart, facts(["name", "ssn"]), NOTHING_ASIDE))).toEqual(["apart"]);
    expect(said(setAsideBy(apart, facts(["name"]), NOTHING_ASIDE))).toEqual([]);
  });

  it("names each permit once, with its terms and no count", () => {
    const rules = [rule("cell", { minCell: 5, minPeople: 2 })];
    const aside = setAsideBy(rules, facts([], ["NAME", "a", 3], ["NAME", "b", 4]), NOTHING_ASIDE);
    expect(wholeFindings(rules, aside)).toEqual([
      {
        rule: "cell",
        cite: "cite of cell",
        terms: "in an extract of at least 2 people, for groups of at least 5 people",
        from: "some people",
      },
    ]);
  });

  it("never takes back what was set aside, and ends", () => {
    const terms = fc.record({ minPeople: fc.nat(9), minCell: fc.nat(9), notWith: fc.subarray(["ssn", "name"]) });
    const anyFacts = fc.record({
      categories: fc.subarray(["ssn", "name"]),
      counts: fc.array(fc.record({ segment: fc.constantFrom("A", "B"), group: fc.constantFrom("x", "y"), people: fc.nat(9) })),
    });
    fc.assert(
      fc.property(fc.array(terms, { maxLength: 4 }), fc.array(anyFacts, { maxLength: 5 }), (all, rounds) => {
        const rules = all.map((one, at) => rule(`r${at}`, one));
        let before = NOTHING_ASIDE;
        for (const round of rounds) {
          const after = setAsideBy(rules, round, before);
          expect(said(after)).toEqual(expect.arrayContaining([...said(before)]));
          expect(isSameAside(before, after)).toBe(said(before).length === said(after).length);
          expect(isSameAside(after, setAsideBy(rules, round, after))).toBe(true);
          before = after;
        }
      }),
    );
  });
});
