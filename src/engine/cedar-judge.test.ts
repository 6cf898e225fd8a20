import { describe, expect, it } from "vitest";
import { CEDAR_VERSION } from "../cli/law-room.ts";
import { cedarJudge } from "./cedar-judge.ts";

const SCHEMA =
  "entity Party; entity Cell; action disclose appliesTo { principal: [Party], resource: [Cell], context: { discloser: Party } };";

describe("the judge of conditions", () => {
  it("is of the version that names the caches of compiled law", () => {
    expect(cedarJudge.version).toBe(CEDAR_VERSION);
  });

  it("splits a block into its policies as they stand, without what stands between them", () => {
    const texts = ['@id("1")\npermit (principal,   action, resource) // why\nwhen { true };', "forbid (principal, action, resource);"];
    const split = cedarJudge.split(`// first\n${texts[0]}\n\n${texts[1]}\n`);
    expect("policies" in split && [...split.policies].sort()).toEqual([...texts].sort());
  });

  it("places a complaint by characters, also behind letters of several bytes", () => {
    const block = '@cite("§§§ ¶ 😀")\npermit (principal, action, resource)\nwhen { tru e };';
    const split = cedarJudge.split(block);
    expect("errors" in split && split.errors.map(({ offset }) => offset)).toEqual([block.indexOf("e };")]);
  });

  it("refuses templates", () => {
    const split = cedarJudge.split("permit (principal == ?principal, action, resource);");
    expect("errors" in split && split.errors[0]?.message).toBe("a template (?principal, ?resource) is no rule");
  });

  it("validates strictly, warnings included, and says which policy", () => {
    const policies = {
      good: 'permit (principal == Party::"a", action, resource);',
      untyped: "permit (principal, action, resource) when { context.discloser == 1 };",
      impossible: "permit (principal, action, resource) when { false };",
    };
    const wrong = new Set(cedarJudge.validate(SCHEMA, policies).map(({ policy }) => policy));
    expect(wrong).toEqual(new Set(["impossible", "untyped"]));
  });

  it("throws when a condition errs, since Cedar alone would skip it", () => {
    const uid = { type: "Party", id: "a" };
    const request = {
      principal: uid,
      action: { type: "Action", id: "disclose" },
      resource: { type: "Cell", id: "cell" },
      context: { discloser: uid, purpose: uid, evidence: [] },
    };
    const equal = { "==": { left: { Var: "principal" }, right: { Value: { __entity: uid } } } };
    const erring = { ".": { left: { Var: "context" }, attr: "missing" } };
    expect(cedarJudge.holding(request, { equal, never: { Value: false } }, [])).toEqual(["equal"]);
    expect(() => cedarJudge.holding(request, { equal, erring }, [])).toThrow("erring");
  });
});
