import { cellsOf } from "./markdown.ts";

/** A stretch of a literate file's body, in reading order. `line` is the 1-based line of its first line. */
export type LiteratePart = {
  readonly kind: "prose" | "cedar" | "code" | "table";
  readonly line: number;
  /** As written; of a fenced block, without its fences. */
  readonly lines: readonly string[];
};

/** Cuts the lines of a file from `from` on (0-based) into prose, fenced blocks and tables. Together they are the whole body. */
export function literateParts(lines: readonly string[], from: number): readonly LiteratePart[] {
  const parts: LiteratePart[] = [];
  for (let at = from; at < lines.length;) {
    const part = fenced(lines, at) ?? table(lines, at) ?? prose(lines, at);
    parts.push(part);
    at += part.lines.length + (part.kind === "cedar" || part.kind === "code" ? 2 : 0);
  }
  return parts;
}

const isFence = (line: string | undefined): boolean => line?.startsWith("```") ?? false;
const isRow = (line: string | undefined): boolean => line?.trim().startsWith("|") ?? false;

function fenced(lines: readonly string[], at: number): LiteratePart | undefined {
  if (!isFence(lines[at])) return undefined;
  const length = lines.slice(at + 1).findIndex(isFence);
  const content = lines.slice(at + 1, length < 0 ? lines.length : at + 1 + length);
  return { kind: lines[at]?.slice(3).trim() === "cedar" ? "cedar" : "code", line: at + 2, lines: content };
}

function table(lines: readonly string[], at: number): LiteratePart | undefined {
  if (!isRow(lines[at]) || cellsOf(lines[at] ?? "").at(-1) !== "expect") return undefined;
  const length = lines.slice(at).findIndex((line) => !isRow(line));
  return { kind: "table", line: at + 1, lines: lines.slice(at, length < 0 ? lines.length : at + length) };
}

function prose(lines: readonly string[], at: number): LiteratePart {
  const length = lines.slice(at + 1).findIndex((line, index) => isFence(line) || table(lines, at + 1 + index) !== undefined);
  return { kind: "prose", line: at + 1, lines: lines.slice(at, length < 0 ? lines.length : at + 1 + length) };
}
