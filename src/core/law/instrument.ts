import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { civilDate } from "../base/civil-date.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import { mapReader, parseYaml } from "../base/yaml-node.ts";
import { FRONT_MATTER_KEYS, keysWithin, KINDS } from "./front-matter.ts";
import type { LiterateFile } from "./markdown.ts";
import type { Grade } from "./source.ts";
import { GRADES, lowerGrade } from "./source.ts";
import type { KnownWords } from "./words.ts";

/** A day known exactly (both ends equal) or only between two days. */
export type DayRange = { readonly earliest: CivilDate; readonly latest: CivilDate };

export type InstrumentKind = (typeof KINDS)[number];

export type Source = {
  readonly cite: string;
  readonly url?: string;
  readonly grade: Grade;
  readonly sha256?: string;
  readonly reviewedBy?: string;
};
export type Stay = {
  readonly from: CivilDate;
  readonly to?: CivilDate;
  readonly rules?: readonly string[];
  /** A condition in Cedar: only where it holds are the rules set aside. */
  readonly scope?: Scope;
  readonly cite: string;
  readonly grade: Grade;
};
/** A condition written in front matter, read like the `when` of a rule. */
export type Scope = { readonly text: string; readonly at: Place };
/** Rules of an earlier instrument that end when this one takes effect. */
export type Modification = { readonly instrument: string; readonly rules: readonly string[]; readonly cite: string; readonly grade: Grade };
/** A bar of any instrument that does not reach what the scope holds for. */
export type Exception = {
  readonly rule: string;
  readonly scope: Scope;
  readonly cite: string;
  readonly grade: Grade;
  readonly interpretation: string;
};
export type Membership = {
  readonly jurisdiction: string;
  readonly from?: CivilDate;
  readonly to?: CivilDate;
  readonly unresolved: boolean;
  readonly cite: string;
};

/** One piece of law with its dates, its sources and what it does to other instruments. docs/formats/instrument.md */
export type Instrument = {
  readonly id: string;
  readonly path: string;
  readonly title: string;
  readonly cite: string;
  readonly kind: InstrumentKind;
  readonly regime: string;
  readonly court?: string;
  readonly docket?: string;
  readonly entry?: string;
  readonly issued: DayRange;
  readonly effective: DayRange;
  readonly ends?: DayRange;
  readonly endsOnEvent?: { readonly event: string; readonly days: number };
  readonly finds: readonly { readonly event: string; readonly on: CivilDate; readonly cite: string }[];
  readonly extends: readonly string[];
  readonly supersedes: readonly string[];
  readonly modifies: readonly Modification[];
  readonly defeats: readonly Exception[];
  readonly stayed: readonly Stay[];
  readonly vacated?: { readonly on: CivilDate; readonly cite: string };
  readonly binds?: string;
  readonly protects: readonly Membership[];
  readonly discharges: readonly { readonly regime: string; readonly cite: string }[];
  readonly sources: readonly Source[];
  /** The best grade among the sources. */
  readonly grade: Grade;
  /** Whether all of it bears a valid review (core/entry/review.ts). INVARIANT: a file never says so of itself. */
  readonly reviewed: boolean;
};

/** Reads an instrument's front matter; every problem is located. */
export function parseInstrument(file: LiterateFile, words: KnownWords, regimes: readonly string[]): Checked<Instrument> {
  const parsed = parseYaml(file.path, file.frontMatter.text, file.frontMatter.line);
  if (!parsed.ok) return parsed;
  const problems: Problem[] = [];
  const reader = mapReader(parsed.value, FRONT_MATTER_KEYS, problems);
  const days = dayReader(problems);
  const choice = <T extends string>(found: string, known: readonly T[], from: MapReader, key: string): T => {
    if (!(known as readonly string[]).includes(found))
      from.refuse(`unknown ${key} "${found}"`, nearestHint(found, known, "docs/formats/instrument.md"), key);
    return found as T;
  };
  const word = (type: string, id: string, from: MapReader, key: string): string => {
    if (!words.has(type, id)) from.refuse(`unknown ${type} "${id}"`, nearestHint(id, words.all(type), words.listedIn(type)), key);
    return id;
  };
  const regime = (id: string, from: MapReader): string => choice(id, regimes, from, "regime");
  const id = reader.text("id");
  if (!/^[a-z0-9]+([-./][a-z0-9]+)*$/.test(id))
    reader.refuse(`"${id}" is no instrument id`, "lower case, digits, and - . / between them", "id");
  const sources = reader.maps("sources", keysWithin("sources")).map((from) => readSource(from, choice));
  if (sources.length === 0) reader.refuse("an instrument needs at least one source", "sources: [{ cite, url, grade }]");
  const grade = GRADES.find((candidate) => sources.some((source) => source.grade === candidate)) ?? "recalled";
  const issued = days.range(reader, "issued");
  const instrument: Instrument = {
    id,
    path: file.path,
    title: reader.text("title"),
    cite: reader.text("cite"),
    kind: choice(reader.text("kind"), KINDS, reader, "kind"),
    regime: regime(reader.text("regime"), reader),
    ...optionalTexts(reader, ["court", "docket", "entry"]),
    issued,
    effective: reader.has("effective") ? days.range(reader, "effective") : issued,
    ...(reader.has("ends") ? { ends: days.range(reader, "ends") } : {}),
    ...readEvent(reader, problems),
    finds: reader
      .maps("finds", keysWithin("finds"))
      .map((from) => ({ event: from.text("event"), on: days.day(from, "on"), cite: from.text("cite") })),
    extends: reader.texts("extends"),
    supersedes: reader.texts("supersedes"),
    modifies: readModifications(reader, choice, grade),
    defeats: readExceptions(reader, choice, grade),
    stayed: readStays(reader, days, choice, grade),
    ...readVacated(reader, days, problems),
    ...(reader.has("binds") ? { binds: word("Party", reader.text("binds"), reader, "binds") } : {}),
    protects: readProtects(reader, days, (id, from) => word("Jurisdiction", id, from, "jurisdiction")),
    discharges: reader
      .maps("discharges", keysWithin("discharges"))
      .map((from) => ({ regime: regime(from.text("regime"), from), cite: from.text("cite") })),
    sources,
    grade,
    reviewed: false,
  };
  checkTogether(instrument, reader);
  return passIf(problems, () => instrument);
}

/** Refuses keys that do not go together. */
function checkTogether({ finds, kind, ends, effective, extends: extended }: Instrument, reader: MapReader): void {
  if (finds.length > 0 && kind !== "order") reader.refuse("only an order can find that an event happened", undefined, "finds");
  if (ends !== undefined && ends.latest < effective.earliest) reader.refuse("it ends before it takes effect", undefined, "ends");
  if (extended.length > 0 && ends === undefined) reader.refuse("an extension needs its new end", "add ends: YYYY-MM-DD");
}

/** Said of every part of a bar set aside by a scope: where the part ends is read, not quoted. */
export const AS_EXCEPTION = "the bar is read as not reaching this scope";

type Choice = <T extends string>(found: string, known: readonly T[], from: MapReader, key: string) => T;

function readSource(from: MapReader, choice: Choice): Source {
  return {
    cite: from.text("cite"),
    grade: choice(from.text("grade"), GRADES, from, "grade"),
    ...optionalTexts(from, ["url", "sha256", "reviewedBy"]),
  };
}

function optionalTexts<K extends string>(reader: MapReader, keys: readonly K[]): { readonly [P in K]?: string } {
  const found = keys.flatMap((key) => {
    const text = reader.optionalText(key);
    return text === undefined ? [] : [[key, text] as const];
  });
  return Object.fromEntries(found) as { readonly [P in K]?: string };
}

function readEvent(reader: MapReader, problems: Problem[]): Pick<Instrument, "endsOnEvent"> {
  const node = reader.node("endsOnEvent");
  if (node === undefined) return {};
  const from = mapReader(node, keysWithin("endsOnEvent"), problems);
  const days = from.text("days");
  if (!/^\d{1,4}$/.test(days)) from.refuse("days must be a whole number below 10000", undefined, "days");
  return { endsOnEvent: { event: from.text("event"), days: Number(days) } };
}

function readVacated(reader: MapReader, days: DayReader, problems: Problem[]): Pick<Instrument, "vacated"> {
  const node = reader.node("vacated");
  if (node === undefined) return {};
  const from = mapReader(node, keysWithin("vacated"), problems);
  return { vacated: { on: days.day(from, "on"), cite: from.text("cite") } };
}

function readStays(reader: MapReader, days: DayReader, choice: Choice, otherwise: Grade): readonly Stay[] {
  return reader.maps("stayed", keysWithin("stayed")).map((from) => {
    if (from.has("scope") && !from.has("rules")) from.refuse("a stay with a scope names the rules it reaches", 'rules: ["1"]', "scope");
    return {
      from: days.day(from, "from"),
      ...days.until(from),
      ...(from.has("rules") ? { rules: from.texts("rules") } : {}),
      ...(from.has("scope") ? { scope: readScope(from) } : {}),
      cite: from.text("cite"),
      grade: from.has("grade") ? choice(from.text("grade"), GRADES, from, "grade") : otherwise,
    };
  });
}

/** WHY never better than the instrument's: an entry is known no better than the text it stands in. */
function gradeIn(from: MapReader, choice: Choice, instrument: Grade): Grade {
  const said = from.has("grade") ? choice(from.text("grade"), GRADES, from, "grade") : instrument;
  return lowerGrade(said, instrument);
}

const readScope = (from: MapReader): Scope => ({ text: from.text("scope"), at: from.node("scope")?.at ?? from.at });

function readModifications(reader: MapReader, choice: Choice, otherwise: Grade): readonly Modification[] {
  return reader.maps("modifies", keysWithin("modifies")).map((from) => {
    const rules = from.texts("rules");
    // WHY: a whole instrument ends by `supersedes`; an empty list must not pass for one.
    if (rules.length === 0) from.refuse("a modification names the rules it ends", 'rules: ["1"]', "rules");
    return { instrument: from.text("instrument"), rules, cite: from.text("cite"), grade: gradeIn(from, choice, otherwise) };
  });
}

function readExceptions(reader: MapReader, choice: Choice, otherwise: Grade): readonly Exception[] {
  return reader.maps("defeats", keysWithin("defeats")).map((from) => ({
    rule: from.text("rule"),
    scope: readScope(from),
    cite: from.text("cite"),
    grade: gradeIn(from, choice, otherwise),
    interpretation: from.optionalText("interpretation") ?? AS_EXCEPTION,
  }));
}

function readProtects(reader: MapReader, days: DayReader, known: (id: string, from: MapReader) => string): readonly Membership[] {
  return reader.maps("protects", keysWithin("protects")).map((from) => ({
    jurisdiction: known(from.text("jurisdiction"), from),
    ...(from.has("from") ? { from: days.day(from, "from") } : {}),
    ...days.until(from),
    unresolved: from.truth("unresolved"),
    cite: from.text("cite"),
  }));
}

type DayReader = {
  day(from: MapReader, key: string): CivilDate;
  range(from: MapReader, key: string): DayRange;
  /** The last day `to`, where there is one, no earlier than `from`. */
  until(from: MapReader): { readonly to?: CivilDate };
};

const NEVER_DAY = "9999-12-31" as CivilDate;

function dayReader(problems: Problem[]): DayReader {
  const parse = (text: string, at: Place): CivilDate => {
    const checked = civilDate(text);
    if (checked.ok) return checked.value;
    problems.push(...checked.problems.map((found) => ({ ...found, at })));
    return NEVER_DAY;
  };
  const day = (from: MapReader, key: string): CivilDate => parse(from.text(key), from.node(key)?.at ?? from.at);
  const range = (from: MapReader, key: string): DayRange => {
    const node = from.node(key);
    if (node?.kind !== "map") {
      const exact = day(from, key);
      return { earliest: exact, latest: exact };
    }
    const inner = mapReader(node, ["earliest", "latest"], problems);
    const [earliest, latest] = [day(inner, "earliest"), day(inner, "latest")];
    if (earliest > latest) problems.push(problem("E_DATE", `the range ends before it starts`, { at: node.at }));
    return { earliest, latest };
  };
  const until = (from: MapReader): { readonly to?: CivilDate } => {
    if (!from.has("to")) return {};
    const to = day(from, "to");
    // WHY: a stay that ends before it starts stays nothing, and so would open in silence.
    if (from.has("from") && to < day(from, "from")) from.refuse("the span ends before it starts", undefined, "to");
    return { to };
  };
  return { day, range, until };
}
