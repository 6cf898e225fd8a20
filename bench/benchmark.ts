/** A benchmark: what it measured, as Markdown for docs/performance.md, and whether its targets hold. */
export type BenchmarkReport = { readonly markdown: string; readonly missed: readonly string[] };

export type BenchmarkOptions = { readonly people: number; readonly rounds: number; readonly folder: string };

export type Benchmark = {
  readonly name: string;
  readonly title: string;
  readonly people: number;
  run(options: BenchmarkOptions): Promise<BenchmarkReport>;
};

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
