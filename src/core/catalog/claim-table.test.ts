import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DatasetManifest } from "../intake/manifest.ts";
import { changedCounts } from "./claim-table.ts";
import { othersOf } from "./dataset-reference.ts";

describe("counts of marks after changes", () => {
  it("move rows from free to unknown and from any mark to none, and lose nobody", () => {
    const count = fc.nat({ max: 100 });
    const marks = fc.record({ none: count, part2: count, unknown: count, superseded: count });
    fc.assert(
      fc.property(marks, count, count, count, count, (before, doubted, gone, gonePart2, goneUnknown) => {
        const after = changedCounts(before, [
          { was: 0, now: 2, rows: doubted },
          { was: 0, now: null, rows: gone },
          { was: 1, now: null, rows: gonePart2 },
          { was: 2, now: null, rows: goneUnknown },
        ]);
        expect(after).toEqual({
          none: before.none - doubted - gone,
          part2: before.part2 - gonePart2,
          unknown: before.unknown + doubted - goneUnknown,
          superseded: before.superseded + gone + gonePart2 + goneUnknown,
        });
        const sum = (of: object): number => Object.values(of).reduce((all, one) => all + Number(one), 0);
        expect(sum(after)).toBe(sum(before));
      }),
    );
  });
});

describe("the other submissions of a state", () => {
  const one = (origin: string, period: string, submitter: string, sequence: number, dataset = "tmsis/claimip") => ({
    digest: `${origin} ${period} ${submitter} ${sequence} ${dataset}`,
    manifest: { dataset, origin, period, submitter, sequence } as DatasetManifest,
  });

  it("are the latest of each other month and submitter, in order, and never the same month's of the same submitter", () => {
    const own = one("WY", "2025-11", "56", 1);
    const [later, latest, earlier, chip] = [
      one("WY", "2025-12", "56", 1),
      one("WY", "2025-12", "56", 2),
      one("WY", "2025-10", "56", 1),
      one("WY", "2025-11", "93", 1),
    ];
    const foreign = [one("CA", "2025-12", "06", 1), one("WY", "2025-12", "56", 1, "tmsis/claimot"), one("WY", "2025-11", "56", 2)];
    expect(othersOf(own, [later, latest, ...foreign, chip, own, earlier])).toEqual([earlier, chip, latest]);
  });

  it("are those that took the place of shredded ones, in whichever order they are listed", () => {
    const [own, shredded] = [one("WY", "2025-11", "56", 1), one("WY", "2025-12", "56", 2)];
    const again = { ...shredded, digest: "a", manifest: { ...shredded.manifest, insteadOf: shredded.digest } };
    const twice = { ...again, digest: "b", manifest: { ...again.manifest, insteadOf: "a" } };
    expect(othersOf(own, [own, shredded, again])).toEqual([again]);
    expect(othersOf(own, [twice, again, own, shredded])).toEqual([twice]);
  });
});
