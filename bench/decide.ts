import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, BenchmarkOptions, BenchmarkReport } from "./benchmark.ts";
import { table } from "./benchmark.ts";
import { median } from "./measured.ts";

const QUESTION = "decide --from hhs-cms --to hhs-oig --purpose waste-fraud-abuse --origin CA --field claims".split(" ");
const COLD_TARGET_MS = 2_000;
const BATCH_TARGET_MS = 5_000;

/** Whole processes of the built command, as a person starts them; the law cache lies in the benchmark's own folder. */
export const decideBenchmark: Benchmark = {
  name: "decide",
  title: "Deciding",
  people: 0,
  async run({ rounds, folder }: BenchmarkOptions): Promise<BenchmarkReport> {
    const environment = { ...process.env, XDG_CACHE_HOME: join(folder, "cache") };
    const writ = (...argv: readonly string[]): number => timed(() => run(["bin/writ.mjs", ...argv], environment));
    const batch = join(folder, "batch.ndjson");
    const rows = scenarioRows();
    writeFileSync(batch, rows.join("\n"));
    const compiled = writ(...QUESTION);
    const [bare, cold, many]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      bare.push(timed(() => run(["-e", "0"], environment)));
      cold.push(writ(...QUESTION));
      many.push(writ("decide", "--batch", batch));
    }
    const [start, one, all] = [median(bare), median(cold), median(many)];
    const cells = (what: string, ms: number, target: string): readonly string[] => [what, ms.toFixed(0), (ms / start).toFixed(1), target];
    const shown = table(
      ["whole process, median", "ms", "x bare Node start", "target"],
      [
        cells("Node that does nothing", start, ""),
        cells("`writ decide`, law cached", one, `${COLD_TARGET_MS} ms`),
        cells(`\`writ decide --batch\`, ${rows.length} scenarios, law cached`, all, `${BATCH_TARGET_MS} ms`),
        cells("`writ decide`, law compiled from source (one run)", compiled, ""),
      ],
    );
    const missed = [
      ...(one > COLD_TARGET_MS ? [`cold decide took ${one.toFixed(0)} ms`] : []),
      ...(all > BATCH_TARGET_MS ? [`the batch took ${all.toFixed(0)} ms`] : []),
    ];
    return { markdown: `Shipped law, ${rounds} rounds, interleaved.\n\n${shown}`, missed };
  },
};

function scenarioRows(): readonly string[] {
  const rows = JSON.parse(readFileSync("test/law/scenarios.json", "utf8")) as readonly Readonly<Record<string, unknown>>[];
  return rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).filter(([key]) => key !== "names" && key !== "cites"))));
}

function timed(step: () => void): number {
  const begun = process.hrtime.bigint();
  step();
  return Number((process.hrtime.bigint() - begun) / 1000n) / 1000;
}

const run = (argv: readonly string[], env: NodeJS.ProcessEnv): void => {
  execFileSync(process.execPath, argv, { env, stdio: ["ignore", "ignore", "ignore"] });
};
