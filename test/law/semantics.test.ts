import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { docketEvents } from "../../src/core/law/docket.ts";
import { decider } from "../../src/app/decide.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { loadLaw } from "../../src/core/law/load.ts";
import { sha256 } from "../../src/app/sha256.ts";
import { ruleEcho } from "../../src/core/law/echo.ts";
import type { Law } from "../../src/core/law/law.ts";
import type { Grade, SourceFile } from "../../src/core/law/source.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import type { SetVerdict } from "../../src/core/verdict/judge-set.ts";
import { nearestText } from "../../src/core/verdict/nearest.ts";
import { reasonLines } from "../../src/core/verdict/wording.ts";
import { cedarJudge } from "../../src/engine/cedar-judge.ts";
import { ASKED, ask, bar, graded, instrument, outcome, permit, refusals, smallLaw, vocabularyFiles } from "./small-law.ts";
import { anyCell, heldByAlgebra, heldByCedar, readings, turningDays, viewOn } from "./whole-request.ts";

const on = "2025-06-01";
const open = instrument("open", {}, permit());
const READ: readonly Grade[] = ["read"];

const rulesOn = (law: Law, day: string, admitted: readonly Grade[] = GRADES): readonly string[] => {
  const view = dayView(law, day as CivilDate, admitted);
  return [...view.bars, ...view.permits].map((rule) => rule.name);
};
const said = (...files: readonly SourceFile[]): readonly string[] =>
  refusals(...files).map(({ message, hint }) => `${message} | ${hint ?? ""}`);

describe("3 modification", () => {
  const old = instrument("old", {}, bar(), bar({ id: "2" }), permit({ id: "3" }));
  const modifies = '[{ instrument: old, rules: ["1", "3"], cite: as modified }]';
  const later = (front: Readonly<Record<string, string>> = {}): typeof old =>
    instrument("later", { issued: "2025-05-01", effective: "{ earliest: 2025-05-10, latest: 2025-05-20 }", modifies, ...front });

  it("3: ends the rules it names and leaves the rest: a permit on the earliest day, a bar on the latest", () => {
    const law = smallLaw(old, later());
    expect(rulesOn(law, "2025-05-09")).toEqual(["old#1", "old#2", "old#3"]);
    expect(rulesOn(law, "2025-05-10")).toEqual(["old#1", "old#2"]);
    expect(rulesOn(law, "2025-05-20")).toEqual(["old#2"]);
    expect(docketEvents(law)).toEqual(expect.arrayContaining(["2025-05-10", "2025-05-20"]));
  });

  it("14: ends a bar only at an admitted grade, and a permit at any", () => {
    expect(rulesOn(smallLaw(old, later(graded("recalled"))), on, READ)).toEqual(["old#1", "old#2"]);
    expect(rulesOn(smallLaw(old, later({ modifies: modifies.replace("cite:", "grade: recalled, cite:") })), on, READ)).toEqual([
      "old#1",
      "old#2",
    ]);
  });

  it.each([
    ["modified", modifies],
    ["superseded", "[]"],
  ])("3: a bar %s is back while the later order is stayed, and once it is vacated", (_, ends) => {
    const front = { modifies: ends, ...(ends === "[]" ? { supersedes: "[old]" } : {}) };
    const law = smallLaw(
      old,
      later({ ...front, stayed: "[{ from: 2025-06-10, to: 2025-06-20, cite: stay }]", vacated: "{ on: 2025-07-01, cite: vacatur }" }),
    );
    const stands = (day: string): boolean => rulesOn(law, day, READ).includes("old#1");
    expect(["2025-06-09", "2025-06-10", "2025-06-20", "2025-06-21", "2025-07-01"].map(stands)).toEqual([false, true, true, false, true]);
    expect(rulesOn(law, "2025-07-01")).not.toContain("old#3");
  });

  it("refuses what it does not find, with the nearest name", () => {
    expect(said(old, later({ modifies: '[{ instrument: odl, rules: ["1"], cite: c }]' }))).toEqual([
      'unknown instrument "odl" | did you mean "old"?',
    ]);
    expect(said(old, later({ modifies: '[{ instrument: old, rules: ["22"], cite: c }]' }))).toEqual([
      'unknown rule of old "22" | did you mean "2"?',
    ]);
    expect(said(old, later({ modifies: "[{ instrument: old, rules: [], cite: c }]" }))).toEqual([
      'a modification names the rules it ends | rules: ["1"]',
    ]);
    expect(said(old, later({ modifies: '[{ instrument: old, rule: "1", cite: c }]' }))[0]).toBe(
      'unknown key "rule" | did you mean "rules"?',
    );
    expect(said(instrument("self", { modifies: '[{ instrument: self, rules: ["1"], cite: c }]' }, bar()))[0]).toContain(
      'unknown instrument "self"',
    );
  });
});

describe("9 exceptions in front matter", () => {
  const scope = 'resource.origin == Jurisdiction::"TX"';
  const stayed = (rules = '["1"]', text = scope): Readonly<Record<string, string>> => ({
    regime: "orders",
    stayed: `[{ from: 2025-05-01, to: 2025-06-30, rules: ${rules}, scope: '${text}', cite: partial stay }]`,
  });

  it("3: a stay with a scope suspends the bars named there and nowhere else, on its days", () => {
    const law = smallLaw(open, instrument("order", stayed(), bar(), bar({ id: "2", when: 'resource.field == Field::"name"' })));
    expect(["2025-04-30", "2025-05-01", "2025-06-30", "2025-07-01"].map((day) => outcome(law, day, { origin: "TX" }))).toEqual([
      "barred",
      "permitted",
      "permitted",
      "barred",
    ]);
    expect(outcome(law, on, { origin: "CA" })).toBe("barred");
    expect(outcome(law, on, { origin: "TX", field: "name" })).toBe("barred");
    const opening = ask(law, on, { origin: "TX" }).reasons.find(({ effect }) => effect === "opening");
    expect(opening?.cites).toEqual(["partial stay"]);
    expect(opening?.rules[0]?.interpretation).toBe("the bar is read as not reaching this scope");
  });

  it("9: defeats sets a bar of another instrument aside within its scope, at an admitted grade", () => {
    const order = instrument("order", { regime: "orders" }, bar());
    const savings = instrument("savings", { regime: "orders", defeats: `[{ rule: "order#1", scope: '${scope}', cite: notwithstanding }]` });
    const law = smallLaw(open, order, savings);
    expect(["TX", "CA"].map((origin) => outcome(law, on, { origin }))).toEqual(["permitted", "barred"]);
    const weak = smallLaw(
      open,
      order,
      instrument("savings", { ...graded("recalled"), defeats: `[{ rule: "order#1", scope: '${scope}', cite: c }]` }),
    );
    expect(outcome(weak, on, { origin: "TX" }, READ)).toBe("barred");
    expect(ask(weak, on, { origin: "TX" }).basis).toBe("recalled");
  });

  it("refuses scopes that are no condition of an opening, where they stand", () => {
    const order = (text: string): ReturnType<typeof instrument> => instrument("order", stayed('["1"]', text), bar());
    expect(said(order('resource.origin == Jurisdiction::"TX" }; permit (principal, action, resource) when { true'))[0]).toContain(
      "the scope is not one condition",
    );
    expect(said(order("true } unless { false"))[0]).toContain("the scope is not one condition");
    expect(said(order('principal in Party::"dhs"'))[0]).toContain("would widen what this rule opens");
    expect(said(order('resource.field == Field::"adress"'))).toEqual(['unknown Field "adress" | did you mean "address"?']);
    const [found] = refusals(order('resource.field == Field::"adress"'));
    expect(found?.at?.line).toBe(9);
    expect(said(instrument("order", { stayed: `[{ from: 2025-05-01, scope: '${scope}', cite: c }]` }, bar()))).toEqual([
      'a stay with a scope names the rules it reaches | rules: ["1"]',
    ]);
    expect(said(instrument("order", stayed(), permit()))).toEqual(['unknown bar "order#1" | the known words are listed in law/']);
  });
});

describe("9 protection of a refusal", () => {
  const protects = bar({ id: "9", head: 'principal in Party::"dhs", action, resource', notes: '@protects("refusal") @pinpoint("¶9")' });

  it("never bars or permits, and is among the reasons", () => {
    const law = smallLaw(open, instrument("order", { regime: "orders" }, protects));
    const verdict = ask(law, on, { to: "dhs-ice" });
    expect(verdict.outcome).toBe("permitted");
    expect(reasonLines(verdict.reasons)).toEqual(["permits   permit 1", "          refusal protected — forbid 9 ¶9"]);
    expect(outcome(smallLaw(instrument("order", {}, protects)), on, { to: "dhs" })).toBe("no-authority");
    expect(reasonLines(ask(law, on).reasons)).toEqual(["permits   permit 1"]);
    expect(law.rules.map((rule) => ruleEcho(rule, law)).join("\n")).toContain("refusal protected — anyone may refuse");
  });

  it("refuses other protections, and one written as a permit", () => {
    expect(said(instrument("o", {}, bar({ notes: '@protects("refusall")' })))).toEqual([
      'unknown protection "refusall" | @protects("refusal")',
    ]);
    expect(said(instrument("o", {}, permit({ notes: '@protects("refusal")' })))[0]).toContain("a protection forbids to punish");
    const defeats = permit({ id: "2", notes: '@defeats("o#9")' });
    expect(said(instrument("o", {}, protects, defeats))[0]).toContain('unknown bar "o#9"');
  });
});

describe("duties and terms of a permit", () => {
  const law = (notes: string): ReturnType<typeof instrument> => instrument("order", {}, permit({ notes }));

  it("are read from their closed lists", () => {
    const [rule] = smallLaw(
      law('@duties("destroy-by P90D; no-redisclosure") @minPeople("20") @minCell("11") @notWith("name, claims")'),
    ).rules;
    expect(rule?.duties).toEqual([{ id: "destroy-by", days: 90 }, { id: "no-redisclosure" }]);
    expect(rule?.whole).toEqual({ minPeople: 20, minCell: 11, notWith: ["name", "claims"] });
  });

  it.each([
    ['@duties("destory-by P90D")', 'unknown duty "destory-by" | did you mean "destroy-by"?'],
    ['@duties("destroy-by")', 'the duty "destroy-by" needs a number of days | such as destroy-by P90D'],
    ['@duties("destroy-by P0D")', 'the duty "destroy-by" needs a number of days | such as destroy-by P90D'],
    ['@duties("no-redisclosure P1D")', 'the duty "no-redisclosure" takes no value | write duties apart with ;'],
    ['@minPeople("0")', '@minPeople is a whole number of people | @minPeople("11")'],
    ['@notWith("nam")', 'unknown Field "nam" | did you mean "name"?'],
    ['@minPoeple("5")', 'unknown annotation @minPoeple | did you mean "minPeople"?'],
  ])("refuses %s", (notes, expected) => {
    expect(said(law(notes))).toEqual([expected]);
  });

  it("refuses them on a bar and on an exception", () => {
    expect(said(instrument("o", {}, bar({ notes: '@duties("notify-state")' })))[0]).toContain("only a permit lays duties");
    expect(said(instrument("o", {}, bar({ id: "2" }), permit({ notes: '@defeats("o#2") @minCell("2")' })))[0]).toContain("only a permit");
  });
});

describe("7 detailees", () => {
  const barred = instrument("order", { regime: "orders" }, bar({ head: 'principal in Party::"dhs", action, resource' }));
  const serving = (to: string, ...employers: readonly string[]): Readonly<Record<string, unknown>> => ({ to, employers });

  it("7: a person is barred if any employer is, by the tree too, and the employer's bar is the reason", () => {
    const law = smallLaw(open, barred);
    expect(outcome(law, on, { to: "hhs-cms" })).toBe("permitted");
    const verdict = ask(law, on, serving("hhs-cms", "researcher", "dhs-ice"));
    expect([verdict.outcome, verdict.reasons[0]?.cites]).toEqual(["barred", ["forbid 1"]]);
    expect(outcome(law, on, serving("hhs-cms", "researcher"))).toBe("permitted");
  });

  it("7: an employer's permit opens nothing for the recipient, nor does its exception", () => {
    const narrow = instrument("narrow", {}, permit({ head: 'principal == Party::"hhs-cms", action, resource' }));
    expect(outcome(smallLaw(narrow), on, serving("researcher", "hhs-cms"))).toBe("no-authority");
    const exception = permit({ id: "2", head: 'principal == Party::"hhs-cms", action, resource', notes: '@defeats("all#1")' });
    const law = smallLaw(open, instrument("all", { regime: "orders" }, bar(), exception));
    expect(outcome(law, on, { to: "hhs-cms" })).toBe("permitted");
    expect(outcome(law, on, serving("hhs-cms", "researcher"))).toBe("barred");
    expect(outcome(law, on, serving("researcher", "hhs-cms"))).toBe("barred");
  });

  it("refuses an employer that is no party", () => {
    expect(() => ask(smallLaw(open), on, serving("hhs", "dsh"))).toThrow('unknown word "dsh" for "employers"');
  });
});

describe("8 what a question asserts", () => {
  it("6, 8: evidence, and for use the lawful acquisition, are told as assumed", () => {
    const assumed = (row: Readonly<Record<string, unknown>>): unknown => ask(smallLaw(open), on, row).assumed;
    const facets = { funding: "federal", special: "none", applicant: "yes" };
    expect(assumed({ evidence: ["letter", "warrant"] })).toEqual({ evidence: "letter, warrant", ...facets });
    expect(assumed({ action: "use" })).toEqual({ acquisition: "lawful, by receipt", ...facets });
    expect(assumed({})).toEqual(facets);
  });
});

describe("duties of a verdict", () => {
  const owing = (id: string, notes: string, when = "true"): string => permit({ id, when, notes: `@duties("${notes}")` });

  it("are those of every permit it rests on, the shorter term of each", () => {
    const law = smallLaw(
      instrument("a", {}, owing("1", "destroy-by P90D; notify-state"), owing("2", "destroy-by P30D"), permit({ id: "3" })),
      instrument("b", { regime: "privacy" }, owing("1", "no-redisclosure")),
      instrument("c", {}, owing("1", "destroy-by P1D", 'resource.field == Field::"name"')),
    );
    expect(ask(law, on, { population: "citizen" }).duties).toEqual([
      { id: "destroy-by", days: 30 },
      { id: "no-redisclosure" },
      { id: "notify-state" },
    ]);
  });

  it("are none where nothing passes, and all where it is not known which row it is", () => {
    const order = instrument(
      "o",
      {},
      owing("1", "destroy-by P90D"),
      owing("2", "notify-state", 'resource.funding == Funding::"state-only"'),
    );
    const barred = instrument("b", {}, bar({ when: 'resource.field == Field::"name"' }));
    expect(ask(smallLaw(order, barred), on, { field: "name" }).duties).toEqual([]);
    expect(ask(smallLaw(order), on, { funding: "any" }).duties.map(({ id }) => id)).toEqual(["destroy-by", "notify-state"]);
  });
});

describe("the nearest request that passes", () => {
  const nearest = (law: Law, row: Readonly<Record<string, unknown>>): string => {
    const answer = decider(law, GRADES, on as CivilDate).answer({ ...ASKED, ...row }, { nearest: true });
    if (!answer.ok) throw new ProblemError(...answer.problems);
    return answer.value.nearest === undefined ? "none" : nearestText(answer.value.nearest);
  };
  const removal = 'context.purpose == Purpose::"removal"';
  const letter = 'context.evidence.contains(Evidence::"letter")';

  it("changes one dimension only, by as little as will do", () => {
    expect(nearest(smallLaw(instrument("o", {}, permit({ when: letter }))), {})).toBe("with letter: permitted");
    expect(nearest(smallLaw(instrument("o", {}, permit({ when: removal }))), { purpose: "enforcement" })).toBe(
      "if the purpose were removal: permitted",
    );
    const masked = permit({ when: 'resource.field == Field::"date-of-birth"', notes: '@mask("year")' });
    expect(nearest(smallLaw(instrument("o", {}, masked)), {})).toBe("if the field were date-of-birth: masked, year only");
    const known = permit({ when: 'resource.population == Population::"refugee"' });
    expect(nearest(smallLaw(instrument("o", {}, known)), { population: "any" })).toBe("if the population were refugee: permitted");
    expect(nearest(smallLaw(instrument("o", {}, permit({ head: 'principal == Party::"dhs", action, resource' }))), { to: "dhs-ice" })).toBe(
      "if the recipient were dhs: permitted",
    );
  });

  it("finds documents that must come together, and says nothing where two dimensions would have to change", () => {
    const both = `${letter} && context.evidence.contains(Evidence::"warrant")`;
    expect(nearest(smallLaw(instrument("o", {}, permit({ when: both }))), {})).toBe("with letter + warrant: permitted");
    expect(nearest(smallLaw(instrument("o", {}, permit({ when: `${removal} && ${letter}` }))), {})).toBe("none");
    expect(nearest(smallLaw(open), {})).toBe("none");
  });

  it("never names a request that is denied", () => {
    const law = smallLaw(
      instrument("o", {}, permit({ when: removal }), bar({ id: "2", when: `${removal} && resource.population == Population::"citizen"` })),
    );
    expect(nearest(law, { population: "refugee" })).toBe("if the purpose were removal: permitted");
    expect(nearest(law, { population: "any" })).toBe("none");
  });
});

describe("16 a set that exists already", () => {
  const order = instrument(
    "o",
    {},
    permit({ when: 'resource.field == Field::"address"', notes: '@mask("county")' }),
    permit({ id: "2", when: 'resource.field == Field::"claims"' }),
  );
  const barred = instrument("b", { regime: "orders" }, bar({ when: 'resource.origin == Jurisdiction::"TX"' }));
  const judge = (...rows: readonly Readonly<Record<string, unknown>>[]): SetVerdict => {
    const judged = decider(smallLaw(order, barred), GRADES, on as CivilDate).set(rows.map((row) => ({ ...ASKED, ...row })));
    if (!judged.ok) throw new ProblemError(...judged.problems);
    return judged.value;
  };
  const claims = { field: "claims", origin: "CA" };

  it("16: one row that may not be there taints all of it, and is named with its reason", () => {
    expect(judge(claims, { ...claims, origin: "none" })).toEqual({ lawful: true, outcome: "permitted", parts: 2, unlawful: [] });
    expect(judge(claims, claims, { ...claims, origin: "TX" })).toEqual({
      lawful: false,
      outcome: "barred",
      parts: 3,
      unlawful: [{ at: 2, outcome: "barred", mask: "omitted", cites: ["forbid 1"] }],
    });
  });

  it("16: what is held clearer than the law would let it go taints it, what is held no clearer does not", () => {
    const held = (form?: string): boolean => judge({ origin: "CA", ...(form === undefined ? {} : { held: form }) }).lawful;
    expect([held(), held("clear"), held("county"), held("state")]).toEqual([false, false, true, true]);
    expect(() => held("contry")).toThrow('unknown word "contry" for "held"');
    expect(() => judge({ field: "claims", held: "county" })).toThrow('unknown word "county" for "held"');
  });

  it("16: of a whole dataset every category counts, and nothing looked at is not lawful", () => {
    expect(judge({ field: "full-dataset", origin: "CA" }).lawful).toBe(false);
    expect(judge()).toMatchObject({ lawful: false, outcome: "no-authority", parts: 0 });
  });
});

describe("4 refusals", () => {
  it("4: denied in part is no authorization: a bar that leaves something out permits none of it", () => {
    const partial = instrument("order", {}, bar({ when: 'resource.field != Field::"name"' }));
    expect(outcome(smallLaw(partial), on, { field: "name" })).toBe("no-authority");
    const modified = instrument("later", { modifies: '[{ instrument: order, rules: ["1"], cite: c }]' });
    expect(outcome(smallLaw(partial, modified), on, { field: "claims" })).toBe("no-authority");
  });
});

describe("3 what changes no law", () => {
  it("3: a policy that says an order has ended ends nothing; only what modifies, stays, vacates or finds does", () => {
    const order = instrument("order", { regime: "orders", endsOnEvent: "{ event: decision, days: 0 }" }, bar());
    const notice = instrument("notice", { kind: "policy", regime: "policies", issued: "2025-01-01" }, permit());
    expect(outcome(smallLaw(open, order, notice), on)).toBe("barred");
  });
});

describe("5 the day of disclosure", () => {
  it("5: a person's status is what is asked about on that day, and a bar on one population reaches no other", () => {
    const law = smallLaw(
      open,
      instrument("routine", { regime: "privacy" }, permit()),
      instrument("order", {}, bar({ when: 'resource.population == Population::"refugee"' })),
    );
    expect(["refugee", "citizen", "any"].map((population) => outcome(law, on, { population }))).toEqual(["barred", "permitted", "barred"]);
  });
});

describe("11 chains", () => {
  it("11: a chain is a line: of two masks one always tells less, and a mask of another chain is omission", () => {
    const law = smallLaw(
      instrument("a", {}, permit({ notes: '@mask("county")' })),
      instrument("b", { regime: "privacy" }, permit({ notes: '@mask("year")' })),
    );
    expect(ask(law, on, { population: "citizen" })).toMatchObject({ outcome: "no-authority", mask: "omitted" });
    for (const field of law.vocabulary.fields) expect(new Set(field.masks).size).toBe(field.masks.length);
  });

  it("11: a chain that names a mask twice is refused", () => {
    const twice = vocabularyFiles().map((file) =>
      file.path.endsWith("fields.yaml")
        ? { ...file, text: file.text.replace("[clear, county, state, omitted]", "[clear, state, state, omitted]") }
        : file,
    );
    const loaded = loadLaw(twice, cedarJudge, sha256);
    expect(loaded.ok ? [] : loaded.problems.map(({ message }) => message)).toEqual(["a chain names each mask once"]);
  });
});

describe("12 errors", () => {
  it("12: law that Cedar does not validate strictly does not load, so no bar is skipped", () => {
    const [found] = refusals(open, instrument("order", {}, bar({ when: "resource.nothing == 1" })));
    expect(found?.code).toBe("E_LAW");
  });
});

describe("9 the oracle", () => {
  it("9: Cedar, asked the whole request, holds scopes and protections where the algebra holds them", () => {
    const texas = 'resource.origin == Jurisdiction::"TX" && context.purpose == Purpose::"research"';
    const front = {
      protects: "[{ jurisdiction: CA, cite: c }, { jurisdiction: DC, unresolved: true, cite: c }]",
      stayed: `[{ from: 2025-05-01, rules: ["1"], scope: '!(resource.origin in Protected::"order")', cite: c }]`,
      defeats: `[{ rule: "open#2", scope: '${texas}', cite: c }]`,
    };
    const law = smallLaw(
      instrument("open", {}, permit(), bar({ id: "2" })),
      instrument(
        "order",
        front,
        bar(),
        bar({ id: "9", head: 'principal in Party::"dhs", action, resource', notes: '@protects("refusal")' }),
      ),
    );
    const seen = new Set<string>();
    const property = fc.property(fc.constantFrom(...turningDays(law)), anyCell(law), (day, cell) => {
      for (const reading of readings(viewOn(law, day), cell)) {
        const held = heldByAlgebra(viewOn(law, day), reading);
        expect(held).toEqual(heldByCedar(viewOn(law, day), reading));
        for (const name of held) seen.add(name);
      }
    });
    fc.assert(property, { seed: 20260105, numRuns: 150 });
    expect([...seen].sort()).toEqual(["open#1", "open#2", "order#1", "order#9", "order#defeats.1", "order#stay.1.1"]);
  });
});
