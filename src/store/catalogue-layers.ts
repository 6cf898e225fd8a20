import type { Checked } from "../core/base/checked.ts";
import { all, pass } from "../core/base/checked.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { layeredCatalogues } from "../core/catalog/layers.ts";
import type { CatalogueWords } from "../core/catalog/reading.ts";
import { layeredBooks } from "../core/validate/rule-book.ts";
import type { RuleBook } from "../core/validate/rule.ts";
import { loadCatalogues } from "./catalogues.ts";
import { loadRuleBooks } from "./rule-books.ts";

/** A folder of catalogues, the workspace's own before the one that comes with writ. */
export type CatalogueLayer = { readonly folder: string; readonly catalogues: readonly Catalogue[] };

export async function loadLayers(folders: readonly string[], words: CatalogueWords): Promise<Checked<readonly CatalogueLayer[]>> {
  const read = await Promise.all(folders.map((folder) => loadCatalogues(folder, words)));
  const catalogues = all(read);
  return catalogues.ok ? pass(folders.map((folder, at) => ({ folder, catalogues: catalogues.value[at] ?? [] }))) : catalogues;
}

/** The catalogues that count. */
export const cataloguesOf = (layers: readonly CatalogueLayer[]): readonly Catalogue[] =>
  layeredCatalogues(layers.map(({ catalogues }) => catalogues));

/**
 * The rule books that count: each is read against the catalogues of its folder and of those behind it, and says nothing of a dataset
 * that a folder before describes or has a book for.
 */
export function loadLayeredBooks(layers: readonly CatalogueLayer[]): Checked<readonly RuleBook[]> {
  const folders = layers.map(({ folder }) => folder);
  const books = all(layers.map(({ folder }, at) => loadRuleBooks(folder, cataloguesOf(layers.slice(at)), folders)));
  return books.ok ? pass(layeredBooks(layers.map(({ catalogues }, at) => ({ catalogues, books: books.value[at] ?? [] })))) : books;
}
