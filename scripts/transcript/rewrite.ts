import type { Outcome } from "./run.ts";

/** The document with the output of every command that no longer matches replaced by what came out. */
export function rewritten(markdown: string, outcomes: readonly Outcome[]): string {
  const lines = markdown.split("\n");
  for (const { ok, step, output, exit } of outcomes.toReversed()) {
    if (ok) continue;
    const [from, to] = step.outputLines;
    const fresh = [...output, ...(exit === 0 ? [] : [`# exit ${exit}`])].map((line) => `${step.indent}${line}`.trimEnd());
    lines.splice(from - 1, to - from, ...fresh);
  }
  return lines.join("\n");
}

/** What went wrong, as a person wants to read it. */
export function differenceText(file: string, { step, output, exit }: Outcome): string {
  const block = (title: string, lines: readonly string[], code: number): string =>
    [`  ${title}`, ...lines.map((line) => `    ${line}`), ...(code === 0 ? [] : [`    # exit ${code}`])].join("\n");
  const command = step.command.split("\n").join("\n    ");
  return [`${file}:${step.line}: $ ${command}`, block("expected", step.expected, step.exit), block("came out", output, exit)].join("\n");
}
