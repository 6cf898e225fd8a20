/** Stored files: what encrypting them costs, beside the cipher alone and a copy, and what the engine pays to read them. */
import type { Benchmark, BenchmarkOptions, BenchmarkReport } from "./benchmark.ts";
import { table } from "./benchmark.ts";
import { type Measured, median } from "./measured.ts";
import { runProgram, runSide } from "./side-process.ts";
import { type Run, watched } from "./undisturbed.ts";

const SIDES = ["encrypt", "spilled", "gcm", "copy", "stored", "plain"] as const;
type Side = (typeof SIDES)[number];

const WHAT: Readonly<Record<Side, string>> = {
  encrypt: "writ: a Parquet file encrypted, hashed and fsynced",
  spilled: "writ: the same through a scratch file, as files over 64 MiB go",
  gcm: "AES-256-GCM of Node alone, in memory",
  copy: "the file copied and fsynced",
  stored: "DuckDB reads all of the encrypted file",
  plain: "DuckDB reads all of the plain file",
};

const LEAST_BYTES_PER_CPU_SECOND = 250_000_000;
const ENFORCED_FROM_ROWS = 1_000_000;

export const parquetBenchmark: Benchmark = {
  name: "parquet",
  title: "Stored files",
  people: 2_000_000,
  async run({ people, rounds, folder }: BenchmarkOptions): Promise<BenchmarkReport> {
    const args = (side: string): readonly string[] => [side, folder, String(people)];
    runProgram("parquet-side", args("make"));
    const runs = new Map<Side, Run[]>(SIDES.map((side) => [side, []]));
    // WHY the first round left out: the files are then in memory for all sides alike.
    for (let round = 0; round <= rounds; round += 1) {
      for (const side of SIDES) {
        const run = watched(() => runSide("parquet-side", args(side)));
        if (round > 0) runs.get(side)?.push(run);
      }
    }
    const rates = new Map(SIDES.map((side) => [side, median((runs.get(side) ?? []).map(bytesPerCpuSecond))]));
    const of = (side: Side): number => rates.get(side) ?? 0;
    const sizeBytes = runs.get("copy")?.[0]?.figures["bytes"] ?? 0;
    const disturbed = median([...runs.values()].flat().map((run) => run.disturbed));
    const found = megabytes(of("encrypt"));
    const markdown = [
      `${people.toLocaleString("en-US")} rows of seven columns, ${megabytes(sizeBytes)} as plain Parquet; bytes of it per CPU-second, medians of ${rounds} interleaved rounds; reading on one thread; other processes had ${Math.round(100 * disturbed)} % of the cores, which costs CPU time too where two threads share one.`,
      table(
        ["what", "per CPU-second"],
        SIDES.map((side) => [WHAT[side], megabytes(of(side))]),
      ),
      table(
        ["figure", "found", "target"],
        [
          ["encrypted per CPU-second", found, `at least ${megabytes(LEAST_BYTES_PER_CPU_SECOND)}`],
          ["encrypted through a scratch file, per CPU-second", megabytes(of("spilled")), ""],
          ["encrypting, to the cipher and a copy together", `${(limitOf(of("gcm"), of("copy")) / of("encrypt")).toFixed(2)} x`, ""],
          ["CPU, reading encrypted to plain", `${(of("plain") / of("stored")).toFixed(1)} x`, ""],
        ],
      ),
    ].join("\n\n");
    const missed = people >= ENFORCED_FROM_ROWS && of("encrypt") < LEAST_BYTES_PER_CPU_SECOND;
    return { markdown, missed: missed ? [`encrypted per CPU-second: ${found}`] : [] };
  },
};

/** What no writer can be faster than that encrypts and stores each byte once. */
const limitOf = (cipher: number, copy: number): number => 1 / (1 / cipher + 1 / copy);

const bytesPerCpuSecond = ({ cpuMs, figures }: Measured): number => (figures["bytes"] ?? 0) / ((figures["partCpuMs"] ?? cpuMs) / 1000);
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
