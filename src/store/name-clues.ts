import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checked } from "../core/base/checked.ts";
import type { NameClue } from "../core/profile/name-clue.ts";
import { parseNameClues } from "../core/profile/name-clue.ts";

const FILE = join("guesses", "names.csv");

/** The words that guess, of the catalogue folder that comes with writ. */
export const loadNameClues = (catalog: string, categories: readonly string[]): Checked<readonly NameClue[]> =>
  parseNameClues({ file: FILE, text: readFileSync(join(catalog, FILE), "utf8") }, categories);
