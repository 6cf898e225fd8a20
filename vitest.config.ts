import { defineConfig } from "vitest/config";

/** Which tests run: `unit` within `npm test`, `slow` by the minute, `outside` against facts that lie beside the project. */
const suites: Readonly<Record<string, { include: string[]; exclude: string[] }>> = {
  unit: { include: ["src/**/*.test.ts", "test/**/*.test.ts"], exclude: ["test/slow/**", "test/outside/**"] },
  slow: { include: ["test/slow/**/*.test.ts"], exclude: [] },
  outside: { include: ["test/outside/**/*.test.ts"], exclude: [] },
};
const suite = suites[process.env["WRIT_SUITE"] ?? "unit"];
if (suite === undefined) throw new Error("WRIT_SUITE is unit, slow or outside");

export default defineConfig({
  test: { ...suite, testTimeout: 180_000, hookTimeout: 120_000, pool: "forks", maxWorkers: 2, passWithNoTests: true },
});
