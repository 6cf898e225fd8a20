import { describe, expect, it } from "vitest";
import { problemText } from "../../src/core/base/problem.ts";
import { checkTables } from "../../src/core/verdict/table-check.ts";
import type { SourceFile } from "../../src/core/law/source.ts";
import { loadLaw } from "../../src/core/law/load.ts";
import { sha256 } from "../../src/app/sha256.ts";
import { cedarJudge } from "../../src/engine/cedar-judge.ts";
import { BAD_FRONT_MATTER } from "./bad-front-matter.ts";
import { bar, fenced, instrument, permit, refusals, smallLaw, vocabularyFiles } from "./small-law.ts";

/** What is said about law that is refused, one text a problem. */
const said = (...files: readonly SourceFile[]): readonly string[] => refusals(...files).map(problemText);
/** A file as written, and the same with the head of a plain instrument before `body`. */
const file = (path: string, text: string): SourceFile => ({ path, text });
const withBody = (body: string): SourceFile => file("a.md", `${instrument("a", {}).text}${body}`);
const whole = (rule: string): readonly string[] => said(instrument("a", {}, rule));
const when = (condition: string): readonly string[] => whole(permit({ when: condition }));

// The rule of an instrument of small-law starts on line 12, its `when` on line 14.
describe("words", () => {
  it("a misspelt word is refused where it stands, with the nearest", () => {
    expect(when('resource.field == Field::"adress"')).toEqual(['error: a.md:13:26: unknown Field "adress"\nhint: did you mean "address"?']);
    expect(whole(bar({ head: 'principal in Party::"dsh", action, resource' }))).toEqual([
      'error: a.md:12:22: unknown Party "dsh"\nhint: did you mean "dhs"?',
    ]);
    expect(when('context.evidence.contains(Evidence::"leter")')[0]).toContain('unknown Evidence "leter"\nhint: did you mean "letter"?');
    expect(when('[Field::"name", Field::"clams"].contains(resource.field)')[0]).toContain('did you mean "claims"?');
    expect(when('resource.origin in Protected::"ordr"')[0]).toContain("the known words are listed in the `protects` list of an order");
  });

  it("a word of another list is refused", () => {
    expect(when('resource.field == Party::"dhs"')).toEqual([
      'error: a.md:13:26: resource.field is a Field, not a Party\nhint: write Field::"…"',
    ]);
    expect(when('resource.field == Feild::"name"')[0]).toContain("resource.field is a Field, not a Feild");
  });

  it("a party list is asked with in", () => {
    expect(when('resource.origin == Protected::"a"')[0]).toContain('hint: write resource.origin in Protected::"a"');
    expect(when('[Protected::"a"].contains(resource.origin)')[0]).toContain('hint: write resource.origin in Protected::"a"');
  });
});

describe("rules", () => {
  const at = "error: a.md:11:1: ";

  it("need an id and a citation of their own", () => {
    expect(whole('@cite("c") permit (principal, action, resource);')).toEqual([`${at}a rule needs an id\nhint: add @id("1") before it`]);
    expect(whole('@id("1") permit (principal, action, resource);')).toEqual([
      `${at}a rule needs a citation\nhint: add @cite("…") before it`,
    ]);
    expect(said(instrument("a", {}, bar(), permit()))).toEqual(['error: a.md:14:1: the rule id "1" is used twice']);
  });

  it("take only known annotations, grades and masks", () => {
    expect(whole(permit({ notes: '@cites("x")' }))).toEqual(['error: a.md:11:28: unknown annotation @cites\nhint: did you mean "cite"?']);
    expect(whole(permit({ notes: '@grade("raed")' }))[0]).toContain('unknown grade "raed"\nhint: did you mean "read"?');
    expect(whole(permit({ notes: '@mask("yeer")' }))[0]).toContain('unknown mask "yeer"\nhint: did you mean "year"?');
    expect(whole(bar({ notes: '@defeats("a#1")' }))[0]).toContain("a defeat is written as a permit");
    expect(whole(permit({ id: "2", notes: '@defeats("a#1")' }))[0]).toContain('unknown bar "a#1"');
  });

  it.each([
    ["arithmetic", "1 + 1 == 2", '"==" must compare one term with one literal word'],
    ["strings", 'resource.field == "address"', '"==" must compare one term with one literal word'],
    ["patterns", 'principal like "a*"', '"like" is outside the profile'],
    ["has", "resource has field", '"has" is outside the profile'],
    ["is", "principal is Party", '"is" is outside the profile'],
    ["two terms", "principal == context.discloser", '"==" must compare one term with one literal word'],
    ["a list that holds a term", "[principal].contains(context.discloser)", "contains needs a list of literal words and one term"],
    ["less than", "1 < 2", '"<" is outside the profile'],
    ["in on a list", 'principal in [Party::"dhs"]', '"in" must compare one term with one literal word'],
    ["containsAny", 'context.evidence.containsAny([Evidence::"letter"])', '"containsAny" is outside the profile'],
    ["a bare word", '"x"', "a bare value is no condition"],
    ["a bare term", "principal", '"Var" is outside the profile'],
  ])("keep to the profile: no %s", (_name, condition, message) => {
    const texts = when(condition);
    expect(texts[0]).toContain(message);
    expect(texts[0]).toMatch(/^error: a\.md:\d+:\d+: .*\nhint: /);
  });

  it.each([
    ["a recipient", permit({ head: 'principal in Party::"dhs", action, resource' })],
    ["a discloser", permit({ when: 'context.discloser in Party::"hhs"' })],
    ["a purpose", permit({ when: 'context.purpose in Purpose::"enforcement"' })],
    ["what a bar leaves", bar({ when: '!(context.purpose in Purpose::"enforcement")' })],
    ["what a bar excepts", `${bar().slice(0, -1)} unless { principal in Party::"dhs" };`],
    ["the test of a choice", bar({ when: 'if principal in Party::"dhs" then true else false' })],
    ["an exception", permit({ id: "2", notes: '@defeats("a#1")', when: 'principal in Party::"dhs"' })],
  ])("7: in over a tree widens no opening: %s", (_name, rule) => {
    expect(whole(rule)[0]).toMatch(
      /^error: a\.md:\d+:\d+: "in" over the (Party|Purpose) tree would widen what this rule opens\nhint: name each/,
    );
  });

  it("7: in over a tree is for bars, also under two negations", () => {
    expect(whole(bar({ when: 'principal in Party::"dhs" && !(!(context.purpose in Purpose::"enforcement"))' }))).toEqual([]);
    expect(whole(permit({ when: '!(principal in Party::"dhs")' }))).toEqual([]);
    expect(when('resource.population in Population::"lawfully-present"')).toEqual([]);
  });

  it("are no templates", () => {
    expect(whole('@id("1") @cite("c") permit (principal == ?principal, action, resource);')[0]).toContain(
      "a template (?principal, ?resource) is no rule",
    );
  });

  it("name no resource in their head", () => {
    expect(whole(permit({ head: 'principal, action, resource == Cell::"x"' }))[0]).toContain("a rule names no resource in its head");
  });

  it("that Cedar cannot read are refused at the very character, behind letters of several bytes too", () => {
    const broken = withBody(
      `¶1 says §§.\n\n${fenced('@id("1")', '@cite("§§§ ¶")', "permit (principal, action, resource)", "when { tru e };")}\n`,
    );
    expect(said(broken)[0]).toMatch(/^error: a\.md:16:12: unexpected token `e`/);
  });

  it("that Cedar's strict check refuses are refused", () => {
    expect(when("false && true")[0]).toMatch(/^error: a\.md:\d+:\d+: .*policy/);
  });

  const named = 'resource.field == Field::"name"';
  const any = (count: number): string => Array.from({ length: count }, () => named).join(" || ");
  const clauses = (count: number): string => `${permit().slice(0, -1)} ${`when { ${named} } `.repeat(count)};`;
  const nested = (levels: number, inner: string): string => `${"(".repeat(levels)}${inner}${")".repeat(levels)}`;

  it("nest and chain only so far that Cedar survives them", () => {
    expect(when(nested(5_000, "true"))[0]).toMatch(/^error: a\.md:13:\d+: more than 24 brackets within each other\nhint: /);
    const chained = /^error: a\.md:13:\d+: more than 120 operators in one rule\nhint: /;
    expect(when(any(2_000))[0]).toMatch(chained);
    expect(when(`${"if true then true else ".repeat(3_000)}true`)[0]).toMatch(chained);
    expect(when(`context${".a".repeat(5_000)}`)[0]).toContain("more attributes than one rule may chain");
    expect(whole(clauses(600))[0]).toMatch(chained);
    expect(when("true")).toEqual([]);
  });

  it("may be as long as the limits allow", () => {
    expect(when(nested(22, any(100)))).toEqual([]);
    expect(whole(clauses(118))).toEqual([]);
    expect(when(`${"if true then true else ".repeat(115)}true`)).toEqual([]);
    expect(when(`[${Array.from({ length: 5_000 }, () => 'Party::"dhs"').join(", ")}].contains(principal)`)).toEqual([]);
  });
});

describe("front matter", () => {
  it.each(BAD_FRONT_MATTER)("refuses %s", (_name, front, message) => {
    expect(said(instrument("a", front))[0]).toMatch(message);
  });

  it("refuses two instruments of one id, and a circle of successors", () => {
    expect(said(instrument("a", {}), { ...instrument("a", {}), path: "orders/a.md" })).toEqual([
      `error: orders/a.md:2: the id "a" is already used by a.md\nhint: an order's id needs more than its document number`,
    ]);
    const circle = [instrument("a", { supersedes: "[b]" }), instrument("b", { supersedes: "[a]" })];
    expect(said(...circle)).toEqual(["a", "b"].map((id) => `error: ${id}.md:2: "${id}" supersedes or extends itself, through others`));
  });

  it("refuses more open lists than can be judged together", () => {
    const open = { protects: "[{ jurisdiction: DC, unresolved: true, cite: c }]" };
    const orders = Array.from({ length: 9 }, (_, at) => instrument(`order-${at}`, open));
    expect(said(...orders)).toEqual(['error: order-8.md:2: more than 8 lists leave "DC" unresolved']);
  });
});

describe("files", () => {
  it("are refused where their parts do not close", () => {
    expect(said(file("a.md", "# Title\n"))[0]).toMatch(/^error: a\.md:1: no front matter\nhint: /);
    expect(said(file("a.md", "---\nid: a\n"))[0]).toMatch(/^error: a\.md:1: the front matter is not closed\nhint: /);
    expect(said(withBody("text\n```cedar\npermit (principal, action, resource);\n"))[0]).toMatch(
      /^error: a\.md:11: a fenced block is not closed\nhint: /,
    );
    expect(said(withBody("x".repeat(400_001)))).toEqual(["error: a.md: the file is larger than 400000 characters"]);
  });

  it("hold no sign that a terminal obeys or that turns text around", () => {
    expect(said(withBody("a \u001B[2J\n"))[0]).toMatch(/^error: a\.md:10:3: the hidden sign U\+001B\nhint: /);
    expect(said(withBody("¶1 dhs\u202E\n"))[0]).toMatch(/^error: a\.md:10:7: the hidden sign U\+202E/);
    expect(whole(permit({ notes: '@interpretation("\\u{1b}[2J")' }))[0]).toMatch(/^error: a\.md:11:28: the hidden sign U\+001B in @interp/);
    expect(said(withBody("tab\there\r\n"))).toEqual([]);
  });

  it("one that is broken means no law at all, and all that is wrong is said at once", () => {
    const texts = said(instrument("good", {}, permit()), instrument("a", { kind: "oder" }), instrument("b", {}, permit({ when: "1 < 2" })));
    expect(texts.map((text) => text.split(":")[1])).toEqual([" a.md", " b.md"]);
  });

  it("one whose name only ends like that of a readme is law", () => {
    expect(said({ ...instrument("a", { kind: "oder" }), path: "orders/NOT-README.md" })).toHaveLength(1);
    expect(said({ path: "orders/README.md", text: "# no law" })).toEqual([]);
  });

  it("of a vocabulary must be there, be lists, and hang together", () => {
    const changed = (path: string, text: string | undefined): readonly string[] => {
      const others = vocabularyFiles().filter((one) => one.path !== path);
      const loaded = loadLaw(text === undefined ? others : [...others, { path, text }], cedarJudge, sha256);
      return loaded.ok ? [] : loaded.problems.map(problemText);
    };
    expect(changed("vocabulary/parties.yaml", undefined)[0]).toBe(
      "error: vocabulary/parties.yaml: the vocabulary file vocabulary/parties.yaml is missing",
    );
    expect(changed("vocabulary/regimes.md", undefined)[0]).toContain("the regimes are not declared");
    expect(changed("vocabulary/populations.yaml", "citizen: yes\n")[0]).toContain("a vocabulary is a list of words");
    expect(changed("vocabulary/systems.yaml", "- x\n")).toEqual([]);
    const word = (text: string): string => changed("vocabulary/purposes.yaml", text)[0] ?? "";
    expect(word("- { id: a, title: a, in: [b] }")).toContain('unknown word "b"');
    expect(word("- { id: a, title: a, in: [a] }")).toContain('"a" is its own ancestor');
    expect(word("- { id: a, title: a }\n- { id: a, title: a }")).toContain('the word "a" is listed twice');
    expect(word("- { id: a b, title: a }")).toContain('"a b" is no word');
    const part3 = "- { id: claims, title: c }\n- { id: sud, title: s, means: { field: claims, special: part3 } }";
    expect(changed("vocabulary/fields.yaml", part3)[0]).toContain('unknown word "part3"\nhint: did you mean "part2"?');
  });
});

describe("regimes", () => {
  const declared = (rule: string): readonly string[] => {
    const others = vocabularyFiles().filter((one) => one.path !== "vocabulary/regimes.md");
    const text = `---\nid: regimes\n---\n${fenced(rule)}\n`;
    const loaded = loadLaw([...others, { path: "vocabulary/regimes.md", text }], cedarJudge, sha256);
    return loaded.ok ? [] : loaded.problems.map(problemText);
  };

  it("say what they need, may walk trees, and are declared as permits", () => {
    const one = '@id("r") @cite("c") @needs("permit")';
    expect(declared(`${one} permit (principal in Party::"dhs", action, resource);`)).toEqual([]);
    expect(declared('@id("r") @cite("c") permit (principal, action, resource);')[0]).toContain("a regime says what it needs");
    expect(declared(`${one} forbid (principal, action, resource);`)[0]).toContain("a regime is declared as a permit");
    expect(declared(`${one} permit (principal, action, resource) when { !(principal in Party::"dhs") };`)[0]).toContain(
      '"in" over the Party tree',
    );
  });
});

describe("tables", () => {
  const table = (...rows: readonly string[]): readonly string[] => {
    const columns = ["| on | from | to | purpose | population | field | expect |", "| --- | --- | --- | --- | --- | --- | --- |"];
    const law = smallLaw({ path: "a.md", text: `${instrument("a", {}, permit()).text}\n${[...columns, ...rows].join("\n")}\n` });
    return checkTables(law).problems.map(problemText);
  };

  it("say which row is not as expected, and what it is", () => {
    const row = (field: string, expected: string): string => `| 2025-01-01 | hhs | dhs | research | citizen | ${field} | ${expected} |`;
    expect(table(row("name", "permit"), row("name", "silent"), row("claims", "bar"))).toEqual([
      "error: a.md:19: expected silent, but the rules say permit",
      "error: a.md:20: expected bar, but the rules say permit",
    ]);
    expect(table(row("nane", "permit"))).toEqual(['error: a.md:18: unknown word "nane" for "field"\nhint: did you mean "name"?']);
    expect(table(row("name", "permitt"))).toEqual(['error: a.md:18: unknown expectation "permitt"\nhint: did you mean "permit"?']);
    expect(table("| 2025-01-01 | hhs | permit |")[0]).toContain("a.md:18: the row has 3 cells, the table 7 columns");
  });

  it("tell a protected refusal from silence, where it holds in every reading", () => {
    const rule = bar({
      head: 'principal in Party::"dhs", action, resource',
      when: 'resource.population == Population::"citizen"',
      notes: '@protects("refusal")',
    });
    const columns = ["| on | from | to | purpose | population | field | expect |", "| --- | --- | --- | --- | --- | --- | --- |"];
    const rows = ["dhs | research | citizen", "hhs | research | citizen", "dhs | research | any"].map(
      (asked) => `| 2025-01-01 | hhs | ${asked} | name | protected |`,
    );
    const law = smallLaw({
      path: "a.md",
      text: `${instrument("a", { regime: "orders" }, rule).text}\n${[...columns, ...rows].join("\n")}\n`,
    });
    const silent = "expected protected, but the rules say silent";
    expect(checkTables(law).problems.map((found) => found.message)).toEqual([silent, silent]);
  });

  it("ask their own instrument only", () => {
    const rows = "\n| on | from | to | purpose | population | field | expect |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    const order = instrument("a", {}, bar());
    const law = smallLaw(
      { ...order, text: `${order.text}${rows}| 2025-01-01 | hhs | dhs | research | citizen | name | bar |\n` },
      instrument("b", {}, permit({ notes: '@defeats("a#1")' })),
    );
    expect(checkTables(law)).toEqual({ rows: 1, problems: [] });
  });
});
