import { defineConfig } from "vitest/config";

/** Whole releases, intakes and crashes, too slow for `npm test`. */
const byTheMinute = ["entered", "refusals", "evidence", "claims", "commands", "diagram", "at-rest", "providers"]
  .map((name) => `test/release/${name}.test.ts`)
  .concat(
    "test/stored-encryption.test.ts",
    "test/intake/claims.test.ts",
    "test/intake/claim-versions.test.ts",
    "test/intake/eight-files.test.ts",
    "test/ledger/crash.test.ts",
    "test/entry/crash.test.ts",
  );

/** Which tests run: `unit` within `npm test`, `slow` by the minute, `outside` against facts that lie beside the project. */
const suites: Readonly<Record<string, { include: string[]; exclude: string[] }>> = {
  unit: { include: ["src/**/*.test.ts", "test/**/*.test.ts"], exclude: ["test/slow/**", "test/outside/**", ...byTheMinute] },
  slow: { include: ["test/slow/**/*.test.ts", ...byTheMinute], exclude: [] },
  outside: { include: ["test/outside/**/*.test.ts"], exclude: [] },
};
const suite = suites[process.env["WRIT_SUITE"] ?? "unit"];
if (suite === undefined) throw new Error("WRIT_SUITE is unit, slow or outside");

// WHY not isolated: the law and Cedar are loaded once for all files of a process, which is half of the time a run takes.
const processes = { pool: "forks", maxWorkers: 2, isolate: false, setupFiles: ["test/restore-process.ts"] } as const;

export default defineConfig({
  test: { ...suite, ...processes, testTimeout: 180_000, hookTimeout: 120_000, passWithNoTests: true },
});
