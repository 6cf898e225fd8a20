import { describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import { readingsOf } from "../../src/core/verdict/decide.ts";
import { ask, bar, instrument, outcome, permit, smallLaw } from "./small-law.ts";

const on = "2025-06-01";
const open = instrument("open", {}, permit());

describe("1: nothing passes by default", () => {
  it("1: no permit is no authority, and the regime left unsatisfied is named", () => {
    const { outcome, mask, basis, reasons } = ask(smallLaw(), on);
    expect({ outcome, mask, basis }).toEqual({ outcome: "no-authority", mask: "omitted", basis: "default" });
    expect(reasons).toEqual([{ regime: "programme", effect: "no-permit", rules: [], cites: ["Programme Act"], missing: [] }]);
  });

  it("1: nothing passes because nobody is bound", () => {
    expect(outcome(smallLaw(open), on, { recordSystem: "voter" })).toBe("no-authority");
  });

  it("1: a bar overrides a permit, and both are named", () => {
    const verdict = ask(smallLaw(open, instrument("order", { regime: "orders" }, bar())), on);
    expect(verdict.outcome).toBe("barred");
    expect(verdict.reasons.map(({ effect, cites }) => [effect, ...cites])).toEqual([
      ["bar", "forbid 1"],
      ["permit", "permit 1"],
    ]);
  });

  it("1: where nothing permits, a bar that holds is still among the reasons", () => {
    const verdict = ask(smallLaw(instrument("order", { regime: "orders" }, bar())), on);
    expect([verdict.outcome, ...verdict.reasons.map(({ effect }) => effect)]).toEqual(["barred", "bar", "no-permit"]);
  });
});

describe("2: regimes", () => {
  const citizen = { population: "citizen" };

  it("2: every regime that applies must be satisfied: a permit of one does not excuse another", () => {
    expect(outcome(smallLaw(open), on)).toBe("permitted");
    expect(outcome(smallLaw(open), on, citizen)).toBe("no-authority");
    expect(outcome(smallLaw(open, instrument("routine", { regime: "privacy" }, permit())), on, citizen)).toBe("permitted");
  });

  it("2: an instrument discharges another regime where it says so, and only with its permits that hold", () => {
    const discharges = "[{ regime: privacy, cite: opens for it }]";
    const name = 'resource.field == Field::"name"';
    const law = smallLaw(open, instrument("request", { discharges, regime: "orders" }, permit({ when: name })));
    expect(outcome(law, on, { ...citizen, field: "name" })).toBe("permitted");
    expect(outcome(law, on, { ...citizen, field: "claims" })).toBe("no-authority");
  });

  it("2: a regime that can only bar needs no permit, and its permits satisfy none", () => {
    expect(outcome(smallLaw(instrument("policy", { regime: "policies" }, permit())), on)).toBe("no-authority");
  });
});

describe("5, 7: origin and parties", () => {
  const protects = "[{ jurisdiction: CA, cite: complaint }, { jurisdiction: DC, unresolved: true, cite: press }]";
  const listed = 'resource.origin in Protected::"order"';

  it("5: a bar follows the state that submitted the record", () => {
    const law = smallLaw(open, instrument("order", { regime: "orders", protects }, bar({ when: listed })));
    expect(["CA", "TX", "none"].map((origin) => outcome(law, on, { origin }))).toEqual(["barred", "permitted", "permitted"]);
  });

  it("7: a state whose membership is unresolved takes the stricter of both readings, whichever that is", () => {
    const inside = smallLaw(open, instrument("order", { regime: "orders", protects }, bar({ when: listed })));
    const outside = smallLaw(open, instrument("order", { regime: "orders", protects }, bar({ when: `!(${listed})` })));
    expect([outcome(inside, on, { origin: "DC" }), outcome(outside, on, { origin: "DC" })]).toEqual(["barred", "barred"]);
    expect([outcome(inside, on, { origin: "CA" }), outcome(outside, on, { origin: "CA" })]).toEqual(["barred", "permitted"]);
  });

  it("7: every order that leaves the state open doubles the readings", () => {
    const law = smallLaw(instrument("order", { protects }), instrument("other", { protects }));
    const readings = readingsOf(dayView(law, on as CivilDate, GRADES), "DC");
    expect(readings.map((reading) => [...reading])).toEqual([[], ["other"], ["order"], ["order", "other"]]);
  });

  it("7: membership runs from joinder to dismissal", () => {
    const joined = "[{ jurisdiction: CA, from: 2025-05-01, to: 2025-07-31, cite: joinder }]";
    const law = smallLaw(open, instrument("order", { regime: "orders", protects: joined }, bar({ when: listed })));
    const days = ["2025-04-30", "2025-05-01", "2025-07-31", "2025-08-01"];
    expect(days.map((day) => outcome(law, day, { origin: "CA" }))).toEqual(["permitted", "barred", "barred", "permitted"]);
  });

  it("7: a bar on a party reaches those beneath it, and a person any of whose employers it names", () => {
    const law = smallLaw(open, instrument("order", { regime: "orders" }, bar({ head: 'principal in Party::"dhs", action, resource' })));
    const to = ["dhs", "dhs-ice", "detailee", "hhs", "researcher"];
    expect(to.map((party) => outcome(law, on, { to: party }))).toEqual(["barred", "barred", "barred", "permitted", "permitted"]);
  });

  it("7: a permit to a party reaches nobody beneath it, nor a permit for a purpose", () => {
    const law = smallLaw(
      instrument(
        "narrow",
        {},
        permit({ head: 'principal == Party::"dhs", action, resource', when: 'context.purpose == Purpose::"enforcement"' }),
      ),
    );
    const asked = (to: string, purpose: string): string => outcome(law, on, { to, purpose });
    expect([asked("dhs", "enforcement"), asked("dhs-ice", "enforcement"), asked("dhs", "removal")]).toEqual([
      "permitted",
      "no-authority",
      "no-authority",
    ]);
  });
});

describe("6: actions", () => {
  it("6: a bar on disclosure leaves viewing and use as they were", () => {
    const law = smallLaw(open, instrument("order", {}, bar({ head: 'principal, action == Action::"disclose", resource' })));
    expect(["disclose", "view", "use"].map((action) => outcome(law, on, { action }))).toEqual(["barred", "permitted", "permitted"]);
  });
});

describe("8: evidence", () => {
  const letter = 'context.evidence.contains(Evidence::"letter")';

  it("8: a permit that needs a document opens only with it, and the lack is named", () => {
    const law = smallLaw(instrument("request", {}, permit({ when: letter })));
    const verdict = ask(law, on);
    expect(verdict.outcome).toBe("no-authority");
    expect(verdict.reasons[0]?.missing).toEqual([{ id: "request#1", cite: "permit 1", evidence: ["letter"] }]);
    expect(outcome(law, on, { evidence: ["letter"] })).toBe("permitted");
  });

  it("8: evidence that would not help is not called missing", () => {
    const law = smallLaw(instrument("request", {}, permit({ when: `${letter} && resource.field == Field::"name"` })));
    expect(ask(law, on).reasons[0]?.missing).toEqual([]);
  });
});

describe("9: exceptions", () => {
  it("9: an exception takes its effect from the bar it names, permits nothing itself, and is among the reasons", () => {
    const exception = permit({
      id: "2",
      when: 'resource.field == Field::"name"',
      notes: '@defeats("order#1") @interpretation("a reading")',
    });
    const order = instrument("order", {}, bar(), exception);
    expect(outcome(smallLaw(order), on, { field: "name" })).toBe("no-authority");
    const verdict = ask(smallLaw(open, order), on, { field: "name" });
    expect(verdict.outcome).toBe("permitted");
    expect(verdict.reasons.find(({ effect }) => effect === "opening")?.rules[0]?.interpretation).toBe("a reading");
    expect(outcome(smallLaw(open, order), on, { field: "claims" })).toBe("barred");
  });

  it("9: an exception to one bar leaves every other standing", () => {
    const exception = permit({ id: "3", notes: '@defeats("order#1")' });
    expect(outcome(smallLaw(open, instrument("order", {}, bar(), bar({ id: "2" }), exception)), on)).toBe("barred");
  });
});

describe("10: what is not known", () => {
  const law = smallLaw(
    instrument("most", {}, permit({ when: 'resource.population in Population::"lawfully-present"' })),
    instrument("routine", { regime: "privacy" }, permit()),
  );

  it("10: an unknown population gets the answer that holds for all it may be, and the assumption is printed", () => {
    expect(outcome(law, on, { population: "citizen" })).toBe("permitted");
    expect(outcome(law, on, { population: "lawfully-present" })).toBe("permitted");
    for (const population of ["any", "unknown", undefined]) expect(outcome(law, on, { population })).toBe("no-authority");
    expect(ask(law, on, { population: undefined }).assumed).toEqual({
      population: "any",
      funding: "federal",
      special: "none",
      applicant: "yes",
    });
  });

  it("10: an unknown facet is the meet over its leaves", () => {
    const federal = smallLaw(instrument("federal", {}, permit({ when: 'resource.funding == Funding::"federal"' })));
    expect(["federal", "state-only", "any"].map((funding) => outcome(federal, on, { funding }))).toEqual([
      "permitted",
      "no-authority",
      "no-authority",
    ]);
  });

  it("10: a word that stands for another under a facet is judged as that", () => {
    const bars = bar({ when: 'resource.field == Field::"claims" && resource.special == Special::"part2"' });
    const part2 = smallLaw(open, instrument("part2", {}, bars));
    expect([outcome(part2, on, { field: "claims" }), outcome(part2, on, { field: "sud-record" })]).toEqual(["permitted", "barred"]);
    expect(outcome(part2, on, { field: "claims", special: "unknown" })).toBe("barred");
  });

  it("16: a whole dataset is every category at once: one that is barred taints it", () => {
    expect(outcome(smallLaw(open), on, { field: "full-dataset" })).toBe("permitted");
    const names = instrument("names", {}, bar({ when: 'resource.field == Field::"name"' }));
    expect(outcome(smallLaw(open, names), on, { field: "full-dataset" })).toBe("barred");
  });
});

describe("11: masks", () => {
  const mask = (field: string, ...rules: readonly string[]): string => {
    const verdict = ask(smallLaw(instrument("masked", {}, ...rules)), on, { field });
    return `${verdict.outcome} ${verdict.mask}`;
  };

  it("11: a permit opens no clearer than its mask; the clearest of several counts within a regime", () => {
    expect(mask("address", permit({ notes: '@mask("state")' }))).toBe("masked state");
    expect(mask("address", permit({ notes: '@mask("state")' }), permit({ id: "2", notes: '@mask("county")' }))).toBe("masked county");
  });

  it("11: a bar with a mask bars what is clearer; the strictest of several counts", () => {
    expect(mask("address", permit(), bar({ id: "2", notes: '@mask("county")' }))).toBe("masked county");
    expect(mask("address", permit(), bar({ id: "2", notes: '@mask("county")' }), bar({ id: "3", notes: '@mask("state")' }))).toBe(
      "masked state",
    );
    expect(mask("address", permit({ notes: '@mask("state")' }), bar({ id: "2", notes: '@mask("county")' }))).toBe("masked state");
  });

  it("11: a mask that is not of the field's chain is omission", () => {
    expect(mask("address", permit({ notes: '@mask("year")' }))).toBe("no-authority omitted");
    expect(mask("name", permit(), bar({ id: "2", notes: '@mask("year")' }))).toBe("barred omitted");
    expect(mask("date-of-birth", permit({ notes: '@mask("year")' }))).toBe("masked year");
  });

  it("11: of several regimes the strictest mask counts", () => {
    const law = smallLaw(
      instrument("a", {}, permit({ notes: '@mask("county")' })),
      instrument("b", { regime: "privacy" }, permit({ notes: '@mask("state")' })),
    );
    expect(ask(law, on, { population: "citizen" }).mask).toBe("state");
  });
});

describe("words of a request", () => {
  it("takes a code of another standard for the purpose it stands for", () => {
    const law = smallLaw(instrument("r", {}, permit({ when: 'context.purpose == Purpose::"research"' })));
    expect(outcome(law, on, { purpose: "HRESCH" })).toBe("permitted");
  });

  it("refuses words that are not listed, all at once, with the nearest", () => {
    const asked = (): unknown => ask(smallLaw(), on, { to: "resercher", field: "adress", evidence: ["leter"], on: "2025-02-30" });
    for (const said of ["adress", "2025-02-30 does not exist", "resercher", "leter"]) expect(asked).toThrow(said);
  });
});
