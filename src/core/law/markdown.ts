import type { Checked } from "../base/checked.ts";
import { fail, passIf } from "../base/checked.ts";
import { hiddenSign } from "../base/hidden-sign.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { SourceFile } from "./source.ts";
import { MAX_SOURCE_CHARS } from "./source.ts";

/** A fenced block; `line` is the 1-based line of its first line of content. */
export type Block = { readonly line: number; readonly text: string };
/** A table with an `expect` column: header words, then rows with the line each stands on. */
export type TextTable = {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
};

/** A literate file taken apart, nothing interpreted yet. */
export type LiterateFile = {
  readonly path: string;
  readonly frontMatter: Block;
  readonly cedar: readonly Block[];
  readonly tables: readonly TextTable[];
  /** The prose, for showing next to its rules. */
  readonly text: string;
};

/** Splits a Markdown file into front matter, `cedar` blocks and expectation tables. */
export function readLiterate(source: SourceFile): Checked<LiterateFile> {
  const { path, text } = source;
  if (text.length > MAX_SOURCE_CHARS)
    return fail(problem("E_LAW", `the file is larger than ${MAX_SOURCE_CHARS} characters`, { at: { file: path } }));
  const lines = text.split(/\r?\n/);
  if (lines[0] !== "---") {
    return fail(
      problem("E_LAW", "no front matter", {
        at: { file: path, line: 1 },
        hint: "start the file with a line ---, the front matter and another ---",
      }),
    );
  }
  const end = lines.indexOf("---", 1);
  if (end < 0)
    return fail(problem("E_LAW", "the front matter is not closed", { at: { file: path, line: 1 }, hint: "end it with a line ---" }));
  const problems = [...hiddenSigns(path, lines), ...blanks(path, lines)];
  // WHY: what else is wrong with a file that is not filled in yet says nothing.
  if (problems.length > 0) return fail(...problems);
  const cedar = cedarBlocks(path, lines, end + 1, problems);
  const tables = expectationTables(lines, end + 1);
  const frontMatter = { line: 2, text: lines.slice(1, end).join("\n") };
  return passIf(problems, () => ({ path, frontMatter, cedar, tables, text: lines.slice(end + 1).join("\n") }));
}

function hiddenSigns(path: string, lines: readonly string[]): Problem[] {
  return lines.flatMap((line, at) => {
    const hidden = hiddenSign(line);
    const place = { file: path, line: at + 1, column: (hidden?.offset ?? 0) + 1 };
    return hidden === undefined ? [] : [problem("E_LAW", `the hidden sign ${hidden.name}`, { at: place, hint: "write what can be seen" })];
  });
}

/** What a template left for the author and nobody filled in. */
function blanks(path: string, lines: readonly string[]): Problem[] {
  return lines.flatMap((line, at) =>
    [...line.matchAll(/<<([^<>]*)>>/g)].map((match) =>
      problem("E_LAW", `the blank ${match[0]} is not filled in`, {
        at: { file: path, line: at + 1, column: match.index + 1 },
        hint: `write the ${match[1] ?? ""} in its place`,
      }),
    ),
  );
}

function cedarBlocks(path: string, lines: readonly string[], from: number, problems: Problem[]): readonly Block[] {
  const blocks: Block[] = [];
  let open: { line: number; cedar: boolean } | undefined;
  for (const [at, line] of lines.entries()) {
    if (at < from || !line.startsWith("```")) continue;
    if (open === undefined) {
      open = { line: at + 1, cedar: line.slice(3).trim() === "cedar" };
    } else {
      if (open.cedar) blocks.push({ line: open.line + 1, text: lines.slice(open.line, at).join("\n") });
      open = undefined;
    }
  }
  if (open !== undefined) {
    problems.push(
      problem("E_LAW", "a fenced block is not closed", { at: { file: path, line: open.line }, hint: "end it with a line ```" }),
    );
  }
  return blocks;
}

/** The cells of one line of a table. */
export const cellsOf = (line: string): readonly string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function expectationTables(lines: readonly string[], from: number): readonly TextTable[] {
  const tables: TextTable[] = [];
  let at = from;
  while (at < lines.length) {
    const columns = cellsOf(lines[at] ?? "");
    if (!(lines[at] ?? "").trim().startsWith("|") || columns.at(-1) !== "expect") {
      at += 1;
      continue;
    }
    const rows: { line: number; cells: readonly string[] }[] = [];
    for (at += 2; (lines[at] ?? "").trim().startsWith("|"); at += 1) rows.push({ line: at + 1, cells: cellsOf(lines[at] ?? "") });
    tables.push({ columns, rows });
  }
  return tables;
}
