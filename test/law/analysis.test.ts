import { describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Law } from "../../src/core/law/law.ts";
import type { SourceFile } from "../../src/core/law/source.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { analyse } from "../../src/core/verdict/analysis.ts";
import { boxText, peopleIn } from "../../src/core/verdict/box-wording.ts";
import type { Finding } from "../../src/core/verdict/finding.ts";
import type { Invariant } from "../../src/core/verdict/invariant.ts";
import { parseInvariants } from "../../src/core/verdict/invariant.ts";
import { boxesIn, compareLaw } from "../../src/core/verdict/law-change.ts";
import { valueOf } from "./diagram-laws.ts";
import { bar, instrument, permit, smallLaw } from "./small-law.ts";

const DAY = "2026-01-15" as CivilDate;
const field = (word: string): string => `resource.field == Field::"${word}"`;

const file = (text: string): SourceFile => ({ path: "invariants/a.yaml", text });
const invariants = (law: Law, text: string): readonly Invariant[] => valueOf(parseInvariants([file(text)], law));
const refused = (law: Law, text: string): readonly string[] => {
  const parsed = parseInvariants([file(text)], law);
  return parsed.ok ? [] : parsed.problems.map(({ message, at }) => `${at?.line}:${at?.column} ${message}`);
};
const broken = (law: Law, text: string): readonly string[] =>
  analyse(law, invariants(law, text), GRADES).broken.map(({ message }) => message);

describe("invariants", () => {
  const law = smallLaw(
    instrument("a", {}, permit({ when: field("address") })),
    instrument("order", { issued: "2026-01-01", ends: "2026-02-01", protects: "[{ jurisdiction: CA, cite: list }]", regime: "orders" }, bar({ when: 'principal in Party::"dhs" && resource.origin in Protected::"order"' })),
  ); // prettier-ignore
  const never = (where: string, more = ""): string => `- { id: n, says: s, cite: c, expect: never-released, where: { ${where} }${more} }`;

  it("holds where no point of the region is released, and is proven on every day", () => {
    expect(broken(law, never("to: [dhs], field: [name]"))).toEqual([]);
    expect(broken(law, never("to: [dhs], protectedBy: order", ", since: 2026-01-01, until: 2026-02-01"))).toEqual([]);
  });

  it("prints a point that breaks it, with the first day", () => {
    const [message] = broken(law, never("to: [dhs], protectedBy: order"));
    expect(message).toMatch(/^"n" does not hold: on 2020-01-01 permitted: .* → (dhs|dhs-ice|detailee), \w+ address of CA for/);
  });

  it("is looked at from its own first day on, though the law is the same as before", () => {
    expect(broken(law, never("field: [address]", ", since: 2026-05-05"))[0]).toContain("on 2026-05-05");
  });

  it("takes a word for all words under it, and silence for any word", () => {
    expect(broken(law, never("from: [hhs], field: [address]"))).toHaveLength(1);
    expect(broken(law, "- { id: a, says: s, cite: c, expect: always-released, where: { field: [address], population: [refugee], recordSystem: [medicaid], origin: [TX] } }")).toEqual([]); // prettier-ignore
    expect(broken(law, "- { id: a, says: s, cite: c, expect: always-released, where: { field: [address] } }")).toHaveLength(1);
  });

  it("refuses what would prove nothing: words nobody has, an unknown list, no region, an unknown expectation", () => {
    expect(refused(law, never("field: [sud-record]"))[0]).toContain('"sud-record" is no word of field');
    expect(refused(law, never("to: [dsh]"))[0]).toContain('"dsh" is no word of to');
    expect(refused(law, never("protectedBy: ordre"))[0]).toContain('unknown instrument "ordre"');
    expect(refused(law, never("evidence: [lettre]"))[0]).toContain('unknown evidence "lettre"');
    expect(refused(law, "- { id: n, says: s, cite: c, expect: maybe }")).toHaveLength(2);
    expect(refused(law, "- { id: n, says: s, cite: c, expect: never-released, since: 2026-02-30, where: { to: [dhs] } }")).toHaveLength(1);
    expect(refused(law, `${never("to: [dhs]")}\n${never("to: [dhs]")}`)[0]).toBe('2:3 the invariant "n" is listed twice');
  });
});

describe("findings", () => {
  const found = (...files: readonly SourceFile[]): readonly Finding[] =>
    analyse(smallLaw(...files), [], GRADES, { findings: true }).findings;

  it("names rules that hold for nothing, that others cover, and permits that bars cover", () => {
    const rules = [
      permit({ id: "wide", when: `${field("name")} || ${field("claims")}` }),
      permit({ id: "narrow", when: field("name") }),
      permit({ id: "empty", when: `${field("name")} && ${field("claims")}` }),
      permit({ id: "closed", when: field("address") }),
      bar({ id: "bar", when: field("address") }),
      bar({ id: "bar-too", when: `${field("address")} && resource.applicant == Applicant::"no"` }),
    ];
    expect(found(instrument("a", {}, ...rules))).toEqual([
      { kind: "dead", rule: "a#empty" },
      { kind: "redundant", rule: "a#narrow" },
      { kind: "redundant", rule: "a#bar-too" },
      { kind: "overridden", rule: "a#closed" },
    ]);
  });

  it("does not call redundant what counts on one day only, masks less, or satisfies another regime", () => {
    const later = instrument("b", { issued: "2024-01-01" }, permit({ when: field("name") }));
    expect(found(instrument("a", {}, permit({ when: field("name") })), later)).toEqual([{ kind: "redundant", rule: "b#1" }]);
    expect(found(instrument("a", { ends: "2024-06-01" }, permit({ when: field("name") })), later)).toEqual([]);
    const masked = instrument("b", {}, permit({ when: field("address"), notes: '@mask("county")' }));
    expect(found(instrument("a", {}, permit({ when: field("address") })), masked)).toEqual([]);
  });

  it("names two orders of which one opens what the other bars, once", () => {
    const one = instrument("one", {}, permit({ when: field("name") }));
    const other = instrument("other", { regime: "orders" }, bar({ when: `${field("name")} && resource.applicant == Applicant::"no"` }));
    expect(found(one, other)).toEqual([{ kind: "conflict", rule: "one#1", other: "other#1" }]);
  });

  it("names the words for which nothing ever opens", () => {
    const law = smallLaw(instrument("a", {}, permit({ head: 'principal == Party::"researcher", action, resource', when: 'context.purpose == Purpose::"research"' }))); // prettier-ignore
    expect(analyse(law, [], GRADES, { findings: true }).defaultOnly).toEqual({
      recipients: ["hhs", "hhs-cms", "dhs", "dhs-ice", "detailee"],
      purposes: ["enforcement", "removal"],
    });
  });
});

describe("what a change of law does", () => {
  const before = smallLaw(instrument("a", {}, permit({ when: `${field("address")} && resource.origin == Jurisdiction::"TX"` })));
  const after = smallLaw(
    instrument("a", {}, permit({ when: `${field("address")} && resource.origin == Jurisdiction::"TX"` })),
    instrument("b", { issued: "2026-03-01", ends: "2026-03-31" }, permit({ when: field("name") })),
    instrument("c", { issued: "2026-06-01", regime: "orders" }, bar({ when: 'principal in Party::"dhs"' })),
  );

  it("is told by spans of days, each with what opens and what closes", () => {
    const changes = valueOf(compareLaw(before, after, DAY, GRADES));
    expect(changes.map(({ from, to }) => [from, to])).toEqual([
      ["2026-03-01", "2026-03-31"],
      ["2026-06-01", undefined],
    ]);
    const [opening, closing] = changes.map(({ comparison }) => boxesIn(comparison));
    expect(opening?.map((box) => [box.change, boxText(box, after.vocabulary)])[0]).toEqual([
      "opened",
      expect.stringMatching(/^name of any state/),
    ]);
    expect(closing?.every(({ change }) => change === "closed" || change === "barred")).toBe(true);
    expect(closing?.map((box) => boxText(box, after.vocabulary)).join("\n")).toContain("→ dhs and all under it");
  });

  it("is nothing between laws that decide alike, however they are written", () => {
    const rewritten = smallLaw(instrument("z", {}, permit({ when: `resource.origin == Jurisdiction::"TX" && !(${field("name")}) && ${field("address")}` }))); // prettier-ignore
    expect(compareLaw(before, rewritten, DAY, GRADES)).toEqual({ ok: true, value: [] });
  });

  it("is told where a masking bar goes that decided for people of several bodies only", () => {
    const masking = bar({ when: field("date-of-birth"), notes: '@mask("year")' });
    const [change, ...more] = valueOf(compareLaw(smallLaw(instrument("a", {}, masking)), smallLaw(), DAY, GRADES));
    expect(more).toEqual([]);
    expect(change === undefined ? [] : boxesIn(change.comparison)).toEqual([]);
    expect(change?.comparison.latent.unbarred).toBeGreaterThan(0n);
  });

  it("counts people who may be concerned, those of whom little is known among them", () => {
    const [change] = valueOf(compareLaw(smallLaw(), before, DAY, GRADES));
    const facets = { origin: "TX", population: ["citizen", "refugee"], funding: ["federal"], applicant: ["yes"], idIsSsn: false };
    const classes = [
      { id: 0, facets, people: 5 },
      { id: 1, facets: { ...facets, origin: "CA" }, people: 7 },
      { id: 2, facets: { ...facets, population: ["citizen"] }, people: 11 },
    ];
    const boxes = change === undefined ? [] : boxesIn(change.comparison);
    expect(boxes.map((box) => peopleIn(box, classes))).toEqual([5]);
  });
});
