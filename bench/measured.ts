import { mkdirSync, rmSync } from "node:fs";

/** What one run of one side took. */
export type Measured = {
  readonly wallMs: number;
  /** Of all threads of the process. */
  readonly cpuMs: number;
  /** Of the process since it began, loading included. */
  readonly processCpuMs: number;
  readonly peakBytes: number;
  readonly figures: Readonly<Record<string, number>>;
};

/** Runs `step` once and measures it; for a process that does nothing else. */
export async function measured(step: () => Promise<Readonly<Record<string, number>>>): Promise<Measured> {
  const [cpu, begun] = [process.cpuUsage(), process.hrtime.bigint()];
  const figures = await step();
  const wallMs = Number((process.hrtime.bigint() - begun) / 1000n) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const whole = process.cpuUsage();
  const processCpuMs = (whole.user + whole.system) / 1000;
  return { wallMs, cpuMs: (user + system) / 1000, processCpuMs, peakBytes: process.resourceUsage().maxRSS * 1024, figures };
}

/** Runs one side of a benchmark in this process, the engine loaded before, and prints what it took. */
export async function runSide(
  sides: Readonly<Record<string, () => Promise<Readonly<Record<string, number>>>>>,
  side: string,
  out: string,
): Promise<void> {
  await import("@duckdb/node-api");
  mkdirSync(out, { recursive: true });
  const run = sides[side];
  if (run === undefined) throw new Error(`no side ${side}`);
  process.stdout.write(JSON.stringify(await measured(run)));
  rmSync(out, { recursive: true, force: true });
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
