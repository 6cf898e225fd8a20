import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceText } from "../core/catalog/reading.ts";

/** The files of a folder's part in several folders, by name. INVARIANT: of two with one name, the first folder's counts. */
export function filesOf(folders: readonly string[], part: string, extension: string): readonly SourceText[] {
  const files = new Map<string, string>();
  for (const folder of folders.map((one) => join(one, part)).filter((one) => existsSync(one)))
    for (const name of readdirSync(folder).filter((one) => one.endsWith(extension)))
      if (!files.has(name)) files.set(name, readFileSync(join(folder, name), "utf8"));
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => ({ file: join(part, name), text }));
}
