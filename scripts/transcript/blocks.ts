/** A command of a ```console block, with what a reader is told to expect. Lines are 1-based. */
export type CommandStep = {
  readonly kind: "command";
  readonly line: number;
  /** As typed, without the prompt; may span lines. */
  readonly command: string;
  readonly expected: readonly string[];
  readonly exit: number;
  /** The lines that hold the expected output: from, inclusive, to, exclusive. */
  readonly outputLines: readonly [number, number];
  /** What the block's lines begin with, when the block stands in a list. */
  readonly indent: string;
};
/** A fence such as ```yaml file=writ.yaml: its text becomes that file before the next command runs. */
export type FileStep = { readonly kind: "file"; readonly line: number; readonly path: string; readonly text: string };
export type Step = CommandStep | FileStep;

type Fence = { readonly indent: string; readonly words: readonly string[]; readonly first: number; readonly lines: readonly string[] };

/** The steps of a document, in order. */
export function stepsOf(markdown: string): Step[] {
  return fencesOf(markdown).flatMap((fence): Step[] => {
    const [language, ...words] = fence.words;
    const path = words.find((word) => word.startsWith("file="))?.slice("file=".length);
    if (path !== undefined) return [{ kind: "file", line: fence.first, path, text: `${fence.lines.join("\n")}\n` }];
    return language === "console" ? commandsOf(fence) : [];
  });
}

function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open: { indent: string; marks: string; words: string[]; first: number; lines: string[] } | undefined;
  for (const [at, text] of markdown.split("\n").entries()) {
    if (open === undefined) {
      const start = /^(\s*)(`{3,})\s*([^`]*)$/.exec(text);
      if (start === null) continue;
      open = { indent: start[1] ?? "", marks: start[2] ?? "", words: (start[3] ?? "").trim().split(/\s+/), first: at + 2, lines: [] };
    } else if (text.trim() === open.marks) {
      fences.push(open);
      open = undefined;
    } else {
      open.lines.push(text.startsWith(open.indent) ? text.slice(open.indent.length) : text.trimStart());
    }
  }
  return fences;
}

const PROMPT = "$ ";

function commandsOf({ indent, first, lines }: Fence): CommandStep[] {
  const steps: CommandStep[] = [];
  let at = 0;
  while (at < lines.length) {
    const start = at;
    if (!(lines[at] ?? "").startsWith(PROMPT)) {
      at += 1;
      continue;
    }
    at = commandEnd(lines, start);
    const command = [(lines[start] ?? "").slice(PROMPT.length), ...lines.slice(start + 1, at)].join("\n");
    const outputStart = at;
    while (at < lines.length && !(lines[at] ?? "").startsWith(PROMPT)) at += 1;
    const output = lines.slice(outputStart, at);
    const exit = /^# exit (\d+)$/.exec(output.at(-1) ?? "");
    steps.push({
      kind: "command",
      line: first + start,
      command,
      expected: exit === null ? output : output.slice(0, -1),
      exit: Number(exit?.[1] ?? 0),
      outputLines: [first + outputStart, first + at],
      indent,
    });
  }
  return steps;
}

/** Where a command ends: after lines that end in a backslash, and after the end word of a here-document. */
function commandEnd(lines: readonly string[], start: number): number {
  const word = /<<-?\s*["']?(\w+)["']?/.exec(lines[start] ?? "")?.[1];
  if (word !== undefined) {
    const end = lines.indexOf(word, start + 1);
    return end === -1 ? lines.length : end + 1;
  }
  let at = start;
  while ((lines[at] ?? "").endsWith("\\")) at += 1;
  return at + 1;
}
