import type { Sha256 } from "../base/bytes.ts";
import type { Checked } from "../base/checked.ts";
import { pass } from "../base/checked.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import { AtomList } from "./atom.ts";
import type { Condition } from "./condition.ts";
import { conjoin } from "./condition.ts";
import type { Instrument } from "./instrument.ts";
import { parseInstrument } from "./instrument.ts";
import type { Judge } from "./judge.ts";
import type { Law, Regime, Rule } from "./law.ts";
import { sourceDigest } from "./law.ts";
import { parseDuties } from "./duties.ts";
import { relationProblems } from "./relations.ts";
import type { LiterateFile } from "./markdown.ts";
import { readLiterate } from "./markdown.ts";
import type { ParsedRule, RuleContext } from "./rule.ts";
import { fromJudge, parseRules, placeIn } from "./rule.ts";
import { scopedExceptions } from "./scope.ts";
import { settleAtoms } from "./settle.ts";
import type { Grade, SourceFile } from "./source.ts";
import { GRADES, lowerGrade } from "./source.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { parseVocabulary } from "./vocabulary.ts";
import { parseWholeTerms, WHOLE_ANNOTATIONS } from "./whole-terms.ts";
import { CEDAR_SCHEMA, knownWords } from "./words.ts";

const REGIMES_PATH = "vocabulary/regimes.md";
const RULE_ANNOTATIONS = [
  "id",
  "cite",
  "pinpoint",
  "mask",
  "defeats",
  "protects",
  "duties",
  ...WHOLE_ANNOTATIONS,
  "interpretation",
  "grade",
];
const REGIME_ANNOTATIONS = ["id", "title", "cite", "needs"];

/**
 * Loads all law or none of it: every file must parse, validate strictly against the Cedar schema and keep the profile.
 * INVARIANT: an error anywhere means no law at all, since a bar that did not load would open.
 */
export function loadLaw(files: readonly SourceFile[], judge: Judge, sha256: Sha256): Checked<Law> {
  const vocabulary = parseVocabulary(files);
  if (!vocabulary.ok) return vocabulary;
  const problems: Problem[] = [];
  const literate = readAll(files, problems);
  const orders = literate.map((file) => frontMatterId(file)).filter((id) => id !== undefined);
  const base = { judge, words: knownWords(vocabulary.value, orders), atoms: new AtomList() };
  const regimes = readRegimes(literate, { ...base, annotations: REGIME_ANNOTATIONS, treesAllowed: true }, problems);
  const regimeIds = regimes.map((regime) => regime.id);
  const context = { ...base, annotations: RULE_ANNOTATIONS, treesAllowed: false };
  const read = literate
    .filter((file) => file.path !== REGIMES_PATH)
    .flatMap((file) => readInstrument(file, regimeIds, vocabulary.value, context, problems));
  const instruments = read.map(({ instrument }) => instrument);
  const rules = read.flatMap((found) => found.rules);
  problems.push(...validate(rules, judge), ...relationProblems(instruments, rules));
  if (problems.length > 0) return { ok: false, problems };
  const { atoms } = base.atoms;
  return pass({
    vocabulary: vocabulary.value,
    regimes,
    instruments,
    rules,
    atoms,
    settled: settleAtoms(atoms, vocabulary.value, judge),
    tables: read.flatMap(({ instrument, file }) => file.tables.map((table) => ({ instrument: instrument.id, path: file.path, table }))),
    sourceDigest: sourceDigest(files, judge.version, sha256),
  });
}

function readAll(files: readonly SourceFile[], problems: Problem[]): readonly LiterateFile[] {
  return files
    .filter((file) => file.path.endsWith(".md") && file.path.split("/").at(-1) !== "README.md")
    .flatMap((file) => {
      const read = readLiterate(file);
      if (!read.ok) problems.push(...read.problems);
      return read.ok ? [read.value] : [];
    });
}

/** The id alone, needed before anything else can be checked: rules name other orders' party lists. */
const frontMatterId = (file: LiterateFile): string | undefined => /^id:\s*(\S+)\s*$/m.exec(file.frontMatter.text)?.[1];

function readRegimes(files: readonly LiterateFile[], context: RuleContext, problems: Problem[]): readonly Regime[] {
  const file = files.find((candidate) => candidate.path === REGIMES_PATH);
  if (file === undefined) {
    problems.push(problem("E_LAW", `the regimes are not declared: ${REGIMES_PATH} is missing`, { at: { file: REGIMES_PATH } }));
    return [];
  }
  return parseRules(file.path, file.cedar, context, problems).map((rule) => {
    const needs = rule.annotations["needs"];
    if (rule.effect === "forbid")
      problems.push(
        problem("E_LAW", "a regime is declared as a permit", { at: rule.at, hint: "write permit (…): it says where the regime applies" }),
      );
    if (needs !== "permit" && needs !== "bars-only") {
      problems.push(problem("E_LAW", "a regime says what it needs", { at: rule.at, hint: 'add @needs("permit") or @needs("bars-only")' }));
    }
    return {
      id: rule.id,
      title: rule.annotations["title"] ?? rule.id,
      needs: needs === "bars-only" ? "bars-only" : "permit",
      cites: (rule.annotations["cite"] ?? "").split("; "),
      applies: rule.condition,
    } satisfies Regime;
  });
}

type ReadInstrument = { readonly instrument: Instrument; readonly rules: readonly Rule[]; readonly file: LiterateFile };

function readInstrument(
  file: LiterateFile,
  regimes: readonly string[],
  vocabulary: Vocabulary,
  context: RuleContext,
  problems: Problem[],
): ReadInstrument[] {
  const parsed = parseRules(file.path, file.cedar, context, problems);
  const instrument = parseInstrument(file, context.words, regimes);
  if (!instrument.ok) problems.push(...instrument.problems);
  if (!instrument.ok) return [];
  const rules = [
    ...parsed.map((rule) => toRule(rule, instrument.value, vocabulary, context, problems)),
    ...scopedExceptions(instrument.value, context, problems),
  ];
  return [{ instrument: instrument.value, rules, file }];
}

function toRule(parsed: ParsedRule, instrument: Instrument, vocabulary: Vocabulary, context: RuleContext, problems: Problem[]): Rule {
  const { pinpoint, mask, defeats, interpretation, protects, duties } = parsed.annotations;
  const refuse = (message: string, hint: string): void => {
    problems.push(problem("E_LAW", message, { at: parsed.at, hint }));
  };
  const masks = new Set(vocabulary.fields.flatMap((field) => field.masks));
  if (mask !== undefined && !masks.has(mask)) refuse(`unknown mask "${mask}"`, nearestHint(mask, masks, "law/vocabulary/fields.yaml"));
  if (defeats !== undefined && parsed.effect !== "permit") refuse("a defeat is written as a permit", "write permit (…) with @defeats");
  if (protects !== undefined && protects !== "refusal") refuse(`unknown protection "${protects}"`, '@protects("refusal")');
  if (protects !== undefined && parsed.effect !== "forbid")
    refuse("a protection forbids to punish", 'write forbid (…) with @protects("refusal"): principal is who demands');
  const fields = vocabulary.fields.map((field) => field.id);
  const whole = parseWholeTerms(parsed.annotations, fields, parsed.at, problems);
  if ((duties !== undefined || whole !== undefined) && (parsed.effect !== "permit" || defeats !== undefined))
    refuse("only a permit lays duties on a recipient, or terms on an extract", "write them on the permit that opens");
  const grade = parsed.annotations["grade"] ?? instrument.grade;
  if (!(GRADES as readonly string[]).includes(grade))
    refuse(`unknown grade "${grade}"`, nearestHint(grade, GRADES, "docs/formats/instrument.md"));
  return {
    name: `${instrument.id}#${parsed.id}`,
    instrument: instrument.id,
    regime: instrument.regime,
    satisfies: [instrument.regime, ...instrument.discharges.map((discharge) => discharge.regime)],
    effect: parsed.effect,
    ...(defeats === undefined ? {} : { defeats }),
    ...(protects === undefined ? {} : { protects: "refusal" }),
    ...(duties === undefined ? {} : { duties: parseDuties(duties, vocabulary.duties, parsed.at, problems) }),
    ...(whole === undefined ? {} : { whole }),
    cite: parsed.annotations["cite"] ?? "",
    ...(pinpoint === undefined ? {} : { pinpoint }),
    ...(mask === undefined ? {} : { mask }),
    ...(interpretation === undefined ? {} : { interpretation }),
    // WHY: a rule can be known worse than its instrument, never better.
    grade: lowerGrade(grade as Grade, instrument.grade),
    condition: conjoin(bound(instrument, context), parsed.condition),
    text: parsed.text,
    at: parsed.at,
  };
}

/** A custodian's own policy reaches that custodian only. */
function bound(instrument: Instrument, context: RuleContext): Condition {
  if (instrument.binds === undefined) return { kind: "always" };
  const left = { ".": { left: { Var: "context" }, attr: "discloser" } };
  const expr = { "==": { left, right: { Value: { __entity: { type: "Party", id: instrument.binds } } } } };
  return { kind: "atom", atom: context.atoms.index({ kind: "words", dimension: "discloser", expr }) };
}

/** Strict validation of all rules in one call. */
function validate(rules: readonly Rule[], judge: Judge): readonly Problem[] {
  const policies = Object.fromEntries(rules.map((rule) => [rule.name, rule.text]));
  return judge.validate(CEDAR_SCHEMA, policies).map((error) => {
    const rule = rules.find((candidate) => candidate.name === error.policy);
    const at = rule === undefined ? { file: "law" } : placeIn(rule.at.file, rule.at.line ?? 1, rule.text, error.offset ?? 0);
    return fromJudge(error, at);
  });
}
