import { nearestHint } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import type { Guess, Segment } from "./catalogue.ts";

export type SourceText = { readonly file: string; readonly text: string };

/** The words a catalogue may use; they come from law/vocabulary. Facets without an entry take any leaf. */
export type CatalogueWords = {
  readonly categories: readonly string[];
  readonly facets?: Readonly<Record<string, readonly string[]>>;
  /** Jurisdictions by their two-digit federal code. */
  readonly fips?: Readonly<Record<string, string>>;
};

/** What the parts of the parser share: where to put problems, and which words are known. */
export type Reading = { readonly problems: Problem[]; readonly words: CatalogueWords; readonly guesses: Guess[] };

/** Adds one E_CATALOGUE problem. */
export function refuse(reading: Reading, at: Place, message: string, hint?: string): void {
  reading.problems.push(problem("E_CATALOGUE", message, hint === undefined ? { at } : { at, hint }));
}

/** INVARIANT: an element without a known category never passes, so no column escapes the law. */
export function checkCategory(reading: Reading, at: Place, name: string, category: string): void {
  if (reading.words.categories.includes(category)) return;
  const hint =
    category === ""
      ? "write unclassified if nobody has classified it"
      : nearestHint(category, reading.words.categories, "law/vocabulary/fields.yaml");
  refuse(reading, at, `"${name}" has the unknown category "${category}"`, hint);
}

const GUESS_MARK = "?";

/** What is written, its question mark taken off and noted as a guess. */
export function withoutGuess(reading: Reading, at: Place, written: string, column?: string): string {
  if (!written.startsWith(GUESS_MARK)) return written;
  const guess = written.slice(GUESS_MARK.length);
  reading.guesses.push({ guess, at, ...(column === undefined ? {} : { column }) });
  return guess;
}

/** Element names that must exist in `segment`. */
export function checkNames(reading: Reading, at: Place, segment: Segment, names: readonly string[]): void {
  const known = segment.elements.map((element) => element.name);
  for (const name of names) {
    if (!known.includes(name)) refuse(reading, at, `${segment.id} has no element "${name}"`, nearestHint(name, known, at.file));
  }
}

/** Where a key's value stands, or the map itself. */
export const placeOf = (reader: MapReader, key: string): Place => reader.node(key)?.at ?? reader.at;
