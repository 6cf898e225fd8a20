import type { Document, Node, Pair, Scalar, YAMLMap } from "yaml";
import { isMap, isPair, isScalar, isSeq, parseDocument, stringify } from "yaml";
import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { parseYaml } from "../base/yaml-node.ts";
import { FRONT_MATTER_KEYS, MAP_KEYS, keysWithin } from "./front-matter.ts";
import type { JudgeError } from "./judge.ts";
import type { LiteratePart } from "./literate-part.ts";
import { literateParts } from "./literate-part.ts";
import { cellsOf, readLiterate } from "./markdown.ts";
import { fromJudge, placeIn } from "./rule.ts";
import type { SourceFile } from "./source.ts";

/** Cedar's own formatter, injected like the judge. */
export type CedarFormatter = (policies: string) => { readonly text: string } | { readonly errors: readonly JudgeError[] };

/**
 * The one form of an instrument's file: keys in order, quotes where they are needed, rules as Cedar writes them, tables
 * aligned. INVARIANT: what it means, and every word of prose and comments, stay; formatted text is its own formatted text.
 */
export function formatInstrument(source: SourceFile, formatCedar: CedarFormatter): Checked<string> {
  const read = readLiterate(source);
  if (!read.ok) return read;
  const { frontMatter } = read.value;
  const yaml = parseYaml(source.path, frontMatter.text, frontMatter.line);
  if (!yaml.ok) return yaml;
  const lines = source.text.split(/\r?\n/);
  const end = lines.indexOf("---", 1);
  const body: string[] = [];
  for (const part of literateParts(lines, end + 1)) {
    const text = partText(part, source.path, lines, formatCedar);
    if (!text.ok) return text;
    if (text.value !== "") body.push(text.value);
  }
  return pass(`---\n${formatFrontMatter(frontMatter.text)}---\n\n${body.join("\n\n")}\n`);
}

function partText(part: LiteratePart, path: string, lines: readonly string[], formatCedar: CedarFormatter): Checked<string> {
  const text = part.lines.join("\n");
  if (part.kind === "table") return pass(tableText(part.lines));
  if (part.kind === "prose") return pass(text.replaceAll(/^[ \t]+$/gm, "").replaceAll(/^\n+|\n+$/g, ""));
  if (part.kind === "code") return pass(`${lines[part.line - 2] ?? "```"}\n${text}${text === "" ? "" : "\n"}\`\`\``);
  const formatted = formatCedar(text);
  if ("errors" in formatted)
    return fail(...formatted.errors.map((error) => fromJudge(error, placeIn(path, part.line, text, error.offset ?? 0))));
  return pass(`\`\`\`cedar\n${formatted.text.trim()}\n\`\`\``);
}

/** Every column as wide as its widest cell. A row of another length is left for the check to refuse. */
function tableText(lines: readonly string[]): string {
  const rows = lines.map((line) => [...cellsOf(line)]);
  const columns = rows[0]?.length ?? 0;
  const isRule = (at: number): boolean => at === 1 && (rows[1] ?? []).every((cell) => /^:?-+:?$/.test(cell));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(3, ...rows.map((row, at) => (isRule(at) ? 3 : [...(row[column] ?? "")].length))),
  );
  const pad = (cell: string, column: number, filler: string): string =>
    cell + filler.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length));
  return rows
    .map((row, at) => row.map((cell, column) => (isRule(at) ? pad("", column, "-") : pad(cell, column, " "))))
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function formatFrontMatter(text: string): string {
  const document: Document = parseDocument(text, { schema: "failsafe" });
  const root = document.contents;
  if (!isMap(root)) return `${text}\n`;
  order(root, FRONT_MATTER_KEYS);
  for (const { key, value } of root.items as Pair<Scalar, Node>[]) {
    const inner = MAP_KEYS.find((name) => name === String(key.value));
    for (const map of isSeq(value) ? value.items : [value]) if (isMap(map) && inner !== undefined) order(map, keysWithin(inner));
    layOut(value);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Known keys in their order, then the others as they stood. */
function order(map: YAMLMap, keys: readonly string[]): void {
  const rank = (pair: Pair): number => {
    const at = keys.indexOf(isScalar(pair.key) ? String(pair.key.value) : "");
    return at < 0 ? keys.length : at;
  };
  map.items.sort((a, b) => rank(a) - rank(b));
}

/** A list of maps one line each; everything smaller on one line. */
function layOut(node: Node | null): void {
  if (isScalar(node)) quote(node);
  if (isMap(node)) node.flow = true;
  if (isSeq(node)) node.flow = !node.items.some((item) => isMap(item));
  if (isMap(node) || isSeq(node)) for (const item of node.items) layOut(isPair(item) ? (item.value as Node) : (item as Node)); // prettier-ignore
}

/** Plain where a reader of YAML sees the same text in it, else in double quotes. Plain numbers and truths, and text in blocks, stay as they are. */
function quote(scalar: Scalar): void {
  if (scalar.type === "PLAIN" || (scalar.type !== "QUOTE_DOUBLE" && scalar.type !== "QUOTE_SINGLE")) return;
  const plain = stringify(scalar.value, { schema: "core", lineWidth: 0 }).trimEnd() === scalar.value;
  scalar.type = plain ? "PLAIN" : "QUOTE_DOUBLE";
}
