import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { docketEvents } from "../../src/core/law/docket.ts";
import { ruleEcho } from "../../src/core/law/echo.ts";
import type { Law } from "../../src/core/law/law.ts";
import type { Grade, SourceFile } from "../../src/core/law/source.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import { reasonLines } from "../../src/core/verdict/wording.ts";
import { ask, bar, graded, instrument, outcome, permit, refusals, smallLaw } from "./small-law.ts";
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
