import { describe, expect, it } from "vitest";
import { shippedLaw } from "../../../test/law/scenario.ts";
import { bar, instrument, permit, smallLaw } from "../../../test/law/small-law.ts";
import { atomsOf } from "./condition.ts";
import { ruleEcho } from "./echo.ts";
import type { SourceFile } from "./source.ts";
import { entityTypes } from "./words.ts";

const echoes = (...files: readonly SourceFile[]): readonly string[] => {
  const law = smallLaw(...files);
  return law.rules.map((rule) => ruleEcho(rule, law));
};
const echo = (rule: string, front: Readonly<Record<string, string>> = {}): string => echoes(instrument("a", front, rule))[0] ?? "";

describe("a rule in plain words", () => {
  it("says who may not give what to whom, until when, and on what it is silent", () => {
    const head = 'principal in Party::"dhs", action == Action::"disclose", resource';
    const when = 'context.discloser in Party::"hhs" && resource.origin in Protected::"a"';
    const order = instrument("a", { protects: "[{ jurisdiction: CA, cite: c }]", issued: "2025-08-12" }, bar({ head, when }));
    const next = instrument("b", { supersedes: "[a]", issued: "2025-12-29", effective: "2026-01-06" });
    expect(echoes(order, next)).toEqual([
      "2025-08-12 to 2026-01-05: bars health (and all under it) from disclosing any record to security (and all under it), where the submitting state is one this order protects. Silent on other givers, actions, states and recipients.",
    ]);
  });

  it("says where a permit does not descend, and what it asks for", () => {
    const when = 'resource.field == Field::"name" && context.evidence.contains(Evidence::"letter")';
    expect(echo(permit({ head: 'principal == Party::"hhs", action == Action::"use", resource', when }))).toBe(
      "from 2020-01-01: permits health (itself) to use name, with letter. It permits nothing else.",
    );
  });

  it("says masks, exceptions, negations and the pause of a stay", () => {
    expect(echo(permit({ notes: '@mask("year")' }))).toBe(
      "from 2020-01-01: permits anyone to disclose, show or leave for use any record (no clearer than year) to anyone. It permits nothing else.",
    );
    const stayed = { stayed: "[{ from: 2020-02-01, to: 2020-02-29, cite: c }]" };
    expect(echo(bar({ notes: '@mask("county")' }), stayed)).toBe(
      "2020-01-01 to 2020-01-31 and from 2020-03-01: bars anyone from disclosing, showing or leaving for use anything clearer than county of any record to anyone. It reaches everything.",
    );
    const except = '![Field::"name", Field::"claims"].contains(resource.field) && !context.evidence.contains(Evidence::"warrant")';
    expect(echo(bar({ when: except }))).toContain("any record except name and claims to anyone, without warrant. Silent on other data.");
    const law = echoes(instrument("a", {}, bar(), permit({ id: "2", notes: '@defeats("a#1")', when: 'resource.field == Field::"name"' })));
    expect(law[1]).toBe("from 2020-01-01: lifts its bar #1 for name. The bar stands for all else.");
  });

  it("says who is left out of anyone, and what of any purpose", () => {
    const when = '![Party::"hhs", Party::"researcher"].contains(principal) && context.purpose != Purpose::"research"';
    expect(echo(bar({ when }))).toContain("to anyone except health (itself) and researcher for any purpose except research. Silent on");
  });

  it("brackets what mixes dimensions, and joins alternatives about one", () => {
    const when = 'resource.field == Field::"name" || resource.field == Field::"claims" || context.purpose == Purpose::"research"';
    expect(echo(bar({ when }))).toContain(", where either the data is name or claims or the purpose is research. Silent on all else.");
    const both = '!(resource.field == Field::"name" && context.purpose == Purpose::"research")';
    expect(echo(bar({ when: both }))).toContain(", where it is not so that (the data is name and the purpose is research).");
  });

  it("leaves no word of any shipped rule unsaid", async () => {
    const law = await shippedLaw();
    const types = entityTypes(law.vocabulary, []);
    const title = (type: string, id: string): string => types.get(type)?.find((word) => word.id === id)?.title ?? id;
    const unsaid = law.rules.flatMap((rule) => {
      const text = ruleEcho(rule, law);
      const words = atomsOf(rule.condition).flatMap((index) => {
        const atom = law.atoms[index];
        if (atom?.kind === "evidence") return [title("Evidence", atom.evidence)];
        if (atom?.kind !== "words" || atom.dimension === "action") return [];
        const [, type = "", id = ""] = /"type":"([^"]+)","id":"([^"]+)"/.exec(JSON.stringify(atom.expr)) ?? [];
        return [title(type, id)];
      });
      return words.filter((word) => !text.includes(word)).map((word) => `${rule.name}: ${word}`);
    });
    expect(unsaid).toEqual([]);
    expect(law.rules.map((rule) => ruleEcho(rule, law)).filter((text) => /\?|undefined/.test(text))).toEqual([]);
  });
});
