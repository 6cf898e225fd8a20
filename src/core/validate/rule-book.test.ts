import { describe, expect, it } from "vitest";
import type { Catalogue } from "../catalog/catalogue.ts";
import type { AreaList } from "./area-list.ts";
import { parseAreaList } from "./area-list.ts";
import { ownPart } from "./condition.ts";
import { parsePolicy, refusalsOf } from "./policy.ts";
import { parseRuleBook, parseShare } from "./rule-book.ts";
import type { RuleBook } from "./rule.ts";
import { isWithin } from "./rule.ts";
import { outcomeOf, shareText, type Validation } from "./validation.ts";

const element = (name: string, values?: readonly string[]) => ({
  id: name,
  name,
  picture: "",
  type: "text" as const,
  start: 0,
  stop: 0,
  necessity: "",
  category: "structural",
  ...(values === undefined ? {} : { values }),
});
const CATALOGUE: Catalogue = {
  dataset: "school/lunches",
  version: "1",
  title: "",
  form: "table",
  recordLengthBytes: 0,
  personElement: "child",
  about: "people",
  facets: {},
  segments: [
    { id: "ROWS", name: "", key: [], special: "none", elements: [element("child"), element("meal", ["free", "paid"]), element("day")] },
  ],
};
const MENUS: Catalogue = {
  ...CATALOGUE,
  dataset: "school/menus",
  segments: [{ id: "MENU", name: "", key: [], special: "none", elements: [] }],
};
const HEAD = 'rulebook: lunches\nversion: "1"\ndatasets: [school/lunches, school/menus]\n';
const CLASSES: AreaList = { name: "class", codes: [{ area: "free", first: "01", last: "09", every: 2 }] };
const read = (text: string) => parseRuleBook({ file: "rules.yaml", text: HEAD + text }, [CATALOGUE, MENUS], [CLASSES]);
const saying = (text: string): readonly string[] => {
  const found = read(text);
  return found.ok ? [] : found.problems.map(({ message, hint }) => `${message}${hint === undefined ? "" : ` (${hint})`}`);
};
const rule = (test: string, id = "one"): string => `rules:\n  - { id: ${id}, tier: "2.0", says: text, of: [ROWS], ${test} }\n`;

describe("a rule book", () => {
  it("reads rules, measures and what is open", () => {
    const book = read(
      `${rule("when: { element: meal, is: [free] }, must: { element: child, filled: true }")}measures:\n  - { id: free, says: text, of: ROWS, share: { element: meal, is: [free] }, least: "0.1%", most: "60%" }\nopen:\n  - { cms: "1", says: a, why: b }\n`,
    );
    expect(book.ok && book.value.rules[0]).toEqual({
      id: "one",
      says: "text",
      tier: "2.0",
      of: ["ROWS"],
      test: { kind: "row", when: { kind: "is", element: "meal", values: ["free"] }, must: { kind: "filled", element: "child" } },
    });
    expect(book.ok && book.value.measures[0]).toMatchObject({ least: 10, most: 6000 });
  });

  it.each([
    ["an element nobody has", rule("must: { element: meel, filled: true }"), 'ROWS has no element "meel" (did you mean "meal"?)'],
    ["a value nobody lists", rule("must: { element: meal, is: [half] }"), 'the catalogue lists no value "half" (it lists free, paid)'],
    ["a segment nobody has", rule("must: { has: RAWS }"), 'no segment "RAWS" (did you mean "ROWS"?)'],
    ["a third row", rule("must: { has: ROWS, where: { has: ROWS } }"), "a condition on another row asks for no third one"],
    [
      "a match within one dataset",
      rule("must: { has: ROWS, by: { theirs: child, own: child } }"),
      "rows of one dataset are told together by person",
    ],
    [
      "a match of what nobody has",
      rule("must: { has: MENU, dataset: school/menus, by: { theirs: meal, own: child } }"),
      'MENU has no element "meal"',
    ],
    ["no test", rule("when: { element: meal, filled: true }"), "a rule says what rows must be like"],
    ["a condition without words", rule("must: { element: meal }"), "a condition says something of its element"],
    ["a form with a star within", rule('must: { element: child, like: ["9*9"] }'), '"9*9" is no form'],
    ["a form that is a value", rule("must: { element: child, like: [ZZ] }"), '"ZZ" is no form'],
    ["no form", rule("must: { element: child, like: [] }"), "no form is given"],
    ["a list nobody has", rule("must: { element: child, belongs_to: meal, list: classes }"), 'no list "classes" (did you mean "class"?)'],
    ["an area nobody has", rule("must: { element: child, belongs_to: room, list: class }"), 'ROWS has no element "room"'],
    ["free text of SQL", rule("must: { sql: drop }"), 'unknown key "sql"'],
    ["a parent nobody has", rule("within: RAWS"), 'no segment "RAWS"'],
    ["a row of another dataset that it does not name", rule("must: { has: MENU }"), 'no segment "MENU"'],
    ["a parent of another dataset", rule("within: MENU"), "ROWS and MENU are of different datasets"],
    [
      "an id twice",
      rule("must: { element: meal, filled: true }") + rule("apart: true").replace("rules:\n", ""),
      'the id "one" is there twice',
    ],
    ["a share over all", 'measures:\n  - { id: m, says: t, of: ROWS, shared: child, most: "101%" }\n', '"101%" is no share'],
    ["a catalogue nobody has", "", "no catalogue describes school/dinners 1"],
  ])("is refused for %s", (_, text, expected) => {
    const found = text === "" ? parseRuleBook({ file: "r", text: HEAD.replace("menus]", "dinners]") }, [CATALOGUE]) : read(text);
    expect(found.ok ? [] : found.problems.map(({ code }) => code)).toContain("E_CATALOGUE");
    const said = text === "" ? (found.ok ? [] : found.problems.map(({ message }) => message)) : saying(text);
    expect(said.join("\n")).toContain(expected);
  });

  it("never rules a row out early that the whole condition might keep", () => {
    const has = { kind: "has", segment: "ROWS" } as const;
    const filled = { kind: "filled", element: "meal" } as const;
    expect(ownPart({ kind: "all", of: [filled, has, { kind: "not", of: has }] })).toEqual({
      kind: "all",
      of: [filled, { kind: "all", of: [] }, { kind: "all", of: [] }],
    });
    expect(ownPart({ kind: "any", of: [filled, has] })).toEqual({ kind: "all", of: [] });
  });
});

describe("a list of places", () => {
  const saying = (text: string): readonly string[] => {
    const list = parseAreaList({ file: "places/x.csv", text: `area,first,last,every\n${text}` });
    return list.ok
      ? list.value.codes.map(({ area, every }) => `${list.value.name} ${area} ${every}`)
      : list.problems.map(({ message }) => message);
  };

  it("is named after its file, and refused where a code is none", () => {
    expect(saying("06,90000,96199,1\n*,34000,34099,1\n")).toEqual(["x 06 1", "x * 1"]);
    expect(saying("")).toEqual(["the list is empty"]);
    expect(saying("06,900,961,1\n,90x,96199,0\n06,961,900,1\n")).toEqual([
      "the area is missing",
      '"90x" is no code',
      '"96199" is no code',
      '"0" is no step',
      "the last code lies before the first",
    ]);
  });
});

describe("shares", () => {
  it("are read and compared exactly", () => {
    expect(["0.1%", "2%", "100%", "0.05%", "100.1%", "2", "1.234%"].map(parseShare)).toEqual([
      10,
      200,
      10_000,
      5,
      undefined,
      undefined,
      undefined,
    ]);
    const tenth = { least: 0, most: 10 };
    expect([isWithin(tenth, 1, 1000), isWithin(tenth, 1, 999), isWithin(tenth, 0, 0)]).toEqual([true, false, true]);
  });

  it("are never shown as nothing or all when they are not", () => {
    expect([shareText(1, 1_000_000), shareText(999_999, 1_000_000), shareText(1, 3), shareText(0, 5), shareText(0, 0)]).toEqual([
      "under 0.1%",
      "over 99.9%",
      "33.3%",
      "0%",
      "none",
    ]);
  });
});

describe("a policy", () => {
  const book = read(
    `${rule("must: { element: meal, filled: true }")}measures:\n  - { id: free, says: text, of: ROWS, share: { element: meal, is: [free] } }\n`,
  );
  const validation = (failed: number): Validation => ({
    rulesSha256: "",
    policySha256: "",
    outcome: "accepted",
    findings: [{ rule: "one", failed, of: 100 }],
    measures: [{ rule: "free", counted: 50, of: 100 }],
    unseen: [],
  });
  const refusals = (text: string, failed: number): readonly string[] => {
    const policy = parsePolicy({ file: "policy.yaml", text: `policy: p\nrefuse:\n${text}` });
    if (!policy.ok) return policy.problems.map(({ message }) => message);
    return refusalsOf(policy.value, book.ok ? book.value : ({} as RuleBook), validation(failed));
  };

  it("refuses above a limit, not at it; a rule's own limit goes before its tier's", () => {
    expect(refusals('  - { tier: "2.0", above: "5%" }\n', 5)).toEqual([]);
    expect(refusals('  - { tier: "2.0", above: "5%" }\n', 6)).toEqual(["one: 6%, above 5%"]);
    expect(refusals('  - { tier: "2.0", above: "5%" }\n  - { rule: one, above: "10%" }\n', 6)).toEqual([]);
    expect(refusals('  - { rule: free, above: "20%" }\n', 0)).toEqual(["free: 50%, above 20%"]);
  });

  it("is refused itself when it says nothing clear", () => {
    expect(refusals('  - { above: "5%" }\n', 0)).toEqual(["a limit names a rule or a tier"]);
    expect(refusals('  - { tier: "4.0", above: "5" }\n', 0)).toEqual(["the limit is no share", 'unknown tier "4.0"']);
  });

  it("finds nothing where no rule is broken, whatever the measures", () => {
    expect([outcomeOf([{ rule: "one", failed: 0, of: 9 }]), outcomeOf([{ rule: "one", failed: 1, of: 9 }])]).toEqual([
      "accepted",
      "accepted-with-findings",
    ]);
  });
});
