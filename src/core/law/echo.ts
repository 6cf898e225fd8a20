import type { Clause, Named } from "./clause.ts";
import { alternativesOf, clauseOf, clausesOf } from "./clause.ts";
import type { Condition, Dimension } from "./condition.ts";
import { dutyText } from "./duties.ts";
import type { Law, Rule } from "./law.ts";
import { spansInForce, spansText } from "./span.ts";
import { wholeTermsText } from "./whole-terms.ts";
import { entityTypes } from "./words.ts";

/**
 * What a rule does, as one sentence made from its condition, its dates and what other instruments do to them; never kept
 * in the source. It says what the rule reaches and, for a bar, on what it is silent.
 */
export function ruleEcho(rule: Rule, law: Law): string {
  const { clauses, mixed } = clausesOf(rule.condition, law.atoms);
  const say = wording(rule, law);
  const conditions = [...conditionPhrases(clauses, say), ...mixed.map((part) => mixedText(part, law, say))];
  const evidence = clauses.filter((clause) => clause.dimension === "evidence").map((clause) => `, ${clauseText(clause, say)}`);
  const where = conditions.length === 0 ? "" : `, where ${conditions.join(", and ")}`;
  return `${spansText(spansInForce(rule, law))}: ${actText(rule, clauses, say)}${evidence.join("")}${where}. ${remainder(rule, clauses, mixed.length > 0)}${owedText(rule)}`;
}

/** What else a permit asks: of the extract it counts in, and of the recipient. */
function owedText({ whole, duties }: Rule): string {
  const counts = whole === undefined ? "" : ` It counts ${wholeTermsText(whole)}.`;
  return duties === undefined ? counts : `${counts} The recipient owes: ${duties.map(dutyText).join(", ")}.`;
}

/** How a word reads in a sentence. */
type Say = (dimension: Dimension, named: readonly Named[], joiner?: string) => string;

const TYPE_OF: Readonly<Record<Dimension, string>> = {
  recipient: "Party",
  discloser: "Party",
  action: "Action",
  purpose: "Purpose",
  evidence: "Evidence",
  field: "Field",
  origin: "Jurisdiction",
  population: "Population",
  funding: "Funding",
  special: "Special",
  applicant: "Applicant",
  system: "RecordSystem",
};

function wording(rule: Rule, law: Law): Say {
  const types = entityTypes(law.vocabulary, []);
  const one = (dimension: Dimension, { word, within }: Named): string => {
    if (dimension === "origin" && within) return word === rule.instrument ? "one this order protects" : `one ${word} protects`;
    const words = types.get(TYPE_OF[dimension]) ?? [];
    const title = words.find((candidate) => candidate.id === word)?.title ?? word;
    const isParent = words.some((candidate) => candidate.parents.includes(word));
    if (!isParent || dimension === "population") return title;
    if (dimension === "recipient" || dimension === "discloser") return `${title} ${within ? "(and all under it)" : "(itself)"}`;
    return `${title} ${within ? "(every kind)" : "(as such)"}`;
  };
  return (dimension, named, joiner = "or") => listed(named.map((name) => one(dimension, name)), joiner); // prettier-ignore
}

/** `a, b or c`, with semicolons where a title has a comma or a joiner of its own. */
function listed(texts: readonly string[], joiner = "or"): string {
  const separator = texts.some((text) => /,| or | and /.test(text.replaceAll(/\([^)]*\)/g, ""))) && texts.length > 2 ? ";" : ",";
  const before = separator === ";" ? ";" : "";
  return texts.length < 2 ? (texts[0] ?? "") : `${texts.slice(0, -1).join(`${separator} `)}${before} ${joiner} ${texts.at(-1)}`;
}

const GERUND: Readonly<Record<string, string>> = { disclose: "disclosing", view: "showing", use: "leaving for use" };
const BASE: Readonly<Record<string, string>> = { disclose: "disclose", view: "show", use: "leave for use" };

/** The first clause of a dimension that says which words it may be; it is said in the main sentence. */
const said = (clauses: readonly Clause[], dimension: Dimension): Clause | undefined =>
  clauses.find((clause) => clause.dimension === dimension && !clause.none);

/** What a dimension that is otherwise open leaves out; said in the main sentence too. */
const excepted = (clauses: readonly Clause[], dimension: Dimension): Clause | undefined =>
  EXCEPTED.has(dimension) && (dimension === "field" || said(clauses, dimension) === undefined)
    ? clauses.find((clause) => clause.dimension === dimension && clause.none)
    : undefined;
const EXCEPTED: ReadonlySet<Dimension> = new Set(["recipient", "discloser", "purpose", "field"]);

/** Subject, verb, object, recipient and purpose. */
function actText(rule: Rule, clauses: readonly Clause[], say: Say): string {
  const actions = said(clauses, "action")?.named.map(({ word }) => word) ?? ["disclose", "view", "use"];
  const part = (dimension: Dimension): string | undefined => {
    const clause = said(clauses, dimension);
    if (clause !== undefined) return say(dimension, clause.named);
    const others = excepted(clauses, dimension);
    if (others === undefined) return undefined;
    return `${dimension === "purpose" ? "any purpose" : "anyone"} except ${say(dimension, others.named, "and")}`;
  };
  const purpose = part("purpose");
  const purposes = purpose === undefined ? "" : ` for ${purpose}`;
  const onlyUse = actions.length === 1 && actions[0] === "use";
  const verbs = (forms: Readonly<Record<string, string>>): string => listed(actions.map((action) => forms[action] ?? action));
  const giver = part("discloser");
  const recipient = part("recipient");
  const object = maskedText(rule, objectText(clauses, say));
  const held =
    onlyUse && giver !== undefined && (giver !== recipient || (said(clauses, "discloser")?.named.length ?? 0) > 1)
      ? ` held by ${giver}`
      : "";
  const to = onlyUse ? held : ` to ${recipient ?? "anyone"}`;
  const who = (onlyUse ? recipient : giver) ?? "anyone";
  const lifts = `lifts ${rule.defeats === undefined ? "" : barText(rule.defeats, rule.instrument)} for ${object}`;
  const scope = [part("action") === undefined ? "" : ` ${verbs(GERUND)}`, giver === undefined ? "" : ` by ${giver}`];
  if (rule.defeats !== undefined) return `${lifts}${scope.join("")}${recipient === undefined ? "" : ` to ${recipient}`}${purposes}`;
  if (rule.protects !== undefined)
    return `refusal protected — ${giver ?? "anyone"} may refuse to ${verbs(BASE)} ${object}${to}${purposes}, and nobody may punish that`;
  return rule.effect === "forbid"
    ? `bars ${who} from ${onlyUse ? "using" : verbs(GERUND)} ${object}${to}${purposes}`
    : `permits ${who} to ${onlyUse ? "use" : verbs(BASE)} ${object}${to}${purposes}`;
}

const barText = (name: string, instrument: string): string =>
  name.startsWith(`${instrument}#`) ? `its bar #${name.slice(instrument.length + 1)}` : `the bar ${name}`;

/** A bar with a mask bars what is clearer; a permit with one permits nothing clearer. */
function maskedText({ mask, effect }: Rule, object: string): string {
  if (mask === undefined) return object;
  return effect === "forbid" ? `anything clearer than ${mask} of ${object}` : `${object} (no clearer than ${mask})`;
}

/** The kinds of data and the records they are from. */
function objectText(clauses: readonly Clause[], say: Say): string {
  const fields = said(clauses, "field");
  const others = excepted(clauses, "field");
  const system = said(clauses, "system");
  const from = system === undefined ? undefined : say("system", system.named);
  const but = others === undefined ? "" : ` except ${say("field", others.named, "and")}`;
  if (fields !== undefined) return `${say("field", fields.named)}${but}${from === undefined ? "" : ` from ${from}`}`;
  if (from === undefined) return `any record${but}`;
  return but === "" ? from : `anything in ${from}${but}`;
}

const IN_MAIN_SENTENCE: readonly Dimension[] = ["recipient", "discloser", "action", "purpose", "field", "system"];

/** Every clause the main sentence has not said. INVARIANT: with it, every clause is said once. */
function conditionPhrases(clauses: readonly Clause[], say: Say): readonly string[] {
  const main = new Set(IN_MAIN_SENTENCE.flatMap((dimension) => [said(clauses, dimension), excepted(clauses, dimension)]));
  return clauses.filter((clause) => clause.dimension !== "evidence" && !main.has(clause)).map((clause) => clauseText(clause, say));
}

const SUBJECT: Readonly<Record<Dimension, string>> = {
  recipient: "the recipient",
  discloser: "the giver",
  action: "the action",
  purpose: "the purpose",
  evidence: "the evidence",
  field: "the data",
  origin: "the submitting state",
  population: "the person's status",
  funding: "funding",
  special: "special protection",
  applicant: "applicant",
  system: "the record system",
};

function clauseText({ dimension, none, named }: Clause, say: Say): string {
  if (dimension === "evidence") return `${none ? "without" : "with"} ${say(dimension, named)}`;
  return `${SUBJECT[dimension]} is ${none ? "not " : ""}${say(dimension, named)}`;
}

/** A part about several dimensions, with brackets where "and" and "or" meet. */
function mixedText(condition: Condition, law: Law, say: Say): string {
  const clause = clauseOf(condition, law.atoms);
  if (clause !== undefined) return clauseText(clause, say);
  switch (condition.kind) {
    case "always":
      return "always";
    case "never":
      return "never";
    case "not":
      return `it is not so that ${bracketed(condition.arg, law, say)}`;
    case "and":
      return condition.args.map((arg) => bracketed(arg, law, say)).join(" and ");
    case "or":
      return `either ${alternativesOf(condition.args, law.atoms)
        .map((arg) => bracketed(arg, law, say))
        .join(" or ")}`;
    case "atom":
      return "?";
  }
}

const bracketed = (condition: Condition, law: Law, say: Say): string =>
  clauseOf(condition, law.atoms) !== undefined ? mixedText(condition, law, say) : `(${mixedText(condition, law, say)})`;

const OTHERS: Readonly<Partial<Record<Dimension, string>>> = {
  discloser: "givers",
  action: "actions",
  field: "data",
  system: "record systems",
  population: "people",
  origin: "states",
  recipient: "recipients",
  purpose: "purposes",
  funding: "funding",
  special: "protection",
  applicant: "applicants",
};

/** What the rule leaves alone. */
function remainder(rule: Rule, clauses: readonly Clause[], mixed: boolean): string {
  const narrowed = Object.keys(OTHERS).filter((dimension) => clauses.some((clause) => clause.dimension === dimension)) as Dimension[];
  if (rule.defeats !== undefined) return "The bar stands for all else.";
  if (rule.protects !== undefined) return "It bars and permits nothing.";
  if (rule.effect === "permit") return "It permits nothing else.";
  if (narrowed.length === 0) return mixed ? "Silent on all else." : "It reaches everything.";
  return `Silent on other ${listed(narrowed.flatMap((dimension) => OTHERS[dimension] ?? []), "and")}.`; // prettier-ignore
}
