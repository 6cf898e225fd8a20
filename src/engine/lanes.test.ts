import { describe, expect, it } from "vitest";
import { day } from "../core/base/civil-date.ts";
import type { ExtractSpec } from "../core/extract/spec.ts";
import { lanesOf, threadsFor } from "./lanes.ts";

const column = { element: "X", category: "name", type: "text", transforms: { clear: { kind: "clear" } } } as const;

function spec(people: number, segments: readonly string[]): ExtractSpec {
  return {
    asOf: day("2026-11-24"),
    pseudonym: true,
    datasets: [{ digest: "d", origin: "CA", people, classesFile: "classes.parquet", classes: [0] }],
    segments: segments.map((segment) => ({ segment, columns: [column], sources: [] })),
  };
}
const counted = (segments: readonly string[], rows: number): Parameters<typeof lanesOf>[1] =>
  segments.map((segment) => ({ segment, rows, classes: [{ dataset: "d", classId: 0, rows, people: rows }] }));

describe("lanes", () => {
  it("are two for two segments whose parts fit into memory together, one for parts that do not, and for a single segment", () => {
    const [one, two] = [["A"], ["A", "B"]];
    expect(lanesOf(spec(1000, two), counted(two, 1_750_000))).toBe(2);
    expect(lanesOf(spec(1000, two), counted(two, 1_750_001))).toBe(1);
    expect(lanesOf(spec(1000, one), counted(one, 1000))).toBe(1);
  });

  it("look at slices where a dataset is taken in slices", () => {
    const two = ["A", "B"];
    expect(lanesOf(spec(2_000_000, two), counted(two, 3_500_000))).toBe(2);
  });

  it("leave an engine at least one thread", () => {
    expect([1, 2].map(threadsFor).every((threads) => threads >= 1)).toBe(true);
    expect(threadsFor(1) - threadsFor(2)).toBeLessThanOrEqual(1);
  });
});
