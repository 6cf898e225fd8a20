/** Intake against the ordinary means on the same files: SQL over lines, a Node program line by line, and DuckDB's own typed reading. */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Benchmark, BenchmarkOptions, BenchmarkReport } from "./benchmark.ts";
import { table } from "./benchmark.ts";
import { filesIn } from "./intake-files.ts";
import { type Measured, median } from "./measured.ts";
import { runProgram, runSide } from "./side-process.ts";

const SIDES = ["fixed", "checked", "substr", "held", "objects", "lines", "records", "typedRecords", "table", "typedTable"] as const;
type Side = (typeof SIDES)[number];

const WHAT: Readonly<Record<Side, string>> = {
  fixed: "fixed length, writ: cut, checked, people keyed, hashed, encrypted, fsynced",
  checked: "the same, and the rules of the dictionary looked at",
  substr: "fixed length, SQL `substr`, one reading a segment, in writ's 600 MB",
  held: "fixed length, SQL `substr`, all lines held in memory",
  objects: "fixed length, a Node program: `readline`, an object and a zod schema a record, hashes, hyparquet-writer",
  lines: "fixed length, a lean Node program: `readline`, a slice and a check a field, hashes, DuckDB's appender",
  records: "records between pipes, writ",
  typedRecords: "records between pipes, DuckDB's `read_csv`, all held in memory, then typed segment by segment",
  table: "a table between pipes, writ",
  typedTable: "a table between pipes, DuckDB's typed `read_csv`",
};

/** Ratios of CPU time, and the memory an intake may take. */
const TARGETS = { substr: 2, objects: 5, typed: 0.85, checked: 1.5, peakBytes: 1 << 30 } as const;

export const intakeBenchmark: Benchmark = {
  name: "intake",
  title: "Intake",
  people: 60_000,
  async run(options: BenchmarkOptions): Promise<BenchmarkReport> {
    const folder = join(options.folder, "files");
    mkdirSync(folder, { recursive: true });
    const args = (side: string): readonly string[] => [side, folder, join(options.folder, "out"), String(options.people)];
    runProgram("intake-side", args("make"));
    const runs = new Map<Side, Measured[]>(SIDES.map((side) => [side, []]));
    // WHY interleaved, and the first round left out: what the machine does meanwhile must fall on all sides alike.
    for (let round = 0; round <= options.rounds; round += 1) {
      for (const side of SIDES) {
        const run = runSide("intake-side", args(side));
        if (round > 0) runs.get(side)?.push(run);
      }
    }
    return report(options, runs, folder);
  },
};

function report({ rounds }: BenchmarkOptions, runs: ReadonlyMap<Side, readonly Measured[]>, folder: string): BenchmarkReport {
  const cpu = (side: Side): number => median((runs.get(side) ?? []).map(({ cpuMs }) => cpuMs));
  const wall = (side: Side): number => median((runs.get(side) ?? []).map(({ wallMs }) => wallMs));
  const peak = (side: Side): number => Math.max(...(runs.get(side) ?? []).map(({ peakBytes }) => peakBytes));
  const size = (side: Side): number => runs.get(side)?.[0]?.figures["sizeBytes"] ?? 0;
  const memory = Math.max(peak("fixed"), peak("checked"), peak("records"), peak("table"));
  const found: readonly (readonly [what: string, text: string, limit: string, holds: boolean])[] = [
    atLeast("fixed length, to SQL `substr`", cpu("substr") / cpu("fixed"), TARGETS.substr),
    atLeast("fixed length, to a Node program line by line", cpu("objects") / cpu("fixed"), TARGETS.objects),
    ["fixed length, to a lean Node program line by line", times(cpu("lines") / cpu("fixed")), "", true],
    atLeast("records between pipes, to DuckDB's typed reading", cpu("typedRecords") / cpu("records"), TARGETS.typed),
    atLeast("a table between pipes, to DuckDB's typed reading", cpu("typedTable") / cpu("table"), TARGETS.typed),
    [
      "time with the rules, to without",
      times(cpu("checked") / cpu("fixed")),
      `at most ${TARGETS.checked} x`,
      cpu("checked") <= TARGETS.checked * cpu("fixed"),
    ],
    ["peak memory of an intake", megabytes(memory), "at most 1074 MB", memory <= TARGETS.peakBytes],
  ];
  const rows = SIDES.map((side) => [
    WHAT[side],
    seconds(wall(side)),
    seconds(cpu(side)),
    `${Math.round(size(side) / 1000 / cpu(side))} MB/s`,
    megabytes(peak(side)),
  ]);
  const { fixed, records, table: claims } = filesIn(folder);
  const markdown = [
    `An Eligible file of ${megabytes(statSync(fixed).size)} in all its segments, the same between pipes (${megabytes(statSync(records).size)}), and a table of claims of ${megabytes(statSync(claims).size)} in 20 columns, all generated; to typed Parquet. Ratios are of CPU time, medians of ${rounds} interleaved rounds; memory is the highest of any.`,
    table(["what", "wall", "CPU", "bytes read a CPU-second", "peak memory"], rows),
    table(
      ["figure", "found", "target"],
      found.map(([what, text, limit]) => [what, text, limit]),
    ),
  ].join("\n\n");
  return { markdown, missed: found.filter(([, , , holds]) => !holds).map(([what, text, limit]) => `${what}: ${text}, ${limit}`) };
}

const atLeast = (what: string, ratio: number, target: number): readonly [string, string, string, boolean] => [
  what,
  times(ratio),
  `at least ${target} x`,
  ratio >= target,
];
const times = (ratio: number): string => `${ratio.toFixed(2)} x`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
