import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { civilDate } from "../base/civil-date.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Law } from "../law/law.ts";
import type { Action, FacetName, FieldWord, Word } from "../law/vocabulary.ts";
import { ACTIONS, FACETS, leavesOf, leavesUnder } from "../law/vocabulary.ts";

/** Values a facet of a row may have: one leaf when it is known, several when it is not. Never empty. */
export type LeafSet = readonly string[];

/** A question to the law: who gives what to whom, why, and about which rows. Words are checked. */
export type DecisionRequest = {
  readonly discloser: string;
  readonly recipient: string;
  /** Other bodies in whose service the receiving person is. */
  readonly employers?: readonly string[];
  readonly purpose: string;
  readonly action: Action;
  readonly evidence: readonly string[];
  /** Categories asked about; several only for a word such as `full-dataset`. */
  readonly fields: LeafSet;
  readonly origin: string;
  readonly population: LeafSet;
  readonly funding: LeafSet;
  readonly special: LeafSet;
  readonly applicant: LeafSet;
  readonly system?: string;
  /** What the asker left open and what was taken instead. */
  readonly assumed: Readonly<Record<string, string>>;
};

export type DatedRequest = { readonly request: DecisionRequest; readonly on: CivilDate | undefined };

/** The keys of a scenario row. `origin: null` means the record was not submitted by a state. */
export const REQUEST_KEYS = [
  "on", "action", "from", "to", "employers", "purpose", "origin", "population", "field", "evidence", "funding", "special", "applicant", "recordSystem",
] as const; // prettier-ignore

type Row = Readonly<Record<string, unknown>>;

/** Reads a request from loose words; every misspelt word is reported with the nearest known one. */
export function parseRequest(row: Row, law: Law): Checked<DatedRequest> {
  const problems: Problem[] = [];
  const read = wordReader(row, problems);
  const { vocabulary } = law;
  const fieldId = read.word("field", vocabulary.fields);
  const field = vocabulary.fields.find((candidate) => candidate.id === fieldId);
  const assumed: Record<string, string> = {};
  const on = readDay(row["on"], problems);
  const facets = Object.fromEntries(FACETS.map((name) => [name, readFacet(name, law, field, read, assumed)])) as Record<FacetName, LeafSet>;
  const employers = read.words("employers", vocabulary.parties);
  const action = read.optional("action", ACTIONS.map(plainWord), "disclose") as Action;
  const evidence = read.words("evidence", vocabulary.evidence);
  // WHY: a question shows no document and no receipt, so what rests on them is taken on the asker's word, and said.
  if (action === "use") assumed["acquisition"] = "lawful, by receipt";
  if (evidence.length > 0) assumed["evidence"] = evidence.join(", ");
  const request: DecisionRequest = {
    discloser: read.word("from", vocabulary.parties),
    recipient: read.word("to", vocabulary.parties),
    ...(employers.length === 0 ? {} : { employers }),
    purpose: purposeId(law, read),
    action,
    evidence,
    fields: field === undefined ? [] : fieldLeaves(law, field),
    origin: read.optional("origin", vocabulary.jurisdictions, "none"),
    population: readPopulation(law, read, assumed),
    ...facets,
    ...(!read.has("recordSystem") ? {} : { system: read.word("recordSystem", vocabulary.systems) }),
    assumed,
  };
  return passIf(problems, () => ({ request, on }));
}

const plainWord = (id: string): Word => ({ id, title: id, parents: [] });

type WordReader = {
  word(key: string, known: readonly Word[]): string;
  optional(key: string, known: readonly Word[], fallback: string): string;
  words(key: string, known: readonly Word[]): readonly string[];
  has(key: string): boolean;
  text(key: string): string;
};

function wordReader(row: Row, problems: Problem[]): WordReader {
  const text = (key: string): string => (typeof row[key] === "string" ? row[key] : "");
  const check = (key: string, word: string, known: readonly Word[]): string => {
    const ids = known.map((candidate) => candidate.id);
    if (!ids.includes(word)) {
      const said = word === "" ? `"${key}" is missing` : `unknown word "${word}" for "${key}"`;
      problems.push(problem("E_WORD", said, { hint: word === "" ? `say --${key}` : nearestHint(word, ids, "law/vocabulary") }));
    }
    return word;
  };
  const has = (key: string): boolean => row[key] !== undefined && row[key] !== null;
  return {
    has,
    text,
    word: (key, known) => check(key, text(key), known),
    optional: (key, known, fallback) => (has(key) ? check(key, text(key), known) : fallback),
    words: (key, known) => {
      const found = row[key] ?? [];
      if (Array.isArray(found) && found.every((item) => typeof item === "string")) return found.map((word) => check(key, word, known));
      problems.push(problem("E_REQUEST", `"${key}" must be a list of words`));
      return [];
    },
  };
}

function readDay(found: unknown, problems: Problem[]): CivilDate | undefined {
  if (found === undefined || found === null) return undefined;
  const checked = civilDate(typeof found === "string" ? found : "");
  if (!checked.ok) problems.push(...checked.problems);
  return checked.ok ? checked.value : undefined;
}

/** A purpose by its own word or by a code of another standard that stands for it. */
function purposeId(law: Law, read: WordReader): string {
  const said = read.text("purpose");
  const aliased = law.vocabulary.purposes.find((purpose) => purpose.aliases.includes(said));
  return aliased?.id ?? read.word("purpose", law.vocabulary.purposes);
}

/** The populations a person of whom nothing is known may belong to. */
export const populationLeaves = (law: Law): LeafSet => leavesOf(law.vocabulary.populations);

function readPopulation(law: Law, read: WordReader, assumed: Record<string, string>): LeafSet {
  if (!read.has("population")) assumed["population"] = "any";
  const said = read.has("population") ? read.text("population") : "any";
  // INVARIANT: unknown is no value of its own; the person may be in any population.
  if (said === "any" || said === "unknown") return populationLeaves(law);
  return leavesUnder(law.vocabulary.populations, read.word("population", law.vocabulary.populations));
}

function readFacet(name: FacetName, law: Law, field: FieldWord | undefined, read: WordReader, assumed: Record<string, string>): LeafSet {
  const facet = law.vocabulary.facets.find((word) => word.id === name);
  const leaves = facet?.leaves ?? [];
  if (name === "special" && field?.means !== undefined) return [field.means.special];
  if (!read.has(name)) {
    assumed[name] = facet?.assumed ?? "";
    return [facet?.assumed ?? ""];
  }
  const said = read.text(name);
  return said === "any" || said === "unknown" ? leaves : [read.word(name, leaves.map(plainWord))];
}

/** The categories a field word stands for: itself, what it means, or every category that is not of another record system. */
export function fieldLeaves(law: Law, field: FieldWord): LeafSet {
  if (field.means !== undefined) return [field.means.field];
  if (field.id !== "full-dataset") return [field.id];
  // WHY groups too: elements may be of a group's own category, such as `health`.
  return law.vocabulary.fields
    .filter((word) => !word.extract && word.means === undefined && word.system === undefined)
    .map((word) => word.id);
}

/** The record system a cell is in: as asked, else the field's own, else what the discloser holds. */
export function systemOf(law: Law, request: DecisionRequest, field: string): string {
  const ofField = law.vocabulary.fields.find((word) => word.id === field)?.system;
  const held = law.vocabulary.parties.find((word) => word.id === request.discloser)?.holds;
  return request.system ?? ofField ?? held ?? "medicaid";
}
