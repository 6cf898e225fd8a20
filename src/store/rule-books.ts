import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checked } from "../core/base/checked.ts";
import { all, fail } from "../core/base/checked.ts";
import { problem } from "../core/base/problem.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { parseAreaList } from "../core/validate/area-list.ts";
import type { Policy } from "../core/validate/policy.ts";
import { parsePolicy } from "../core/validate/policy.ts";
import type { RuleBook } from "../core/validate/rule.ts";
import { distinctBooks, parseRuleBook } from "../core/validate/rule-book.ts";
import { filesOf } from "./list-files.ts";

/** The file that says what is refused; in the workspace's own folder, or as it comes with writ. */
export const POLICY_FILE = "submission-policy.yaml";

/** The folder of lists of places, below that of catalogues. */
const PLACES = "places";

/**
 * Every rule book below a folder of catalogues: each `*.yaml` with the key `rulebook`. The lists of places they name are those of
 * `listFolders`, the first of each name.
 */
export function loadRuleBooks(
  catalogFolder: string,
  catalogues: readonly Catalogue[],
  listFolders: readonly string[] = [catalogFolder],
): Checked<readonly RuleBook[]> {
  const names = readdirSync(catalogFolder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml"));
  const texts = names.sort().map((file) => ({ file, text: readFileSync(join(catalogFolder, file), "utf8") }));
  const lists = all(filesOf(listFolders, PLACES, ".csv").map(parseAreaList));
  if (!lists.ok) return lists;
  const books = all(texts.filter(({ text }) => /^rulebook:/m.test(text)).map((source) => parseRuleBook(source, catalogues, lists.value)));
  return books.ok ? distinctBooks(books.value) : books;
}

/** The policy of the first of the folders that has one. */
export function loadPolicy(folders: readonly string[]): Checked<Policy> {
  const file = folders.map((folder) => join(folder, POLICY_FILE)).find((path) => existsSync(path));
  if (file === undefined) return fail(problem("E_CATALOGUE", "there is no policy for submissions", { hint: `write ${POLICY_FILE}` }));
  return parsePolicy({ file: POLICY_FILE, text: readFileSync(file, "utf8") });
}
