import { describe, expect, it } from "vitest";
import { bar, graded, instrument, permit, smallLaw } from "../../../test/law/small-law.ts";
import type { CivilDate } from "../base/civil-date.ts";
import type { SourceFile } from "../law/source.ts";
import { GRADES } from "../law/source.ts";
import type { LawDifference } from "./what-changes.ts";
import { whatChanges } from "./what-changes.ts";

const RESEARCH = instrument("research", {}, permit({ when: 'principal == Party::"researcher"' }));
const between = (before: readonly SourceFile[], after: readonly SourceFile[], from = "2026-01-07", admitted = GRADES): LawDifference =>
  whatChanges(smallLaw(...before), smallLaw(...after), from as CivilDate, admitted);
const effect = ({ opens, closes }: LawDifference): string => (opens ? "opens" : closes ? "closes" : "neither");
const order = (front: Readonly<Record<string, string>>, when: string): SourceFile =>
  instrument("order", { regime: "orders", ...front }, bar({ when }));
const CA = 'resource.origin == Jurisdiction::"CA"';

describe("what a change does from its day on", () => {
  it.each<[string, readonly SourceFile[], readonly SourceFile[], string]>([
    ["a bar comes", [RESEARCH], [RESEARCH, order({}, CA)], "closes"],
    ["a bar goes", [RESEARCH, order({}, CA)], [RESEARCH], "opens"],
    ["a bar goes that another repeats", [RESEARCH, order({}, CA), instrument("policy", { regime: "policies" }, bar({ when: CA }))], [RESEARCH, order({}, CA)], "neither"], // prettier-ignore
    ["a bar under a mask goes where nothing is permitted, but an employee of two bodies was held by it", [RESEARCH, instrument("policy", { regime: "policies" }, bar({ head: 'principal == Party::"dhs", action, resource', notes: '@mask("county")' }))], [RESEARCH], "opens"], // prettier-ignore
    ["a bar gets an end", [RESEARCH, order({}, CA)], [RESEARCH, order({ ends: "2027-01-01" }, CA)], "opens"],
    ["a bar that has ended goes", [RESEARCH, order({ ends: "2025-01-01" }, CA)], [RESEARCH], "neither"],
    ["a bar narrows", [RESEARCH, order({}, CA)], [RESEARCH, order({}, `${CA} && resource.field == Field::"name"`)], "opens"],
    ["a bar widens", [RESEARCH, order({}, `${CA} && resource.field == Field::"name"`)], [RESEARCH, order({}, CA)], "closes"],
    ["a bar says the same otherwise", [RESEARCH, order({}, CA)], [RESEARCH, order({}, `!(!(${CA}))`)], "neither"],
    ["a permit comes", [RESEARCH], [RESEARCH, instrument("more", {}, permit({ when: 'principal == Party::"dhs-ice"' }))], "opens"],
    ["a permit comes that bars outweigh, which may go", [order({}, "true")], [order({}, "true"), RESEARCH], "neither"],
    ["a permit goes", [RESEARCH], [], "closes"],
    ["a bar is stayed from next year", [RESEARCH, order({}, CA)], [RESEARCH, order({ stayed: '[{ from: 2027-01-01, cite: stay }]' }, CA)], "opens"], // prettier-ignore
    ["a permit waits longer", [RESEARCH], [instrument("research", { effective: "2026-06-01" }, permit({ when: 'principal == Party::"researcher"' }))], "closes"], // prettier-ignore
  ])("%s", (_, before, after, expected) => {
    expect(effect(between(before, after))).toBe(expected);
  });

  it("a list that grows closes for a bar, and opens where the list shrinks", () => {
    const listed = (...states: readonly string[]): SourceFile =>
      order(
        { protects: `[${states.map((state) => `{ jurisdiction: ${state}, cite: list }`).join(", ")}]` },
        'resource.origin in Protected::"order"',
      );
    expect(effect(between([RESEARCH, listed("CA")], [RESEARCH, listed("CA", "TX")]))).toBe("closes");
    const shrunk = between([RESEARCH, listed("CA", "TX")], [RESEARCH, listed("CA")]);
    expect(shrunk).toMatchObject({ opens: true, opensFor: ["TX"] });
  });

  it("names the states it opens for, all where it opens for any", () => {
    const gone = between([RESEARCH, order({}, CA)], [RESEARCH]);
    expect(gone.opensFor).toEqual(["CA"]);
    expect(gone.summary).toEqual(["opens: bar order#1 goes or changes"]);
    const more = instrument("more", {}, permit({ when: 'principal == Party::"dhs-ice"' }));
    expect(between([RESEARCH], [RESEARCH, more]).opensFor).toEqual(["CA", "DC", "TX", "none"]);
  });

  it("says nothing of days before it, and of grades that are not admitted", () => {
    const past = instrument("past", { ends: "2026-01-06" }, permit());
    expect(effect(between([RESEARCH], [RESEARCH, past]))).toBe("neither");
    const recalled = instrument("recalled", graded("recalled"), permit());
    expect(effect(between([RESEARCH], [RESEARCH, recalled], "2026-01-07", ["read"]))).toBe("neither");
    expect(effect(between([RESEARCH], [RESEARCH, recalled]))).toBe("opens");
  });
});
