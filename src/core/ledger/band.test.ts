import fc from "fast-check";
import { expect, test } from "vitest";
import { bandOf, bandOfParts, bandText, isBand } from "./band.ts";

test("bands hide 1 to 10 and step 1, 2, 5", () => {
  expect([0, 1, 10, 11, 20, 21, 50, 51, 100, 448, 80_000_000].map(bandOf)).toEqual([
    "0",
    "1-10",
    "1-10",
    "11-20",
    "11-20",
    "21-50",
    "21-50",
    "51-100",
    "51-100",
    "201-500",
    "50000001-100000000",
  ]);
  expect(bandText(bandOf(80_000_000))).toBe("50,000,001-100,000,000");
});

test("every count lies in its band, and no band but 0 holds fewer than ten counts", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000_000_000 }), (count) => {
      const [from = 0, to = from] = bandOf(count).split("-").map(Number);
      expect(from <= count && count <= to && isBand(bandOf(count))).toBe(true);
      expect(count === 0 || to - from + 1 >= 10).toBe(true);
    }),
  );
});

test("subtraction recovers nothing: the total is the same for every count the parts' bands allow", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5000 }), { minLength: 1, maxLength: 12 }), (counts) => {
      const parts = counts.map(bandOf);
      const lowest = parts.map((part) => Number(part.split("-")[0]));
      const highest = parts.map((part) => Number(part.split("-").at(-1)));
      expect(bandOfParts(lowest.map(bandOf))).toBe(bandOfParts(parts));
      expect(bandOfParts(highest.map(bandOf))).toBe(bandOfParts(parts));
    }),
  );
});
