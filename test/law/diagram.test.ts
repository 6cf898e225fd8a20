import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Law } from "../../src/core/law/law.ts";
import { decide } from "../../src/core/verdict/decide.ts";
import { matrix } from "../../src/core/verdict/matrix.ts";
import type { DayView } from "../../src/core/verdict/day-view.ts";
import { buildDiagram } from "../../src/core/verdict/diagram-build.ts";
import { CHANGES, OPENING_CHANGES } from "../../src/core/verdict/diagram-box.ts";
import type { Box } from "../../src/core/verdict/diagram-box.ts";
import { compareDiagrams } from "../../src/core/verdict/diagram-compare.ts";
import { counterExample } from "../../src/core/verdict/diagram-search.ts";
import type { Point } from "../../src/core/verdict/diagram.ts";
import { verdictAt, wordsOf } from "../../src/core/verdict/diagram.ts";
import { askedAt } from "./asked-at.ts";
import {
  anyOpenRequest,
  anyPoint,
  anyRules,
  diagramOf,
  diagramOn,
  lawOfComparisons,
  sameAnswer,
  sameAtPoint,
  someDays,
  valueOf,
} from "./diagram-laws.ts";
import { shippedLaw } from "./scenario.ts";
import { viewOn } from "./whole-request.ts";

const SEED = 20260212;
const DAY = "2026-01-15" as CivilDate;
const small = lawOfComparisons();
let law: Law;
beforeAll(async () => {
  law = await shippedLaw();
});

describe("the diagram of a law", () => {
  it("answers what decide answers, on the shipped law", () => {
    const seen = new Set<string>();
    const property = fc.property(fc.constantFrom(...someDays(law, 8)), anyPoint(law), anyOpenRequest(law), (on, point, request) => {
      sameAtPoint(viewOn(law, on), point);
      sameAnswer(viewOn(law, on), request);
      seen.add(verdictAt(diagramOn(law, on), point).outcome);
    });
    fc.assert(property, { numRuns: 400, seed: SEED });
    expect([...seen]).toEqual(expect.arrayContaining(["permitted", "no-authority", "barred"]));
  });

  it("answers what decide answers, under any rules", () => {
    const seen = new Set<string>();
    const property = fc.property(
      anyRules(small),
      fc.array(anyPoint(small), { minLength: 10, maxLength: 10 }),
      anyOpenRequest(small),
      (view, points, request) => {
        for (const point of points) {
          sameAtPoint(view, point);
          seen.add(verdictAt(diagramOf(view), point).outcome);
        }
        sameAnswer(view, request);
      },
    );
    fc.assert(property, { numRuns: 300, seed: SEED });
    expect([...seen].sort()).toEqual(["barred", "masked", "no-authority", "permitted"]);
  });

  it("fills a large matrix with what decide answers", () => {
    const view = viewOn(law, DAY);
    const [origins, fields] = [wordsOf(law.vocabulary, "origin").slice(0, 20), wordsOf(law.vocabulary, "field").slice(0, 12)];
    const [point] = fc.sample(anyPoint(law), { numRuns: 1, seed: SEED });
    if (point === undefined) throw new Error("no point");
    const asked = { ...askedAt(point), discloser: "hhs-cms", recipient: "dhs-ice", purpose: "immigration-enforcement" };
    const rows = matrix(view, asked, origins, fields);
    expect(rows.flatMap((row) => row.origins).toSorted()).toEqual(origins.toSorted());
    for (const row of rows)
      for (const origin of row.origins)
        for (const { field, outcome, mask } of row.cells)
          expect(decide(view, { ...asked, origin, fields: [field] })).toMatchObject({ outcome, mask });
  });

  it("is not made at all when it would outgrow its budget", () => {
    const built = buildDiagram(viewOn(law, DAY), 500);
    expect(built.ok ? [] : built.problems.map(({ code }) => code)).toEqual(["E_DIAGRAM"]);
  });

  it("gives a word it does not know no authority", () => {
    fc.assert(
      fc.property(anyPoint(small), fc.constantFrom("recipient", "field", "origin", "system"), (point, dimension) => {
        expect(verdictAt(diagramOn(small, DAY), { ...point, [dimension]: "unheard-of" }).outcome).toBe("no-authority");
      }),
      { numRuns: 20, seed: SEED },
    );
  });
});

const inBox = (box: Box, point: Point): boolean =>
  Object.entries(box.words).every(([dimension, words]) => words.includes(point[dimension as keyof typeof box.words])) &&
  box.evidence.present.every((kind) => point.evidence.has(kind)) &&
  box.evidence.absent.every((kind) => !point.evidence.has(kind));

describe("two laws compared", () => {
  it("have every changed point in exactly one box of its change, and no other point in any", () => {
    const seen = new Set<string>();
    const property = fc.property(
      anyRules(small),
      anyRules(small),
      fc.array(anyPoint(small), { minLength: 20, maxLength: 20 }),
      (before, after, points) => {
        const [was, is] = [diagramOf(before), diagramOf(after)];
        const { boxes, combinations, complete } = valueOf(compareDiagrams(was, is, { mostBoxes: 5_000 }));
        const all = CHANGES.flatMap((change) => boxes[change]);
        for (const point of points) {
          const found = all.filter((box) => inBox(box, point));
          const [from, to] = [verdictAt(was, point), verdictAt(is, point)];
          const changed = JSON.stringify(from) !== JSON.stringify(to);
          if (complete) expect(found.map((box) => [box.before, box.after])).toEqual(changed ? [[from, to]] : []);
          for (const box of found) seen.add(box.change);
        }
        for (const change of complete ? CHANGES : [])
          expect(boxes[change].reduce((sum, box) => sum + box.combinations, 0n)).toBe(combinations[change]);
      },
    );
    fc.assert(property, { numRuns: 150, seed: SEED });
    expect([...seen].sort()).toEqual([...CHANGES].sort());
  });

  it("do not differ from themselves", () => {
    for (const day of someDays(law, 8)) {
      const { boxes } = valueOf(compareDiagrams(diagramOn(law, day), diagramOn(law, day)));
      expect(CHANGES.flatMap((change) => boxes[change])).toEqual([]);
    }
  });
});

describe("over the whole space", () => {
  const closing = (view: DayView, more: DayView): readonly bigint[] => {
    const { combinations, latent } = valueOf(compareDiagrams(diagramOf(view), diagramOf(more), { mostBoxes: 0 }));
    return [...OPENING_CHANGES.map((change) => combinations[change]), latent.unbarred];
  };
  const opening = (view: DayView, more: DayView): readonly bigint[] => {
    const { combinations, latent } = valueOf(compareDiagrams(diagramOf(view), diagramOf(more), { mostBoxes: 0 }));
    return [combinations.closed, combinations.stricter, combinations.barred, latent.barred];
  };
  const none = (counts: readonly bigint[]): void => expect(counts.every((count) => count === 0n)).toBe(true);

  it.each([
    ["under any rules", 120],
    ["on the shipped law", 12],
  ])("one more bar opens no point, one more permit or exception closes none, %s", (where, numRuns) => {
    const any = where === "under any rules" ? anyRules(small) : fc.constantFrom(...someDays(law, 4).map((on) => viewOn(law, on)));
    const moved = { bar: 0, permit: 0 };
    const property = fc.property(
      any.chain((view) => fc.record({ view: fc.constant(view), added: anyRules(view.law) })),
      ({ view, added }) => {
        const bars = { ...view, bars: [...view.bars, ...added.bars.map((bar) => ({ ...bar, name: `added-${bar.name}` }))] };
        const permits = { ...view, permits: [...view.permits, ...added.permits] };
        const defeats = {
          ...view,
          defeats: [...view.defeats, ...added.defeats.map((rule) => ({ ...rule, defeats: view.bars[0]?.name ?? "" }))],
        };
        none(closing(view, bars));
        none(opening(view, permits));
        none(opening(view, defeats));
        moved.bar += opening(view, bars).some((count) => count > 0n) ? 1 : 0;
        moved.permit += closing(view, permits).some((count) => count > 0n) ? 1 : 0;
      },
    );
    fc.assert(property, { numRuns, seed: SEED });
    expect(Math.min(moved.bar, moved.permit)).toBeGreaterThan(2);
  });
});

describe("a search for a counterexample", () => {
  it("finds a point that has the outcome, or there is none among all that are drawn", () => {
    const property = fc.property(
      anyRules(small),
      fc.array(anyPoint(small), { minLength: 20, maxLength: 20 }),
      fc.constantFrom("permitted", "masked", "barred", "no-authority"),
      (view, points, outcome) => {
        const diagram = diagramOf(view);
        const region = { recipient: ["dhs-ice", "detailee"], evidence: { absent: ["warrant"] } } as const;
        const found = counterExample(diagram, region, [outcome]);
        if (found !== undefined) {
          expect(verdictAt(diagram, found.point).outcome).toBe(outcome);
          expect([region.recipient.includes(found.point.recipient as never), found.point.evidence.has("warrant")]).toEqual([true, false]);
          return;
        }
        for (const point of points) {
          if (region.recipient.includes(point.recipient as never) && !point.evidence.has("warrant"))
            expect(verdictAt(diagram, point).outcome).not.toBe(outcome);
        }
      },
    );
    fc.assert(property, { numRuns: 200, seed: SEED });
  });
});
