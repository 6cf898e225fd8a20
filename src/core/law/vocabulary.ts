import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import { mapReader, parseYaml } from "../base/yaml-node.ts";
import type { SourceFile } from "./source.ts";

/** A word of a closed list, with its direct parents in the same list. */
export type Word = { readonly id: string; readonly title: string; readonly parents: readonly string[] };
export type PartyWord = Word & { readonly holds?: string };
export type FieldWord = Word & {
  /** From clearest to nothing. */
  readonly masks: readonly string[];
  readonly system?: string;
  readonly means?: { readonly field: string; readonly special: string };
  /** A predicate on a whole extract: no element carries it. */
  readonly extract: boolean;
};
export type JurisdictionWord = Word & { readonly fips?: string };
/** `takes: days`: the duty runs out, and a rule says after how many days. */
export type DutyWord = Word & { readonly takes?: "days" };
export type PurposeWord = Word & { readonly aliases: readonly string[] };

/** The facets of a row besides origin and population. */
export const FACETS = ["funding", "special", "applicant"] as const;
export type FacetName = (typeof FACETS)[number];
export type FacetWord = { readonly id: FacetName; readonly leaves: readonly string[]; readonly assumed: string };

/** Every word that law, requests and datasets may use. */
export type Vocabulary = {
  readonly parties: readonly PartyWord[];
  readonly purposes: readonly PurposeWord[];
  readonly populations: readonly Word[];
  readonly fields: readonly FieldWord[];
  readonly jurisdictions: readonly JurisdictionWord[];
  readonly systems: readonly Word[];
  readonly evidence: readonly Word[];
  readonly facets: readonly FacetWord[];
  readonly duties: readonly DutyWord[];
};

export const ACTIONS = ["disclose", "view", "use"] as const;
export type Action = (typeof ACTIONS)[number];

type Lists = Exclude<keyof Vocabulary, never>;
const FILES: Readonly<Record<Lists, { file: string; keys: readonly string[] }>> = {
  parties: { file: "parties.yaml", keys: ["holds"] },
  purposes: { file: "purposes.yaml", keys: ["aliases"] },
  populations: { file: "populations.yaml", keys: [] },
  fields: { file: "fields.yaml", keys: ["masks", "system", "means", "extract"] },
  jurisdictions: { file: "jurisdictions.yaml", keys: ["fips"] },
  systems: { file: "record-systems.yaml", keys: [] },
  evidence: { file: "evidence.yaml", keys: [] },
  facets: { file: "facets.yaml", keys: ["leaves", "assumed"] },
  duties: { file: "duties.yaml", keys: ["takes"] },
};

/** Reads the closed vocabularies from `vocabulary/*.yaml`. */
export function parseVocabulary(files: readonly SourceFile[]): Checked<Vocabulary> {
  const problems: Problem[] = [];
  const rows = (list: Lists): readonly MapReader[] => readRows(files, list, problems);
  const words = (list: Lists): readonly (Word & { reader: MapReader })[] => checkedWords(list, rows(list), problems);
  const plain = (list: Lists): readonly Word[] => words(list).map(toWord);
  const vocabulary: Vocabulary = {
    parties: words("parties").map((word) => ({ ...toWord(word), ...optional("holds", word.reader.optionalText("holds")) })),
    purposes: words("purposes").map((word) => ({ ...toWord(word), aliases: word.reader.texts("aliases") })),
    populations: plain("populations"),
    fields: words("fields").map((word) => toField(word, word.reader, problems)),
    jurisdictions: words("jurisdictions").map((word) => ({ ...toWord(word), ...optional("fips", word.reader.optionalText("fips")) })),
    systems: plain("systems"),
    evidence: plain("evidence"),
    facets: words("facets").map((word) => toFacet(word, word.reader, problems)),
    duties: words("duties").map((word) => toDuty(word, word.reader)),
  };
  checkReferences(vocabulary, problems);
  return passIf(problems, () => vocabulary);
}

const toWord = ({ id, title, parents }: Word): Word => ({ id, title, parents });
const optional = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });

function readRows(files: readonly SourceFile[], list: Lists, problems: Problem[]): readonly MapReader[] {
  const { file, keys } = FILES[list];
  const path = `vocabulary/${file}`;
  const source = files.find((candidate) => candidate.path === path);
  // WHY: law may lay no duty on anybody, and then needs no words for them.
  if (source === undefined && list === "duties") return [];
  if (source === undefined) {
    problems.push(problem("E_LAW", `the vocabulary file ${path} is missing`, { at: { file: path } }));
    return [];
  }
  const parsed = parseYaml(path, source.text);
  if (!parsed.ok) problems.push(...parsed.problems);
  if (!parsed.ok) return [];
  if (parsed.value.kind !== "list" || parsed.value.items.length === 0) {
    problems.push(problem("E_LAW", "a vocabulary is a list of words", { at: parsed.value.at, hint: "write one `- { id, title }` a word" }));
    return [];
  }
  return parsed.value.items.map((item) => mapReader(item, ["id", "title", "in", ...keys], problems));
}

function checkedWords(list: Lists, rows: readonly MapReader[], problems: Problem[]): readonly (Word & { reader: MapReader })[] {
  const words = rows.map((reader) => ({ id: reader.text("id"), title: reader.text("title"), parents: reader.texts("in"), reader }));
  const ids = new Set<string>();
  for (const word of words) {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(word.id)) word.reader.refuse(`"${word.id}" is no word: letters, digits and hyphens only`);
    if (ids.has(word.id)) word.reader.refuse(`the word "${word.id}" is listed twice`);
    ids.add(word.id);
  }
  for (const word of words) {
    for (const parent of word.parents) checkWord(parent, ids, `vocabulary/${FILES[list].file}`, word.reader.at, problems);
    if (ancestorsIn(words, word.id, true).has(word.id)) word.reader.refuse(`"${word.id}" is its own ancestor`);
  }
  return words;
}

function checkWord(word: string, known: ReadonlySet<string>, listedIn: string, at: Place, problems: Problem[]): void {
  if (!known.has(word)) problems.push(problem("E_WORD", `unknown word "${word}"`, { at, hint: nearestHint(word, known, listedIn) }));
}

function toField(word: Word, reader: MapReader, problems: Problem[]): FieldWord {
  const masks = reader.texts("masks");
  if (masks.length > 0 && (masks[0] !== "clear" || masks.at(-1) !== "omitted")) reader.refuse("masks run from clear to omitted");
  if (new Set(masks).size < masks.length) reader.refuse("a chain names each mask once", undefined, "masks");
  const meansNode = reader.node("means");
  const means = meansNode === undefined ? undefined : mapReader(meansNode, ["field", "special"], problems);
  return {
    ...toWord(word),
    masks: masks.length > 0 ? masks : ["clear", "omitted"],
    ...optional("system", reader.optionalText("system")),
    ...(means === undefined ? {} : { means: { field: means.text("field"), special: means.text("special") } }),
    extract: reader.truth("extract"),
  };
}

function toFacet(word: Word, reader: MapReader, problems: Problem[]): FacetWord {
  const leaves = reader.maps("leaves", ["id", "title"]).map((leaf) => leaf.text("id"));
  const assumed = reader.text("assumed");
  if (!leaves.includes(assumed)) reader.refuse(`the assumed leaf "${assumed}" is not among the leaves`);
  if (!(FACETS as readonly string[]).includes(word.id)) problems.push(problem("E_LAW", `unknown facet "${word.id}"`, { at: reader.at }));
  return { id: word.id as FacetName, leaves, assumed };
}

function toDuty(word: Word, reader: MapReader): DutyWord {
  const takes = reader.optionalText("takes");
  if (takes !== undefined && takes !== "days") reader.refuse(`a duty takes days or nothing, not "${takes}"`, "takes: days", "takes");
  return { ...toWord(word), ...(takes === "days" ? { takes } : {}) };
}

function checkReferences(vocabulary: Vocabulary, problems: Problem[]): void {
  const systems = new Set(vocabulary.systems.map((word) => word.id));
  const fields = new Set(vocabulary.fields.map((word) => word.id));
  const used = [...vocabulary.parties.map((word) => word.holds), ...vocabulary.fields.map((word) => word.system)];
  for (const system of used) {
    if (system !== undefined) checkWord(system, systems, "vocabulary/record-systems.yaml", { file: "vocabulary" }, problems);
  }
  const special = new Set(vocabulary.facets.find((facet) => facet.id === "special")?.leaves ?? []);
  for (const { means } of vocabulary.fields) {
    if (means === undefined) continue;
    checkWord(means.field, fields, "vocabulary/fields.yaml", { file: "vocabulary/fields.yaml" }, problems);
    checkWord(means.special, special, "vocabulary/facets.yaml", { file: "vocabulary/fields.yaml" }, problems);
  }
  for (const facet of FACETS) {
    if (!vocabulary.facets.some((word) => word.id === facet)) {
      problems.push(problem("E_LAW", `the facet "${facet}" is not declared`, { at: { file: "vocabulary/facets.yaml" } }));
    }
  }
}

/** A word's ancestors; with `strict`, the word itself only if it lies on a cycle. */
export function ancestorsIn(words: readonly Word[], id: string, strict = false): ReadonlySet<string> {
  const parents = new Map(words.map((word) => [word.id, word.parents]));
  const found = new Set<string>(strict ? [] : [id]);
  const queue = [...(parents.get(id) ?? [])];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(parents.get(next) ?? []));
  }
  return found;
}

/** Words that are nobody's parent. */
export function leavesOf(words: readonly Word[]): readonly string[] {
  const inner = new Set(words.flatMap((word) => word.parents));
  return words.filter((word) => !inner.has(word.id)).map((word) => word.id);
}

/** The leaves below a word, or the word itself when it is a leaf. */
export const leavesUnder = (words: readonly Word[], id: string): readonly string[] =>
  leavesOf(words).filter((leaf) => ancestorsIn(words, leaf).has(id));
