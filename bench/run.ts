/** `npm run bench -- NAME [--people N] [--rounds N] [--write]`: runs benchmarks, prints their tables, and with --write puts them into docs/performance.md. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Benchmark } from "./benchmark.ts";
import { decideBenchmark } from "./decide.ts";
import { intakeBenchmark } from "./intake.ts";
import { lawBenchmark } from "./law.ts";
import { parquetBenchmark } from "./parquet.ts";
import { releaseBenchmark } from "./release.ts";

const BENCHMARKS: readonly Benchmark[] = [decideBenchmark, intakeBenchmark, lawBenchmark, parquetBenchmark, releaseBenchmark];
const PAGE = "docs/performance.md";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { people: { type: "string" }, rounds: { type: "string", default: "5" }, write: { type: "boolean", default: false } },
});
const chosen = BENCHMARKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0) {
  process.stderr.write(`error: no such benchmark\nhint: the benchmarks are ${BENCHMARKS.map(({ name }) => name).join(", ")}\n`);
  process.exitCode = 2;
}
for (const benchmark of chosen) process.exitCode = Math.max(Number(process.exitCode ?? 0), await runOne(benchmark));

/** 0 when all targets hold. */
async function runOne(benchmark: Benchmark): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "writ-bench-"));
  const people = Number(values.people ?? benchmark.people);
  const rounds = Number(values.rounds);
  try {
    process.stderr.write(`${benchmark.name}: ${people} people, ${rounds} rounds …\n`);
    const { markdown, missed } = await benchmark.run({ people, rounds, folder });
    const command = `npm run bench -- ${benchmark.name} --people ${people} --rounds ${rounds}`;
    const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}).`;
    const section = `## ${benchmark.title}\n\n\`${command}\`\n\n${machine} ${markdown}\n`;
    process.stdout.write(`${section}\n`);
    if (values.write) writeSection(benchmark.name, section);
    for (const miss of missed) process.stderr.write(`missed: ${miss}\n`);
    return missed.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Replaces a benchmark's section between its marks, or adds it at the end. */
function writeSection(name: string, section: string): void {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const page = existsSync(PAGE) ? readFileSync(PAGE, "utf8") : "# Performance\n";
  const block = `${open}\n\n${section}\n${close}`;
  const [from, to] = [page.indexOf(open), page.indexOf(close)];
  const next = from >= 0 && to > from ? page.slice(0, from) + block + page.slice(to + close.length) : `${page.trimEnd()}\n\n${block}\n`;
  writeFileSync(PAGE, next);
}
