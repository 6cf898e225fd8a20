import type { Checked } from "../base/checked.ts";
import { pass, passIf } from "../base/checked.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import { mapReader, parseYaml } from "../base/yaml-node.ts";
import type { Catalogue, Segment } from "../catalog/catalogue.ts";
import { isSame } from "../catalog/layers.ts";
import type { SourceText } from "../catalog/reading.ts";
import type { AreaList } from "./area-list.ts";
import type { Condition } from "./condition.ts";
import { readCondition } from "./condition-reader.ts";
import type { DatedElement, Measure, MeasureTest, Range, RecordRuleSaid, Rule, RowTest, RuleBook, Said, Tier } from "./rule.ts";
import { TIERS, WHOLE } from "./rule.ts";

const KEYS = ["rulebook", "version", "datasets", "denied", "ranges", "records", "rules", "measures", "open", "sourced"];
const SAID = ["id", "says", "cms"];
const RULE_KEYS = [...SAID, "tier", "of", "when", "must", "within", "by", "apart", "unique", "ends_by", "claim", "line_count", "dated"];
const MEASURE_KEYS = [...SAID, "of", "among", "share", "shared", "missing", "least", "most"];

/** What the parts of the parser share. */
type Reading = {
  readonly problems: Problem[];
  readonly own: readonly Catalogue[];
  readonly all: readonly Catalogue[];
  readonly lists: readonly AreaList[];
};

/**
 * Reads a rule book (docs/formats/rules.md) against the catalogues it is about and the lists of places it may name.
 * INVARIANT: a book that passes names segments, elements and values that exist, so that no rule is silently never met.
 */
export function parseRuleBook(
  { file, text }: SourceText,
  catalogues: readonly Catalogue[],
  lists: readonly AreaList[] = [],
): Checked<RuleBook> {
  const node = parseYaml(file, text);
  if (!node.ok) return node;
  const problems: Problem[] = [];
  const reader = mapReader(node.value, KEYS, problems);
  const [version, datasets] = [reader.text("version"), reader.texts("datasets")];
  const own = catalogues.filter((one) => one.version === version && datasets.includes(one.dataset));
  for (const dataset of datasets)
    if (!own.some((one) => one.dataset === dataset)) reader.refuse(`no catalogue describes ${dataset} ${version}`, undefined, "datasets");
  const ids = own.flatMap(({ segments }) => segments.map(({ id }) => id));
  const shared = ids.find((id, at) => ids.indexOf(id) !== at);
  if (shared !== undefined) reader.refuse(`two of the datasets have a segment ${shared}`, "write a book for each", "datasets");
  const reading: Reading = { problems, own, all: catalogues.filter((one) => one.version === version), lists };
  const denied = readDenied(reader, problems);
  const book: RuleBook = {
    title: reader.text("rulebook"),
    version,
    datasets,
    ...(denied === undefined ? {} : { denied }),
    ...optional("ranges", reader.optionalText("ranges")),
    records: reader.maps("records", [...SAID, "tier", "follows"]).map(readRecordRule),
    rules: reader.maps("rules", RULE_KEYS).map((one) => readRule(one, reading)),
    measures: reader.maps("measures", MEASURE_KEYS).map((one) => readMeasure(one, reading)),
    open: reader
      .maps("open", ["cms", "says", "why"])
      .map((one) => ({ cms: one.text("cms"), says: one.text("says"), why: one.text("why") })),
    sourced: reader.maps("sourced", ["elements", "from", "why", "cite"]).map((one) => {
      checkSourced(one, own);
      return { elements: one.texts("elements"), from: one.text("from"), why: one.text("why"), cite: one.text("cite") };
    }),
  };
  refuseTwice(reader, book);
  return passIf(asCatalogueProblems(problems), () => book);
}

const asCatalogueProblems = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map((found) => ({ ...found, code: "E_CATALOGUE" }));

function refuseTwice(reader: MapReader, { records, rules, measures }: RuleBook): void {
  const ids = [...records, ...rules, ...measures].map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) reader.refuse(`the id "${twice}" is there twice`, "each rule and measure has its own");
}

function readDenied(reader: MapReader, problems: Problem[]): RuleBook["denied"] {
  const node = reader.node("denied");
  if (node === undefined) return undefined;
  const denied = mapReader(node, ["element", "is"], problems);
  return { element: denied.text("element"), values: denied.texts("is") };
}

function readSaid(reader: MapReader): Said {
  const [id, cms] = [reader.text("id"), reader.optionalText("cms")];
  if (!/^([a-z][a-z0-9-]*|E\d{4})$/.test(id)) reader.refuse(`"${id}" is no id`, "write small letters, digits and hyphens", "id");
  return { id, says: reader.text("says"), ...(cms === undefined ? {} : { cms }) };
}

function readTier(reader: MapReader): Tier {
  const tier = reader.text("tier");
  if (!TIERS.includes(tier)) reader.refuse(`unknown tier "${tier}"`, `write ${TIERS.join(", ")}`, "tier");
  return tier as Tier;
}

function readRecordRule(reader: MapReader): RecordRuleSaid {
  const follows = reader.text("follows");
  if (follows !== "rejected" && follows !== "refused") reader.refuse(`unknown "${follows}"`, "write rejected or refused", "follows");
  return { ...readSaid(reader), tier: readTier(reader), follows: follows === "refused" ? "refused" : "rejected" };
}

function readRule(reader: MapReader, reading: Reading): Rule {
  const said = readSaid(reader);
  const segments = segmentsOf(reader, reading);
  const test = readTest(reader, segments, reading);
  const of = segments.filter((segment) => test.kind !== "within" || segment.id !== test.parent).map(({ id }) => id);
  return { ...said, tier: readTier(reader), of, test };
}

/** `of: all` means every segment of the book's datasets that has what the rule looks at. */
function segmentsOf(reader: MapReader, { own }: Reading): readonly Segment[] {
  const known = own.flatMap(({ segments }) => segments);
  if (reader.node("of")?.kind === "text" && reader.text("of") === "all") return known.filter((segment) => isFit(reader, segment));
  return reader.texts("of").flatMap((id) => {
    const segment = known.find((one) => one.id === id);
    if (segment === undefined) reader.refuse(`no segment "${id}"`, nearestHint(id, known.map((one) => one.id), "the catalogue"), "of"); // prettier-ignore
    return segment === undefined ? [] : [segment];
  });
}

function isFit(reader: MapReader, { elements, span }: Segment): boolean {
  if (reader.has("dated")) return elements.some(({ dated }) => dated !== undefined);
  const unique = reader.optionalText("unique");
  return unique === undefined ? span !== undefined : elements.some(({ name }) => name === unique);
}

function readTest(reader: MapReader, segments: readonly Segment[], reading: Reading): RowTest {
  const condition = conditionReader(reader, segments, reading);
  if (reader.has("must")) return { kind: "row", ...optional("when", condition("when")), must: condition("must") ?? NEVER };
  if (reader.has("within")) {
    const [parent, by] = [reader.text("within"), reader.texts("by")];
    for (const id of [parent, ...segments.map((one) => one.id)]) checkElements(reader, id, by, reading);
    checkTogether(reader, segments, parent, reading);
    return { kind: "within", parent, by };
  }
  if (reader.truth("apart")) return { kind: "apart" };
  if (reader.truth("dated")) return { kind: "dated", values: segments.flatMap(datedOf) };
  const unique = reader.optionalText("unique");
  if (unique !== undefined) {
    for (const { id } of segments) checkElements(reader, id, [unique], reading);
    return { kind: "unique", element: unique };
  }
  if (reader.has("claim") || reader.has("line_count")) return readClaimTest(reader, segments, reading);
  const [segment, element, ...more] = reader.texts("ends_by");
  if (segment === undefined || element === undefined || more.length > 0)
    reader.refuse(
      "a rule says what rows must be like",
      "write must, within, apart: true, unique, dated: true, ends_by: [SEGMENT, ELEMENT], claim or line_count",
    );
  else {
    checkElements(reader, segment, [element], reading);
    checkTogether(reader, segments, segment, reading);
  }
  return { kind: "ends-by", segment: segment ?? "", element: element ?? "" };
}

const datedOf = ({ id, elements }: Segment): readonly DatedElement[] =>
  elements.flatMap(({ name, dated = [] }) => dated.map((value) => ({ ...value, segment: id, element: name })));

function readClaimTest(reader: MapReader, segments: readonly Segment[], reading: Reading): RowTest {
  const element = reader.optionalText("line_count");
  const unfit = segments.find(({ claim }) => claim === undefined || (claim.header === undefined) !== (element !== undefined));
  if (unfit !== undefined) reader.refuse(`${unfit.id} holds no ${element === undefined ? "lines" : "headers"} of claims`);
  if (element !== undefined) {
    for (const { id } of segments) checkElements(reader, id, [element], reading);
    return { kind: "line-count", element };
  }
  const what = reader.text("claim");
  if (what !== "header" && what !== "days") reader.refuse(`unknown "${what}"`, "write header or days", "claim");
  return { kind: "of-claim", days: what === "days" };
}

/** INVARIANT: rows are compared within one file, so a rule's segments and the one they are held against are of one dataset. */
function checkTogether(reader: MapReader, segments: readonly Segment[], other: string, { own }: Reading): void {
  const apart = segments.find(
    (one) => !own.some((catalogue) => catalogue.segments.includes(one) && catalogue.segments.some(({ id }) => id === other)),
  );
  if (apart !== undefined) reader.refuse(`${apart.id} and ${other} are of different datasets`);
}

/** Elements that a segment must have. */
function checkElements(reader: MapReader, id: string, elements: readonly string[], { own }: Reading): void {
  const known = own.flatMap(({ segments }) => segments);
  const segment = known.find((one) => one.id === id);
  if (segment === undefined) reader.refuse(`no segment "${id}"`, nearestHint(id, known.map((one) => one.id), "the catalogue")); // prettier-ignore
  const names = segment?.elements.map(({ name }) => name) ?? elements;
  for (const element of elements)
    if (!names.includes(element)) reader.refuse(`${id} has no element "${element}"`, nearestHint(element, names, "the catalogue"));
}

const NEVER: Condition = { kind: "any", of: [] };

/** Reads a condition once for each segment, so that each of them is seen to have what it names. */
function conditionReader(reader: MapReader, segments: readonly Segment[], { all, lists, problems }: Reading) {
  return (key: string): Condition | undefined => {
    const node = reader.node(key);
    if (node === undefined) return undefined;
    return segments.map((segment) => readCondition(node, { segment, catalogues: all, lists, problems }))[0] ?? NEVER;
  };
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [name in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [name in K]?: V };

function readMeasure(reader: MapReader, reading: Reading): Measure {
  return { ...readSaid(reader), test: readMeasureTest(reader, reading), ...readRange(reader) };
}

function readMeasureTest(reader: MapReader, reading: Reading): MeasureTest {
  if (reader.has("missing")) return { kind: "missing", element: reader.text("missing") };
  const of = reader.text("of");
  const segments = reading.own.flatMap((one) => one.segments).filter(({ id }) => id === of);
  if (segments.length === 0) reader.refuse(`no segment "${of}"`, undefined, "of");
  if (reader.has("shared")) {
    if (segments.length > 0) checkElements(reader, of, [reader.text("shared")], reading);
    return { kind: "shared", of, element: reader.text("shared") };
  }
  const condition = conditionReader(reader, segments, reading);
  return { kind: "share", of, ...optional("among", condition("among")), share: condition("share") ?? NEVER };
}

function readRange(reader: MapReader): Range {
  const share = (key: string, absent: number): number => {
    const written = reader.optionalText(key);
    if (written === undefined) return absent;
    const read = parseShare(written);
    if (read === undefined) reader.refuse(`"${written}" is no share`, "write it in percent, such as 2% or 0.1%", key);
    return read ?? absent;
  };
  return { least: share("least", 0), most: share("most", WHOLE) };
}

/** A share such as `0.1%`, in hundredths of a percent. */
export function parseShare(text: string): number | undefined {
  const [, whole, part = ""] = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(text) ?? [];
  const share = whole === undefined ? WHOLE + 1 : Number(whole) * 100 + Number(part.padEnd(2, "0"));
  return share > WHOLE ? undefined : share;
}

function checkSourced(reader: MapReader, own: readonly Catalogue[]): void {
  const names = new Set(own.flatMap(({ segments }) => segments.flatMap(({ elements }) => elements.map(({ name }) => name))));
  for (const name of reader.texts("elements"))
    if (!names.has(name)) reader.refuse(`no element "${name}"`, nearestHint(name, names, "the catalogue"), "elements");
}

/** The book for a dataset and dictionary; none where nobody wrote one. */
export const bookFor = (books: readonly RuleBook[], { dataset, version }: Pick<Catalogue, "dataset" | "version">): RuleBook | undefined =>
  books.find((book) => book.version === version && book.datasets.includes(dataset));

/** The books of several folders. INVARIANT: of a dataset, the book of the first folder that describes it or speaks of it counts. */
export function layeredBooks(
  layers: readonly { readonly catalogues: readonly Catalogue[]; readonly books: readonly RuleBook[] }[],
): readonly RuleBook[] {
  return layers.flatMap(({ books }, at) => {
    const before = layers.slice(0, at);
    const isTaken = (dataset: string, version: string): boolean =>
      before.some(
        (one) =>
          one.catalogues.some((other) => isSame(other, { dataset, version })) || bookFor(one.books, { dataset, version }) !== undefined,
      );
    return books
      .map((book) => ({ ...book, datasets: book.datasets.filter((dataset) => !isTaken(dataset, book.version)) }))
      .filter(({ datasets }) => datasets.length > 0);
  });
}

/** Several books, none of which speaks of a dataset that another speaks of. */
export function distinctBooks(books: readonly RuleBook[]): Checked<readonly RuleBook[]> {
  const spoken = books.flatMap(({ datasets, version }) => datasets.map((dataset) => `${dataset} ${version}`));
  const twice = spoken.find((one, at) => spoken.indexOf(one) !== at);
  if (twice === undefined) return pass(books);
  return { ok: false, problems: [{ code: "E_CATALOGUE", message: `two rule books speak of ${twice}` }] };
}
