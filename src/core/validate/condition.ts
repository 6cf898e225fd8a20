import type { Catalogue, Segment } from "../catalog/catalogue.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import type { MapReader, YamlNode } from "../base/yaml-node.ts";
import { mapReader } from "../base/yaml-node.ts";
import type { AreaList } from "./area-list.ts";

/** Forms a text can have or lack; each is written out where conditions are printed. */
export const TEXT_FORMS = ["social-security-number"] as const;
export type TextForm = (typeof TEXT_FORMS)[number];

/** A closed set of conditions on one row. INVARIANT: each is true or false, never neither; a blank is no value. */
export type Condition =
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "is"; readonly element: string; readonly values: readonly string[] }
  | { readonly kind: "filled"; readonly element: string }
  /** The element holds the federal code of the submission's own state. */
  | { readonly kind: "own-state"; readonly element: string }
  | { readonly kind: "form"; readonly element: string; readonly form: TextForm }
  | { readonly kind: "contains"; readonly element: string; readonly text: string }
  /** It is written in one of the forms: `A` a letter, `9` a digit, a last `*` whatever follows, other signs themselves. */
  | { readonly kind: "like"; readonly element: string; readonly forms: readonly string[] }
  /** The list has what the element begins with among the codes of the area that `of` holds. */
  | { readonly kind: "belongs"; readonly element: string; readonly of: string; readonly list: AreaList }
  /** Whole years from the element's day to the last day of the submission's month. */
  | { readonly kind: "years"; readonly element: string; readonly from: number; readonly to: number }
  /** The row's first day lies within, both ends included. */
  | { readonly kind: "begins"; readonly from?: string; readonly to?: string }
  /** The same person has such a row in another segment, true on a day on which this one is. */
  | { readonly kind: "has"; readonly segment: string; readonly dataset?: string; readonly where?: Condition };

export type HasCondition = Extract<Condition, { kind: "has" }>;

const KEYS = [
  ..."all any not element is is_not filled own_state form like contains belongs_to list age_from age_to".split(" "),
  ..."begins_from begins_to has dataset where".split(" "),
];

/** What a condition may name: elements of its segment, lists and, of other rows, segments of the same dataset or of one it names. */
export type ConditionWords = {
  readonly segment: Segment;
  readonly catalogues: readonly Catalogue[];
  readonly lists: readonly AreaList[];
  readonly problems: Problem[];
};

/** Reads one condition. An unreadable one is a problem, and answered as the condition nothing meets. */
export function readCondition(node: YamlNode, words: ConditionWords): Condition {
  const reader = mapReader(node, KEYS, words.problems);
  const several = (key: "all" | "any"): Condition => ({ kind: key, of: reader.list(key).map((part) => readCondition(part, words)) });
  if (reader.has("all")) return several("all");
  if (reader.has("any")) return several("any");
  const inner = reader.node("not");
  if (inner !== undefined) return { kind: "not", of: readCondition(inner, words) };
  if (reader.has("has")) return readHas(reader, words);
  if (reader.has("begins_from") || reader.has("begins_to")) return readBegins(reader);
  return readElement(reader, words);
}

const NOTHING: Condition = { kind: "any", of: [] };

function readHas(reader: MapReader, words: ConditionWords): Condition {
  const [id, dataset] = [reader.text("has"), reader.optionalText("dataset")];
  const isThere = (one: Catalogue): boolean => (dataset === undefined ? one.segments.includes(words.segment) : one.dataset === dataset);
  const among = words.catalogues.filter(isThere).flatMap(({ segments }) => segments);
  const segment = among.find((one) => one.id === id);
  if (segment === undefined) {
    reader.refuse(`no segment "${id}"`, nearestHint(id, among.map((one) => one.id), "the catalogue"), "has"); // prettier-ignore
    return NOTHING;
  }
  const node = reader.node("where");
  const where = node === undefined ? undefined : readCondition(node, { ...words, segment });
  if (where !== undefined && hasIn(where).length > 0) reader.refuse("a condition on another row asks for no third one", undefined, "where");
  return { kind: "has", segment: id, ...(dataset === undefined ? {} : { dataset }), ...(where === undefined ? {} : { where }) };
}

function readBegins(reader: MapReader): Condition {
  const [from, to] = [reader.optionalText("begins_from"), reader.optionalText("begins_to")];
  for (const day of [from, to])
    if (day !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(day)) reader.refuse(`"${day}" is no day`, "write YYYY-MM-DD");
  return { kind: "begins", ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function readElement(reader: MapReader, words: ConditionWords): Condition {
  const { segment } = words;
  const element = elementOf(reader, "element", segment);
  const filled: Condition = { kind: "filled", element };
  if (reader.has("is")) return { kind: "is", element, values: valuesOf(reader, "is", segment) };
  if (reader.has("is_not")) return { kind: "all", of: [filled, { kind: "not", of: { kind: "is", element, values: valuesOf(reader, "is_not", segment) } }] };
  if (reader.has("filled")) return reader.truth("filled") ? filled : { kind: "not", of: filled };
  if (reader.truth("own_state")) return { kind: "own-state", element };
  if (reader.has("form")) return { kind: "form", element, form: formOf(reader) };
  if (reader.has("like")) return { kind: "like", element, forms: formsOf(reader) };
  if (reader.has("contains")) return { kind: "contains", element, text: reader.text("contains") };
  if (reader.has("belongs_to")) return readBelongs(reader, element, words);
  if (reader.has("age_from") || reader.has("age_to"))
    return { kind: "years", element, from: yearsOf(reader, "age_from", 0), to: yearsOf(reader, "age_to", 999) };
  reader.refuse("a condition says something of its element", "such as is: [\"1\"] or filled: true");
  return NOTHING;
} // prettier-ignore

function elementOf(reader: MapReader, key: string, segment: Segment): string {
  const element = reader.text(key);
  const names = segment.elements.map(({ name }) => name);
  if (!names.includes(element))
    reader.refuse(`${segment.id} has no element "${element}"`, nearestHint(element, names, "the catalogue"), key);
  return element;
}

function readBelongs(reader: MapReader, element: string, { segment, lists }: ConditionWords): Condition {
  const [of, name] = [elementOf(reader, "belongs_to", segment), reader.text("list")];
  const list = lists.find((one) => one.name === name);
  if (list === undefined) reader.refuse(`no list "${name}"`, nearestHint(name, lists.map((one) => one.name), "catalog/places"), "list"); // prettier-ignore
  return list === undefined ? NOTHING : { kind: "belongs", element, of, list };
}

/** INVARIANT: a value that the catalogue does not list would never be met, so it is refused. */
function valuesOf(reader: MapReader, key: string, segment: Segment): readonly string[] {
  const listed = segment.elements.find(({ name }) => name === reader.text("element"))?.values ?? [];
  const values = reader.texts(key);
  for (const value of values)
    if (listed.length > 0 && !listed.includes(value)) reader.refuse(`the catalogue lists no value "${value}"`, `it lists ${listed.join(", ")}`, key);
  return values;
} // prettier-ignore

function formOf(reader: MapReader): TextForm {
  const word = reader.text("form");
  const form = TEXT_FORMS.find((known) => known === word);
  if (form === undefined) reader.refuse(`unknown form "${word}"`, nearestHint(word, TEXT_FORMS, "docs/formats/rules.md"), "form");
  return form ?? TEXT_FORMS[0];
}

/** INVARIANT: a star stands last only, and a form without a letter or digit is a value. */
function formsOf(reader: MapReader): readonly string[] {
  const forms = reader.texts("like");
  for (const form of forms)
    if (!/^[A-Z0-9 ./-]+\*?$/.test(form) || !/[A9]/.test(form)) reader.refuse(`"${form}" is no form`, "such as AA.9999 or 11-W-99999/9*", "like");
  if (forms.length === 0) reader.refuse("no form is given", undefined, "like");
  return forms;
} // prettier-ignore

function yearsOf(reader: MapReader, key: string, absent: number): number {
  const text = reader.optionalText(key) ?? String(absent);
  if (!/^\d{1,3}$/.test(text)) reader.refuse(`"${text}" is no number of years`, undefined, key);
  return Number(text);
}

/** Elements of the row itself that a condition looks at. */
export function elementsOf(condition: Condition): readonly string[] {
  if (condition.kind === "belongs") return [condition.element, condition.of];
  if ("element" in condition) return [condition.element];
  if (condition.kind === "not") return elementsOf(condition.of);
  return condition.kind === "all" || condition.kind === "any" ? condition.of.flatMap(elementsOf) : [];
}

/** The other rows a condition asks for. */
export function hasIn(condition: Condition): readonly HasCondition[] {
  if (condition.kind === "has") return [condition];
  if (condition.kind === "not") return hasIn(condition.of);
  return condition.kind === "all" || condition.kind === "any" ? condition.of.flatMap(hasIn) : [];
}

/**
 * The part of a condition that looks at the row alone; what the rest may still rule out is let through.
 * INVARIANT: implied by the condition, so rows it excludes do not meet the whole.
 */
export function ownPart(condition: Condition): Condition {
  if (condition.kind === "all") return { kind: "all", of: condition.of.map(ownPart) };
  return hasIn(condition).length > 0 ? { kind: "all", of: [] } : condition;
}
