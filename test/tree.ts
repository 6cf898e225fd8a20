import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

/** One text file of the project, by its path from the root, with forward slashes. */
export type TreeFile = { readonly path: string; readonly text: string };

const ROOT: string = join(import.meta.dirname, "..");
const ROOMS = ["src", "test", "scripts", "bench", "docs", "law", "catalog", "bin", ".ci"];

/** Every text file a reader of the project meets, without what is installed or built. */
export function treeFiles(): TreeFile[] {
  const top = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isFile() && /\.(md|json|ts|yaml)$/.test(entry.name));
  const inRooms = ROOMS.flatMap((room) => filesUnder(room));
  const paths = [...top.map((entry) => entry.name).filter((name) => name !== "package-lock.json"), ...inRooms];
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

function filesUnder(folder: string): string[] {
  try {
    const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
    return files.map((path) => path.split(sep).join("/")).sort();
  } catch {
    return [];
  }
}

/** The modules a source text imports, statically or not, as written. */
export function importsOf(text: string): string[] {
  const found = text.matchAll(
    /^\s*(?:import|export)\b[\w\s{},*$]*?\bfrom\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|^\s*import\s*"([^"]+)"/gm,
  );
  return [...found].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** Source without comments and without what stands in quotes. */
export function bareCode(text: string): string {
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, "")
    .replaceAll(/(^|\s)\/\/[^\n]*/g, "$1")
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replaceAll(/`(?:[^`\\]|\\.)*`/g, "``");
}

/** Functions of a formatted source with the number of lines each spans. */
export function functionSizes(text: string): { readonly line: number; readonly lines: number }[] {
  const lines = text.split("\n");
  return lines.flatMap((start, at) => {
    const indent = /^\s*/.exec(start)?.[0] ?? "";
    const opens = /\bfunction\b.*\{$|=> \{$/.test(start) || /^\s+(?:async |static |get |set )*#?\w+\(.*\{$/.test(start);
    if (!opens || /^\s*(?:\} )?(?:if|else|for|while|switch|catch|describe|it)\b/.test(start)) return [];
    const end = lines.findIndex((line, index) => index > at && line.startsWith(`${indent}}`));
    return end === -1 ? [] : [{ line: at + 1, lines: end - at + 1 }];
  });
}
