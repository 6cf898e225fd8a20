import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { CivilDate } from "../../src/core/base/civil-date.ts";
import type { Law } from "../../src/core/law/law.ts";
import { buildDiagram } from "../../src/core/verdict/diagram-build.ts";
import { CHANGES } from "../../src/core/verdict/diagram-box.ts";
import type { Box } from "../../src/core/verdict/diagram-box.ts";
import { compareDiagrams } from "../../src/core/verdict/diagram-compare.ts";
import { counterExample } from "../../src/core/verdict/diagram-search.ts";
import type { Point } from "../../src/core/verdict/diagram.ts";
import { verdictAt } from "../../src/core/verdict/diagram.ts";
import {
  anyOpenRequest,
  anyPoint,
  anyRules,
  diagramOf,
  diagramOn,
  lawOfComparisons,
  sameAnswer,
  sameAtPoint,
  valueOf,
} from "./diagram-laws.ts";
import { shippedLaw } from "./scenario.ts";
import { turningDays, viewOn } from "./whole-request.ts";

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
    const property = fc.property(fc.constantFrom(...turningDays(law)), anyPoint(law), anyOpenRequest(law), (on, point, request) => {
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
    for (const day of turningDays(law).slice(-6)) {
      const { boxes } = valueOf(compareDiagrams(diagramOn(law, day), diagramOn(law, day)));
      expect(CHANGES.flatMap((change) => boxes[change])).toEqual([]);
    }
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
