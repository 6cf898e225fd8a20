import { describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Law } from "../../src/core/law/law.ts";
import type { Chain } from "../../src/core/verdict/reach.ts";
import { chainFinder } from "../../src/core/verdict/reach.ts";
import { diagramOf } from "./diagram-laws.ts";
import { bar, instrument, permit, smallLaw } from "./small-law.ts";
import { viewOn } from "./whole-request.ts";

const DAY = "2026-01-15" as CivilDate;

function chains(law: Law, without: readonly string[] = []): readonly Chain[] {
  const parties = law.vocabulary.parties.map((party) => ({ ...party, holds: "medicaid" }));
  const held: Law = { ...law, vocabulary: { ...law.vocabulary, parties } };
  const found = chainFinder(diagramOf(viewOn(held, DAY)), held, without)("hhs-cms");
  if (!found.ok) throw new Error("no chains");
  return found.value;
}

const steps = (chain: Chain | undefined): readonly string[] =>
  (chain?.hops ?? []).map(({ how, from, to, evidence }) => [how, from, to, ...evidence].join(" "));

const gives = (id: string, from: string, to: string, purpose: string, evidence = "true"): string =>
  permit({
    id,
    head: `principal == Party::"${to}", action == Action::"disclose", resource`,
    when: `context.discloser == Party::"${from}" && context.purpose == Purpose::"${purpose}" && resource.population != Population::"citizen" && ${evidence}`,
  });
const noEnforcement = bar({
  id: "bar",
  head: `principal in Party::"dhs", action == Action::"disclose", resource`,
  when: `context.discloser in Party::"hhs" && context.purpose in Purpose::"enforcement"`,
});

describe("chains of permitted steps", () => {
  it("finds the way through a third body to where a bar protects", () => {
    const law = smallLaw(
      instrument(
        "a",
        {},
        gives("1", "hhs-cms", "researcher", "research"),
        gives("2", "researcher", "dhs-ice", "enforcement"),
        noEnforcement,
      ),
    );
    const [chain] = chains(law);
    expect(chain).toMatchObject({ holder: "hhs-cms", sinks: ["dhs-ice"], purposes: ["enforcement"] });
    expect(steps(chain)).toEqual(["disclose hhs-cms researcher", "disclose researcher dhs-ice"]);
  });

  it("finds none where one step is missing, and none where no bar protects", () => {
    const first = gives("1", "hhs-cms", "researcher", "research");
    expect(chains(smallLaw(instrument("a", {}, first, noEnforcement)))).toEqual([]);
    expect(chains(smallLaw(instrument("a", {}, first, gives("2", "researcher", "dhs-ice", "enforcement"))))).toEqual([]);
  });

  it("finds none for records the steps do not have in common", () => {
    const citizensOnly = permit({
      id: "2",
      head: `principal == Party::"dhs-ice", action, resource`,
      when: `context.discloser == Party::"researcher" && resource.population == Population::"citizen"`,
    });
    expect(chains(smallLaw(instrument("a", {}, gives("1", "hhs-cms", "researcher", "research"), citizensOnly, noEnforcement)))).toEqual([]);
  });

  it("is closed by a bar on use at the end of the chain", () => {
    const useBar = bar({
      id: "use",
      head: `principal in Party::"dhs", action == Action::"use", resource`,
      when: `context.purpose in Purpose::"enforcement"`,
    });
    const law = smallLaw(
      instrument(
        "a",
        {},
        gives("1", "hhs-cms", "researcher", "research"),
        gives("2", "researcher", "dhs-ice", "enforcement"),
        noEnforcement,
        useBar,
      ),
    );
    expect(chains(law)).toEqual([]);
  });

  it("counts a use for another purpose as a step where the law permits the use", () => {
    const use = permit({
      id: "2",
      head: `principal == Party::"dhs-ice", action == Action::"use", resource`,
      when: `context.purpose == Purpose::"removal"`,
    });
    const law = smallLaw(instrument("a", {}, gives("1", "hhs-cms", "dhs-ice", "research"), use, noEnforcement));
    expect(steps(chains(law)[0])).toEqual(["disclose hhs-cms dhs-ice", "use dhs-ice dhs-ice"]);
    expect(chains(law)[0]?.purposes).toEqual(["removal"]);
  });

  it("lets staff in the service of two bodies carry what they see from one to the other", () => {
    const use = permit({ id: "2", head: `principal == Party::"dhs", action == Action::"use", resource`, when: "true" });
    const law = smallLaw(instrument("a", {}, gives("1", "hhs-cms", "detailee", "research"), use, noEnforcement));
    const toDhs = chains(law).find(({ sinks }) => sinks.includes("dhs"));
    expect(steps(toDhs)).toEqual(["disclose hhs-cms detailee", "detail detailee dhs", "use dhs dhs"]);
  });

  it("names the evidence a step needs, and finds none where nobody has it", () => {
    const law = smallLaw(
      instrument(
        "a",
        {},
        gives("1", "hhs-cms", "researcher", "research", 'context.evidence.contains(Evidence::"warrant")'),
        gives("2", "researcher", "dhs-ice", "enforcement"),
        noEnforcement,
      ),
    );
    expect(steps(chains(law)[0])).toEqual(["disclose hhs-cms researcher warrant", "disclose researcher dhs-ice"]);
    expect(chains(law, ["warrant"])).toEqual([]);
  });
});
