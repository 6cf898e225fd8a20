import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Checked } from "../core/base/checked.ts";
import { all, fail } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { nameOf } from "../core/catalog/layers.ts";
import { parseCatalogue } from "../core/catalog/parse-catalogue.ts";
import { parseUnread } from "../core/catalog/unread.ts";
import type { CatalogueWords, SourceText } from "../core/catalog/reading.ts";
import { errorCode } from "./disk.ts";

/**
 * Every catalogue below `folder`: each `*.yaml` with the key `dataset`, with the CSV of the same name beside it, and the
 * layouts of each with the key `unread`.
 * Places in problems are relative to `folder`. Sorted by dataset, then version.
 */
export async function loadCatalogues(folder: string, words: CatalogueWords): Promise<Checked<readonly Catalogue[]>> {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    const described = names.filter((name) => name.endsWith(".yaml")).map((name) => sourceText(folder, name));
    const catalogues = described.filter(({ text }) => /^dataset:/m.test(text));
    const unread = all(described.filter(({ text }) => /^unread:/m.test(text)).map(parseUnread));
    const read = all(catalogues.map((description) => parseCatalogue(description, elementsOf(folder, description, names), words)));
    if (!read.ok || !unread.ok) return { ok: false, problems: [read, unread].flatMap((one) => (one.ok ? [] : one.problems)) };
    return distinct([...read.value, ...unread.value.flat()]);
  } catch (thrown) {
    return fail(problem("E_IO", `the catalogues cannot be read: ${errorCode(thrown)}`, { at: { file: folder } }));
  }
}

const sourceText = (folder: string, name: string): SourceText => ({ file: name, text: readFileSync(join(folder, name), "utf8") });

function elementsOf(folder: string, description: SourceText, names: readonly string[]): SourceText | undefined {
  const name = description.file.replace(/\.yaml$/, ".csv");
  return names.includes(name) ? sourceText(folder, name) : undefined;
}

/** INVARIANT: a dataset and version mean one catalogue. */
function distinct(catalogues: readonly Catalogue[]): Checked<readonly Catalogue[]> {
  const sorted = [...catalogues].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const twice = sorted.filter((catalogue, at) => at > 0 && nameOf(catalogue) === nameOf(sorted[at - 1] ?? catalogue));
  const problems: Problem[] = twice.map((catalogue) => problem("E_CATALOGUE", `two catalogues describe ${nameOf(catalogue)}`));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: sorted };
}
