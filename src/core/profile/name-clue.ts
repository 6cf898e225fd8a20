import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import { parseCsv } from "../base/csv.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Catalogue } from "../catalog/catalogue.ts";
import type { SourceText } from "../catalog/reading.ts";

/** Words within a column's name that tell what it holds. docs/formats/catalogue.md#words-that-guess */
export type NameClue = {
  /** Each place lists words of which one must stand there, in this order, others between. */
  readonly words: readonly (readonly string[])[];
  readonly category: string;
  readonly strong: boolean;
  /** Whether such a column may name the person a row is about. */
  readonly person: boolean;
};

export type NameGuess = { readonly category: string; readonly strong: boolean; readonly person: boolean; readonly because: string };

/** What names tell: words, and the very names of known dictionaries. */
export type NameClues = { readonly clues: readonly NameClue[]; readonly known: ReadonlyMap<string, KnownName> };
type KnownName = { readonly category: string; readonly dataset: string; readonly person: boolean };

const COLUMNS = ["words", "category", "strength", "person"];

export function parseNameClues({ file, text }: SourceText, categories: readonly string[]): Checked<readonly NameClue[]> {
  const rows = parseCsv(file, text, { columns: COLUMNS, optional: ["note"] });
  if (!rows.ok) return rows;
  const problems: Problem[] = [];
  const clues = rows.value.map((row): NameClue => {
    const [words, category, strength, person] = [row.cell("words"), row.cell("category"), row.cell("strength"), row.cell("person")];
    const refuse = (column: string, message: string, hint: string): number =>
      problems.push(problem("E_CATALOGUE", message, { at: row.at(column), hint }));
    if (!/^[a-z|]+( [a-z|]+)*$/.test(words)) refuse("words", "words are small letters with blanks between", "such as birth|born date|dt");
    if (!categories.includes(category))
      refuse("category", `"${category}" is no category`, nearestHint(category, categories, "law/vocabulary/fields.yaml"));
    if (strength !== "strong" && strength !== "weak") refuse("strength", `"${strength}" is no strength`, "write strong or weak");
    if (person !== "" && person !== "yes") refuse("person", `"${person}" is not known here`, "write yes, or nothing");
    return { words: words.split(" ").map((place) => place.split("|")), category, strong: strength === "strong", person: person === "yes" };
  });
  return passIf(problems, () => clues);
}

/** The element names of dictionaries that everybody classifies alike. */
export function knownNames(catalogues: readonly Catalogue[]): ReadonlyMap<string, KnownName> {
  const known = new Map<string, KnownName | undefined>();
  for (const catalogue of catalogues.filter(({ form }) => form === "tmsis")) {
    for (const { name, category } of catalogue.segments.flatMap(({ elements }) => elements)) {
      const key = nameKey(name);
      const person = name === catalogue.personElement;
      const before = known.get(key);
      if (!known.has(key)) known.set(key, { category, dataset: `${catalogue.dataset} ${catalogue.version}`, person });
      else if (before !== undefined && before.category !== category) known.set(key, undefined);
    }
  }
  return new Map([...known].flatMap(([key, one]) => (one === undefined || one.category === "unclassified" ? [] : [[key, one]])));
}

const nameKey = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** `BENE_BIRTH_DT`, `beneBirthDate` and `bene.birth[0].date` as small words; digits are no words. */
export const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== "");

/** What a name tells; undefined where it tells nothing, or two things alike. `context` are words before it, such as `patient`. */
export function guessByName(name: string, context: readonly string[], { clues, known }: NameClues): NameGuess | undefined {
  const words = [...context, ...wordsOf(name)];
  const found = clues.filter((clue) => holds(words, clue.words));
  const spelt = known.get(nameKey(name));
  if (spelt !== undefined) {
    const person = spelt.person || found.some((clue) => clue.person);
    return { category: spelt.category, strong: true, person, because: `an element of ${spelt.dataset} has this name` };
  }
  const rank = (clue: NameClue): number => (clue.strong ? 100 : 0) + clue.words.length;
  const best = found.filter((clue) => found.every((other) => rank(clue) >= rank(other)));
  const [first] = best;
  if (first === undefined || best.some(({ category }) => category !== first.category)) return undefined;
  const said = first.words.map((place) => place.find((word) => words.includes(word)) ?? "").join(" ");
  return { category: first.category, strong: first.strong, person: first.person, because: `its name has "${said}"` };
}

function holds(words: readonly string[], wanted: NameClue["words"]): boolean {
  let at = 0;
  for (const place of wanted) {
    while (at < words.length && !place.includes(words[at] ?? "")) at += 1;
    if (at === words.length) return false;
    at += 1;
  }
  return true;
}
