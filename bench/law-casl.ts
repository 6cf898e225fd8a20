import { createMongoAbility, subject } from "@casl/ability";
import type { MongoAbility, RawRuleOf } from "@casl/ability";
import type { Condition } from "../src/core/law/condition.ts";
import type { Rule } from "../src/core/law/law.ts";
import type { Cell } from "../src/core/verdict/cell.ts";
import type { DayView } from "../src/core/verdict/day-view.ts";
import { wordsOf } from "../src/core/verdict/diagram.ts";

/** A conjunction as CASL takes it: allowed words by dimension, evidence that must or must not be there. */
type Clause = {
  readonly words: ReadonlyMap<string, ReadonlySet<string>>;
  readonly present: ReadonlySet<string>;
  readonly absent: ReadonlySet<string>;
};

const EMPTY: Clause = { words: new Map(), present: new Set(), absent: new Set() };

/** Whether anything is released. */
export type CaslSide = (cell: Cell) => boolean;

/**
 * The rules in force for CASL: a question to each bar with its exceptions as inverted rules, one to each regime that applies.
 * Masks count as released. Origins that a list leaves open are not asked.
 */
export function caslSide(view: DayView): CaslSide {
  const of = (condition: Condition): readonly Clause[] => clauses(view, condition, false);
  const rules: RawRuleOf<MongoAbility>[] = [];
  const add = (action: string, name: string, found: readonly Clause[], inverted = false): void => {
    for (const clause of found) rules.push({ action, subject: name, conditions: conditionsOf(clause), inverted });
  };
  const defeated = new Set(view.defeats.map((rule) => rule.defeats));
  for (const bar of view.bars) add("bar", defeated.has(bar.name) ? bar.name : "all bars", masked(view, bar, of(bar.condition), false));
  for (const defeat of view.defeats) add("bar", defeat.defeats ?? "", of(defeat.condition), true);
  const regimes = view.law.regimes.filter((regime) => regime.needs === "permit");
  for (const regime of regimes) add("apply", regime.id, of(regime.applies));
  for (const permit of view.permits)
    for (const regime of permit.satisfies) add("permit", regime, masked(view, permit, of(permit.condition), true));
  const ability = createMongoAbility(rules);
  const bars = ["all bars", ...view.bars.map(({ name }) => name).filter((name) => defeated.has(name))];
  return (cell) => {
    const record = { ...cell, evidence: [...cell.evidence] };
    const holds = (action: string, name: string): boolean => ability.can(action, subject(name, { ...record }));
    if (bars.some((name) => holds("bar", name))) return false;
    const applying = regimes.filter((regime) => holds("apply", regime.id));
    return applying.length > 0 && applying.every((regime) => holds("permit", regime.id));
  };
}

/** A masked permit releases nothing of a field whose chain lacks the mask; a masked bar bars only there. */
function masked(view: DayView, rule: Rule, found: readonly Clause[], opens: boolean): readonly Clause[] {
  if (rule.mask === undefined) return found;
  const has = (chain: readonly string[]): boolean => chain.indexOf(rule.mask ?? "") >= 0 && chain.at(-1) !== rule.mask;
  const fields = view.law.vocabulary.fields.filter((field) => has(field.masks) === opens).map(({ id }) => id);
  return found.flatMap((clause) => both(clause, { ...EMPTY, words: new Map([["field", new Set(fields)]]) }));
}

function clauses(view: DayView, condition: Condition, negated: boolean): readonly Clause[] {
  switch (condition.kind) {
    case "always":
    case "never":
      return (condition.kind === "always") === negated ? [] : [EMPTY];
    case "not":
      return clauses(view, condition.arg, !negated);
    case "atom":
      return [atomClause(view, condition.atom, negated)];
    default: {
      const parts = condition.args.map((arg) => clauses(view, arg, negated));
      if ((condition.kind === "or") === negated)
        return parts.reduce((a, b) => a.flatMap((left) => b.flatMap((right) => both(left, right))), [EMPTY]);
      return joined(parts.flat());
    }
  }
}

function atomClause(view: DayView, index: number, negated: boolean): Clause {
  const atom = view.law.atoms[index];
  if (atom?.kind === "evidence") return { ...EMPTY, [negated ? "absent" : "present"]: new Set([atom.evidence]) };
  const dimension = atom?.kind === "words" ? atom.dimension : "origin";
  const holds = (word: string): boolean =>
    atom?.kind === "protected"
      ? view.membership(atom.order, word) === "member"
      : view.holdsFor.get(dimension)?.get(word)?.has(index) === true;
  return {
    ...EMPTY,
    words: new Map([[dimension, new Set(wordsOf(view.law.vocabulary, dimension).filter((word) => holds(word) !== negated))]]),
  };
}

/** Both at once; none where they exclude each other. */
function both(a: Clause, b: Clause): readonly Clause[] {
  const words = new Map(a.words);
  for (const [dimension, found] of b.words) words.set(dimension, intersect(words.get(dimension), found));
  const [present, absent] = [new Set([...a.present, ...b.present]), new Set([...a.absent, ...b.absent])];
  const isEmpty = [...words.values()].some((found) => found.size === 0) || [...present].some((kind) => absent.has(kind));
  return isEmpty ? [] : [{ words, present, absent }];
}

/** WHY: `[a, b].contains(x)` is one rule for CASL, not one a word. */
function joined(found: readonly Clause[]): readonly Clause[] {
  const lists = new Map<string, Set<string>>();
  const rest = found.filter(({ words, present, absent }) => {
    const [entry, ...more] = words;
    if (entry === undefined || more.length + present.size + absent.size > 0) return true;
    for (const word of entry[1]) lists.set(entry[0], (lists.get(entry[0]) ?? new Set()).add(word));
    return false;
  });
  return [...rest, ...[...lists].map(([dimension, words]) => ({ ...EMPTY, words: new Map([[dimension, words]]) }))];
}

function conditionsOf({ words, present, absent }: Clause): Record<string, unknown> {
  const evidence = { ...(present.size > 0 ? { $all: [...present] } : {}), ...(absent.size > 0 ? { $nin: [...absent] } : {}) };
  return {
    ...Object.fromEntries([...words].map(([dimension, found]) => [dimension, { $in: [...found] }])),
    ...(present.size + absent.size > 0 ? { evidence } : {}),
  };
}

const intersect = (a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): ReadonlySet<string> =>
  a === undefined ? b : new Set([...a].filter((word) => b.has(word)));
