import type { Catalogue, Segment } from "../catalog/catalogue.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import type { MapReader, YamlNode } from "../base/yaml-node.ts";
import { mapReader } from "../base/yaml-node.ts";
import type { AreaList } from "./area-list.ts";
import type { Condition, Match, TextForm } from "./condition.ts";
import { hasIn, TEXT_FORMS } from "./condition.ts";

const KEYS = [
  ..."all any not element is is_not filled own_state form like contains belongs_to list age_from age_to".split(" "),
  ..."begins_from begins_to has dataset where by".split(" "),
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
  const by = readMatch(reader, { ...words, segment }, words.segment);
  if (by !== undefined && dataset === undefined)
    reader.refuse("rows of one dataset are told together by person", "name another dataset", "by");
  return {
    kind: "has",
    segment: id,
    ...(dataset === undefined ? {} : { dataset }),
    ...(where === undefined ? {} : { where }),
    ...(by === undefined ? {} : { by }),
  };
}

/** INVARIANT: only across datasets, since rows of one are looked at in shares of its people. */
function readMatch(reader: MapReader, { segment, problems }: ConditionWords, own: Segment): Match | undefined {
  const node = reader.node("by");
  if (node === undefined) return undefined;
  const match = mapReader(node, ["theirs", "own"], problems);
  return { theirs: elementOf(match, "theirs", segment), own: elementOf(match, "own", own) };
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
