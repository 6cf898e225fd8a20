import type { DayRange, Instrument } from "./instrument.ts";
import type { Law, Rule } from "./law.ts";

const range = (days: DayRange): string =>
  days.earliest === days.latest ? days.earliest : `${days.earliest} to ${days.latest} (uncertain)`;

/** An instrument's dates and standing in a few lines. */
export function instrumentLines(instrument: Instrument): readonly string[] {
  const lines = [
    `${instrument.id} — ${instrument.title}`,
    `  cite       ${instrument.cite}`,
    `  kind       ${instrument.kind}, regime ${instrument.regime}`,
    `  issued     ${range(instrument.issued)}; in effect from ${range(instrument.effective)}`,
  ];
  if (instrument.ends !== undefined) lines.push(`  ends       ${range(instrument.ends)}`);
  if (instrument.endsOnEvent !== undefined) {
    lines.push(`  ends       ${instrument.endsOnEvent.days} days after a court finds: ${instrument.endsOnEvent.event}`);
  }
  if (instrument.extends.length > 0) lines.push(`  extends    ${instrument.extends.join(", ")}`);
  if (instrument.supersedes.length > 0) lines.push(`  supersedes ${instrument.supersedes.join(", ")}`);
  if (instrument.discharges.length > 0)
    lines.push(`  discharges ${instrument.discharges.map((one) => `${one.regime} (${one.cite})`).join(", ")}`);
  if (instrument.protects.length > 0) lines.push(`  protects   ${instrument.protects.map(memberText).join(" ")}`);
  const review = instrument.reviewed ? "reviewed by counsel" : "not reviewed by counsel";
  return [...lines, `  grade      ${instrument.grade}, ${review}`];
}

const memberText = (member: Instrument["protects"][number]): string =>
  member.unresolved ? `${member.jurisdiction}?` : member.jurisdiction;

/** What a rule does, in plain words, generated from its condition; never kept in the source. */
export function ruleEcho(rule: Rule, law: Law): string {
  const does = rule.effect === "forbid" ? "bars" : rule.defeats === undefined ? "permits" : `sets aside ${rule.defeats}`;
  const mask = rule.mask === undefined ? "" : rule.effect === "permit" ? ` (${rule.mask} only)` : ` anything clearer than ${rule.mask}`;
  return `${rule.pinpoint ?? rule.name}: ${does}${mask} where ${conditionText(rule.condition, law)}`;
}

type Condition = Rule["condition"];

function conditionText(condition: Condition, law: Law): string {
  switch (condition.kind) {
    case "always":
      return "anything";
    case "never":
      return "nothing";
    case "atom":
      return atomText(law.atoms[condition.atom], false);
    case "not":
      return condition.arg.kind === "atom" ? atomText(law.atoms[condition.arg.atom], true) : `not (${conditionText(condition.arg, law)})`;
    case "and":
      return condition.args.map((arg) => (arg.kind === "or" ? `(${orText(arg.args, law)})` : conditionText(arg, law))).join(" and ");
    case "or":
      return orText(condition.args, law);
  }
}

/** `field is a, b or c` where all alternatives are about one term. */
function orText(args: readonly Condition[], law: Law): string {
  const parts = args.map((arg) => (arg.kind === "atom" ? wordsOf(law.atoms[arg.atom]) : undefined));
  const first = parts[0];
  if (first !== undefined && parts.every((part) => part?.term === first.term && part.verb === "is")) {
    return `${first.term} is ${parts.map((part) => part?.word).join(" or ")}`;
  }
  return args.map((arg) => conditionText(arg, law)).join(" or ");
}

function atomText(atom: Law["atoms"][number] | undefined, negated: boolean): string {
  if (atom === undefined) return "?";
  if (atom.kind === "evidence") return `${negated ? "without" : "with"} ${atom.evidence}`;
  if (atom.kind === "protected") return `the record comes from a state ${negated ? "not protected" : "protected"} by ${atom.order}`;
  const words = wordsOf(atom);
  return words === undefined ? "?" : `${words.term} ${negated ? words.verb.replace("is", "is not") : words.verb} ${words.word}`;
}

function wordsOf(atom: Law["atoms"][number] | undefined): { term: string; verb: string; word: string } | undefined {
  if (atom?.kind !== "words") return undefined;
  const [operator, operand] = Object.entries(atom.expr)[0] ?? [];
  const right = (operand as { right?: { Value?: { __entity?: { id?: string } } } } | undefined)?.right;
  return { term: atom.dimension, verb: operator === "in" ? "is within" : "is", word: right?.Value?.__entity?.id ?? "?" };
}
