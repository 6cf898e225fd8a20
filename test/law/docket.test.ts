import { describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { docketEvents } from "../../src/core/law/docket.ts";
import type { Law } from "../../src/core/law/law.ts";
import type { Grade } from "../../src/core/law/source.ts";
import { GRADES } from "../../src/core/law/source.ts";
import { dayView } from "../../src/core/verdict/day-view.ts";
import { reasonLines } from "../../src/core/verdict/wording.ts";
import { ask, bar, graded, instrument, outcome, permit, smallLaw } from "./small-law.ts";

/** What opens everything, so that a bar is seen by its effect. */
const open = instrument("open", {}, permit());
const READ: readonly Grade[] = ["read"];

/** Names of the rules of `id` in force, day by day. */
const standing = (law: Law, id: string, days: readonly string[], admitted: readonly Grade[] = GRADES): readonly boolean[] =>
  days.map((on) => {
    const view = dayView(law, on as CivilDate, admitted);
    return [...view.bars, ...view.permits, ...view.defeats].some((rule) => rule.instrument === id);
  });

describe("3: what is in force on a day", () => {
  it("3: a bar binds from its effective day, not from its entry", () => {
    const law = smallLaw(open, instrument("order", { issued: "2025-12-29", effective: "2026-01-06" }, bar()));
    expect(standing(law, "order", ["2025-12-29", "2026-01-05", "2026-01-06"])).toEqual([false, false, true]);
    expect(outcome(law, "2026-01-05")).toBe("permitted");
    expect(outcome(law, "2026-01-06")).toBe("barred");
  });

  it("3: a bar that is entered but not yet in effect is named, and decides nothing", () => {
    const law = smallLaw(open, instrument("order", { issued: "2025-12-29", effective: "2026-01-06" }, bar()));
    const pending = (on: string): readonly string[] =>
      ask(law, on)
        .reasons.filter((reason) => reason.effect === "pending")
        .flatMap((reason) => reason.rules.map((rule) => rule.id));
    expect([pending("2025-12-28"), pending("2025-12-29"), pending("2026-01-05"), pending("2026-01-06")]).toEqual([
      [],
      ["order#1"],
      ["order#1"],
      [],
    ]);
  });

  it("3: an instrument is in force on its last day, and no longer on the next", () => {
    const law = smallLaw(instrument("order", { issued: "2025-01-01", ends: "2025-06-30" }, bar()));
    expect(standing(law, "order", ["2025-06-30", "2025-07-01"])).toEqual([true, false]);
  });

  it("3: an extension keeps the norm with a new end", () => {
    const law = smallLaw(
      instrument("order", { issued: "2025-08-12", ends: "2025-12-05" }, bar()),
      instrument("more", { issued: "2025-12-01", ends: "2026-01-05", extends: "[order]" }),
    );
    expect(standing(law, "order", ["2025-12-05", "2025-12-06", "2026-01-05", "2026-01-06"])).toEqual([true, true, true, false]);
    expect(dayView(law, "2025-12-02" as CivilDate, GRADES).via.get("order")).toEqual(["cite of more"]);
  });

  it("3: an extension of an extension keeps the norm too", () => {
    const law = smallLaw(
      instrument("order", { issued: "2025-08-12", ends: "2025-10-01" }, bar()),
      instrument("more", { issued: "2025-09-20", ends: "2025-11-01", extends: "[order]" }),
      instrument("yet-more", { issued: "2025-10-20", ends: "2025-12-01", extends: "[more]" }),
    );
    expect(standing(law, "order", ["2025-10-02", "2025-11-02", "2025-12-01", "2025-12-02"])).toEqual([true, true, true, false]);
    expect(dayView(law, "2025-11-02" as CivilDate, GRADES).via.get("order")).toEqual(["cite of more", "cite of yet-more"]);
  });

  it("3: a court's finding ends a norm so many days later, and nothing else does", () => {
    const order = instrument("order", { issued: "2025-08-12", endsOnEvent: "{ event: decision, days: 14 }" }, bar());
    const finding = (kind: string): ReturnType<typeof instrument> =>
      instrument("finding", { kind, issued: "2025-09-05", finds: "[{ event: decision, on: 2025-09-01, cite: order }]" });
    expect(standing(smallLaw(order), "order", ["2030-01-01"])).toEqual([true]);
    expect(standing(smallLaw(order, finding("order")), "order", ["2025-09-15", "2025-09-16"])).toEqual([true, false]);
    expect(() => smallLaw(order, finding("policy"))).toThrow("only an order can find that an event happened");
  });

  it("3: what supersedes takes the place on its effective day", () => {
    const law = smallLaw(
      instrument("old", { issued: "2025-08-12" }, bar()),
      instrument("new", { issued: "2025-12-29", effective: "2026-01-06", supersedes: "[old]" }, bar()),
    );
    expect(standing(law, "old", ["2026-01-05", "2026-01-06"])).toEqual([true, false]);
    expect(standing(law, "new", ["2026-01-05", "2026-01-06"])).toEqual([false, true]);
  });

  it("3: orders of different courts are cumulative", () => {
    const law = smallLaw(open, instrument("court-a", {}, bar()), instrument("court-b", {}, bar()));
    expect(dayView(law, "2025-01-01" as CivilDate, GRADES).bars.map((rule) => rule.name)).toEqual(["court-a#1", "court-b#1"]);
  });

  it("3: a stay suspends on its days without erasing", () => {
    const law = smallLaw(instrument("order", { stayed: "[{ from: 2025-02-01, to: 2025-02-28, cite: stay }]" }, bar()));
    expect(standing(law, "order", ["2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01"])).toEqual([true, false, false, true]);
  });

  it("3: a stayed bar is named with its stay, until it is vacated, and decides nothing", () => {
    const stayed = { stayed: "[{ from: 2025-02-01, to: 2025-03-31, cite: stay }]", vacated: "{ on: 2025-03-01, cite: vacatur }" };
    const law = smallLaw(open, instrument("order", { ...stayed, regime: "orders" }, bar()));
    const said = (on: string): unknown => {
      const { outcome: found, reasons } = ask(law, on);
      return [found, ...reasons.filter(({ effect }) => effect === "stayed").flatMap(({ cites }) => cites)];
    };
    expect(["2025-01-31", "2025-02-01", "2025-03-01"].map(said)).toEqual([["barred"], ["permitted", "forbid 1", "stay"], ["permitted"]]);
    expect(reasonLines(ask(law, "2025-02-01").reasons).at(-1)).toContain(", suspended by stay");
  });

  it("3: a partial stay suspends the rules it names", () => {
    const stayed = '[{ from: 2025-02-01, rules: ["2"], cite: stay }]';
    const law = smallLaw(instrument("order", { stayed }, bar(), bar({ id: "2" })));
    expect(dayView(law, "2025-03-01" as CivilDate, GRADES).bars.map((rule) => rule.name)).toEqual(["order#1"]);
  });

  it("3: vacatur ends the norm from its day", () => {
    const law = smallLaw(instrument("order", { vacated: "{ on: 2025-05-01, cite: vacatur }" }, bar()));
    expect(standing(law, "order", ["2025-04-30", "2025-05-01"])).toEqual([true, false]);
  });

  it("3: a custodian's own policy bars that custodian only", () => {
    const law = smallLaw(open, instrument("policy", { kind: "policy", regime: "policies", binds: "hhs-cms" }, bar()));
    expect(outcome(law, "2025-01-01", { from: "hhs-cms" })).toBe("barred");
    expect(outcome(law, "2025-01-01", { from: "hhs" })).toBe("permitted");
  });
});

describe("13: uncertain days", () => {
  const range = "{ earliest: 2025-05-20, latest: 2025-05-31 }";

  it("13: a bar starts at the earliest day, an opening at the latest", () => {
    const law = smallLaw(
      instrument("closes", { issued: range }, bar({ when: 'resource.field == Field::"name"' })),
      instrument("opens", { issued: range }, permit()),
    );
    expect(standing(law, "closes", ["2025-05-19", "2025-05-20"])).toEqual([false, true]);
    expect(standing(law, "opens", ["2025-05-20", "2025-05-30", "2025-05-31"])).toEqual([false, false, true]);
  });

  it("13: a bar ends at the latest day, an opening at the earliest", () => {
    const law = smallLaw(
      instrument("closes", { ends: range }, bar({ when: 'resource.field == Field::"name"' })),
      instrument("opens", { ends: range }, permit()),
    );
    expect(standing(law, "closes", ["2025-05-31", "2025-06-01"])).toEqual([true, false]);
    expect(standing(law, "opens", ["2025-05-20", "2025-05-21"])).toEqual([true, false]);
  });

  it("13: a bar gives way to an uncertain successor at the latest day, a permit at the earliest", () => {
    const law = smallLaw(
      instrument("closes", {}, bar({ when: 'resource.field == Field::"name"' })),
      instrument("opens", {}, permit()),
      instrument("next", { issued: range, supersedes: "[closes, opens]" }),
    );
    expect(standing(law, "closes", ["2025-05-30", "2025-05-31"])).toEqual([true, false]);
    expect(standing(law, "opens", ["2025-05-19", "2025-05-20"])).toEqual([true, false]);
  });

  it("13: every day on which something turns is an event of the docket", () => {
    const law = smallLaw(
      instrument("order", { issued: range, effective: "2025-06-02", ends: "2025-08-31" }, bar()),
      instrument("other", { stayed: "[{ from: 2025-02-01, to: 2025-02-28, cite: stay }]" }, bar()),
    );
    expect(docketEvents(law)).toEqual(["2020-01-01", "2025-02-01", "2025-03-01", "2025-05-20", "2025-06-02", "2025-09-01"]);
  });
});

describe("14: grades", () => {
  const day = ["2025-06-01"];
  const recalled = graded("recalled");

  it("14: a permit at a grade that is not admitted opens nothing; a bar counts at any", () => {
    const law = smallLaw(instrument("opens", recalled, permit()), instrument("closes", recalled, bar()));
    expect([standing(law, "opens", day), standing(law, "opens", day, READ)]).toEqual([[true], [false]]);
    expect([standing(law, "closes", day), standing(law, "closes", day, READ)]).toEqual([[true], [true]]);
  });

  it("14: a rule is never known better than its instrument", () => {
    const law = smallLaw(
      instrument("better", recalled, permit({ notes: '@grade("read")' })),
      instrument("worse", {}, permit({ notes: '@grade("recalled")' })),
    );
    expect([standing(law, "better", day, READ), standing(law, "worse", day, READ)]).toEqual([[false], [false]]);
  });

  it("14: an exception at a grade that is not admitted sets no bar aside", () => {
    const exception = permit({ id: "2", notes: '@defeats("order#1") @grade("recalled")' });
    const law = smallLaw(open, instrument("order", { regime: "orders" }, bar(), exception));
    expect([outcome(law, "2025-06-01"), outcome(law, "2025-06-01", {}, READ)]).toEqual(["permitted", "barred"]);
    expect(ask(law, "2025-06-01").basis).toBe("recalled");
  });

  it("14: a stay of a bar counts at an admitted grade only; a stay of a permit at any", () => {
    const stayed = { stayed: "[{ from: 2025-01-01, cite: stay, grade: recalled }]" };
    const law = smallLaw(instrument("closes", stayed, bar()), instrument("opens", stayed, permit()));
    expect([standing(law, "closes", day), standing(law, "closes", day, READ)]).toEqual([[false], [true]]);
    expect([standing(law, "opens", day), standing(law, "opens", day, READ)]).toEqual([[false], [false]]);
  });

  it("14: vacatur, end and succession of a bar count at an admitted grade only; of a permit at any", () => {
    const gone: readonly Readonly<Record<string, string>>[] = [
      { vacated: "{ on: 2025-01-01, cite: vacatur }", ...recalled },
      { ends: "2025-01-01", ...recalled },
    ];
    for (const front of gone) {
      const law = smallLaw(instrument("closes", front, bar()), instrument("opens", front, permit()));
      expect([standing(law, "closes", day), standing(law, "closes", day, READ)]).toEqual([[false], [true]]);
      expect(standing(law, "opens", day)).toEqual([false]);
    }
    const next = instrument("next", { ...recalled, supersedes: "[closes, opens]" });
    const law = smallLaw(instrument("closes", {}, bar()), instrument("opens", {}, permit()), next);
    expect([standing(law, "closes", day), standing(law, "closes", day, READ)]).toEqual([[false], [true]]);
    expect(standing(law, "opens", day, READ)).toEqual([false]);
  });

  it("14: a finding at a grade that is not admitted ends no bar", () => {
    const law = smallLaw(
      instrument("order", { endsOnEvent: "{ event: decision, days: 0 }" }, bar()),
      instrument("finding", { ...recalled, finds: "[{ event: decision, on: 2025-01-01, cite: order }]" }),
    );
    expect([standing(law, "order", day), standing(law, "order", day, READ)]).toEqual([[false], [true]]);
  });

  it("14: an extension at a grade that is not admitted keeps a bar, but no permit", () => {
    const more = instrument("more", { ...recalled, issued: "2025-02-01", ends: "2025-12-31", extends: "[closes, opens]" });
    const ended = { ends: "2025-03-01" };
    const law = smallLaw(instrument("closes", ended, bar()), instrument("opens", ended, permit()), more);
    expect([standing(law, "closes", day), standing(law, "closes", day, READ)]).toEqual([[true], [true]]);
    expect([standing(law, "opens", day), standing(law, "opens", day, READ)]).toEqual([[true], [false]]);
    expect(standing(law, "closes", ["2025-12-31", "2026-01-01"], READ)).toEqual([true, false]);
  });

  it("14: an extension at a grade that is not admitted shortens no bar", () => {
    const less = instrument("less", { ...recalled, issued: "2025-02-01", ends: "2025-03-01", extends: "[closes]" });
    const law = smallLaw(instrument("closes", { ends: "2025-12-31" }, bar()), less);
    expect([standing(law, "closes", day), standing(law, "closes", day, READ)]).toEqual([[false], [true]]);
  });
});
