import { describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import { decider } from "../../src/app/decide.ts";
import { ProblemError } from "../../src/core/base/problem.ts";
import { loadLaw } from "../../src/core/law/load.ts";
import { sha256 } from "../../src/app/sha256.ts";
import type { Law } from "../../src/core/law/law.ts";
import { GRADES } from "../../src/core/law/source.ts";
import type { SetVerdict } from "../../src/core/verdict/judge-set.ts";
import { nearestText } from "../../src/core/verdict/nearest.ts";
import { cedarJudge } from "../../src/engine/cedar-judge.ts";
import { ASKED, ask, bar, instrument, outcome, permit, refusals, smallLaw, vocabularyFiles } from "./small-law.ts";

const on = "2025-06-01";
const open = instrument("open", {}, permit());

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
