import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { ruleEcho } from "../law/echo.ts";
import { instrumentLines } from "../law/instrument-text.ts";
import type { Instrument } from "../law/instrument.ts";
import type { Law, Rule } from "../law/law.ts";
import type { LiterateFile } from "../law/markdown.ts";
import type { ProofCrypto } from "../ledger/note.ts";
import type { Signer } from "./settings.ts";
import { signersOf } from "./signing.ts";
import { parseNoteFile } from "./statement.ts";

/** A rule as a reviewer reads it, or, without a rule, an instrument that has none. docs/formats/law-review.md */
export type Reviewable = {
  readonly instrument: Instrument;
  readonly rule?: Rule;
  /** `INSTRUMENT#RULE`, or the instrument alone. */
  readonly name: string;
  /** The front matter: dates, parties, sources. */
  readonly head: string;
  /** The prose the rule stands under. */
  readonly paragraph: string;
  readonly echo: string;
};

/** Everything of an instrument that wants reviewing: each rule, or the instrument itself where it has none. */
export function reviewablesOf(law: Law, instrument: Instrument, file: LiterateFile): readonly Reviewable[] {
  const rules = law.rules.filter((rule) => rule.instrument === instrument.id);
  const head = file.frontMatter.text;
  if (rules.length === 0)
    return [
      { instrument, name: instrument.id, head, paragraph: file.text, echo: instrumentLines({ ...instrument, reviewed: false }).join("\n") },
    ];
  return rules.map((rule) => ({ instrument, rule, name: rule.name, head, paragraph: paragraphOf(file, rule), echo: ruleEcho(rule, law) }));
}

/** The lines between the fence before a rule's block and its own. */
function paragraphOf(file: LiterateFile, rule: Rule): string {
  const first = file.frontMatter.line + file.frontMatter.text.split("\n").length + 1;
  const lines = file.text.split("\n");
  const own = (rule.at.line ?? first) - first;
  // WHY: an exception of the front matter stands under no paragraph; the head says it.
  if (own < 0) return "";
  const opening = lines.slice(0, own + 1).findLastIndex((line) => line.startsWith("```cedar"));
  const before = lines.slice(0, Math.max(0, opening)).findLastIndex((line) => line.startsWith("```"));
  return lines
    .slice(before + 1, Math.max(0, opening))
    .join("\n")
    .trim();
}

/** What a reviewer signs: digests of all they read. Another word anywhere in it, and the review is of something else. */
export function reviewStatement({ name, head, paragraph, rule, echo }: Reviewable, sha256: Sha256): string {
  const digest = (text: string): string => hex(sha256(utf8(text)));
  const read = { name, head: digest(head), paragraph: digest(paragraph), rule: digest(rule?.text ?? ""), echo: digest(echo) };
  return `writ-law-review/1\n${canonicalJson(read)}\n`;
}

/** The file of a review, below the law folder. */
export const reviewPath = ({ instrument, rule }: Pick<Reviewable, "instrument" | "rule">): string =>
  `reviews/${instrument.path.replace(/\.md$/, "")}/${rule === undefined ? "whole" : rule.name.slice(instrument.id.length + 1)}.note`;

/** Who reviewed this, by a note: signers known here whose signature is under exactly this. Nobody where anything is false. */
export function reviewersOf(
  reviewable: Reviewable,
  note: string | undefined,
  signers: readonly Signer[],
  crypto: ProofCrypto,
): readonly Signer[] {
  const parsed = note === undefined ? undefined : parseNoteFile(reviewPath(reviewable), note);
  if (parsed?.ok !== true || parsed.value.text !== reviewStatement(reviewable, crypto.sha256)) return [];
  const signed = signersOf(parsed.value, signers, crypto);
  return signed.ok ? signed.value : [];
}

/** Law in which each instrument says whether all of it bears a valid review, with the names that do. */
export function withReviews(law: Law, names: ReadonlySet<string>): Law {
  const isReviewed = (instrument: Instrument): boolean => {
    const rules = law.rules.filter((rule) => rule.instrument === instrument.id);
    return rules.length === 0 ? names.has(instrument.id) : rules.every((rule) => names.has(rule.name));
  };
  return { ...law, instruments: law.instruments.map((one) => ({ ...one, reviewed: isReviewed(one) })), reviewed: [...names].sort() };
}
