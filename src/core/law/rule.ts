import { hiddenSign } from "../base/hidden-sign.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { AtomList } from "./atom.ts";
import type { Condition } from "./condition.ts";
import type { CedarPolicy, Judge, JudgeError } from "./judge.ts";
import type { Block } from "./markdown.ts";
import { overlyNested } from "./nesting.ts";
import { conditionOf } from "./profile.ts";
import type { KnownWords } from "./words.ts";

/** A policy of a literate file with its annotations, its condition and where it stands. */
export type ParsedRule = {
  readonly id: string;
  readonly effect: "permit" | "forbid";
  readonly annotations: Readonly<Record<string, string>>;
  readonly condition: Condition;
  readonly text: string;
  readonly at: Place;
};

export type RuleContext = {
  readonly judge: Judge;
  readonly words: KnownWords;
  readonly atoms: AtomList;
  readonly annotations: readonly string[];
  /** Regime declarations may walk trees where rules that open may not. */
  readonly treesAllowed: boolean;
};

/** Reads the policies of a file's cedar blocks; problems are added to `problems`. */
export function parseRules(file: string, blocks: readonly Block[], context: RuleContext, problems: Problem[]): readonly ParsedRule[] {
  const rules = blocks.flatMap((block) => parseBlock(file, block, context, problems));
  const seen = new Set<string>();
  for (const rule of rules) {
    if (seen.has(rule.id)) problems.push(problem("E_LAW", `the rule id "${rule.id}" is used twice`, { at: rule.at }));
    seen.add(rule.id);
  }
  return rules;
}

function parseBlock(file: string, block: Block, context: RuleContext, problems: Problem[]): readonly ParsedRule[] {
  const nested = overlyNested(block.text);
  if (nested !== undefined) {
    const at = placeIn(file, block.line, block.text, nested.offset);
    problems.push(problem("E_LAW", nested.message, { at, hint: "write several rules, or one list with .contains(…)" }));
    return [];
  }
  const split = context.judge.split(block.text);
  if ("errors" in split) {
    problems.push(...split.errors.map((error) => fromJudge(error, placeIn(file, block.line, block.text, error.offset ?? 0))));
    return [];
  }
  const ordered = split.policies.map((text) => ({ text, offset: block.text.indexOf(text) })).sort((a, b) => a.offset - b.offset);
  return ordered.flatMap(({ text, offset }) => {
    const policy = context.judge.parse(text);
    const place = (near: string): Place => placeIn(file, block.line, block.text, Math.max(0, offset) + Math.max(0, text.indexOf(near)));
    // INVARIANT: a rule that cannot be read back is refused, never left out; it might be a bar.
    if (policy === undefined) problems.push(problem("E_LAW", "the judge cannot read this rule back", { at: place("") }));
    return policy === undefined ? [] : parsePolicy(policy, text, place, context, problems);
  });
}

function parsePolicy(
  policy: CedarPolicy,
  text: string,
  place: (near: string) => Place,
  context: RuleContext,
  problems: Problem[],
): readonly ParsedRule[] {
  const before = problems.length;
  const refuse = (message: string, hint: string, near = ""): void => {
    problems.push(problem("E_LAW", message, { at: place(near), hint }));
  };
  const annotations = policy.annotations ?? {};
  for (const [name, value] of Object.entries(annotations)) {
    const hidden = hiddenSign(value);
    if (hidden !== undefined) refuse(`the hidden sign ${hidden.name} in @${name}`, "write what can be seen", `@${name}`);
    if (!context.annotations.includes(name))
      refuse(`unknown annotation @${name}`, nearestHint(name, context.annotations, "docs/formats/instrument.md"), `@${name}`);
  }
  const id = annotations["id"] ?? "";
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(id)) refuse("a rule needs an id", 'add @id("1") before it');
  if ((annotations["cite"] ?? "") === "") refuse("a rule needs a citation", 'add @cite("…") before it');
  const condition = conditionOf(policy, context.treesAllowed, { words: context.words, atoms: context.atoms, refuse });
  return problems.length > before ? [] : [{ id, effect: policy.effect, annotations, condition, text, at: place("") }];
}

export const fromJudge = (error: JudgeError, at: Place): Problem =>
  problem("E_LAW", error.message, error.help === undefined ? { at } : { at, hint: error.help });

/** The place of a character offset within a block that starts on `firstLine`. */
export function placeIn(file: string, firstLine: number, text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { file, line: firstLine + before.length - 1, column: (before.at(-1)?.length ?? 0) + 1 };
}
