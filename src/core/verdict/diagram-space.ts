import { atomsOf } from "../law/condition.ts";
import type { Dimension } from "../law/condition.ts";
import type { DayView } from "./day-view.ts";
import { readingsOf } from "./decide.ts";
import { AXIS_ORDER, EVIDENCE_WORDS, wordsOf } from "./diagram.ts";

/** One thing an axis may say: a word, or an origin in one reading of the lists that leave it open. */
export type Value = { readonly word: string; readonly holds: ReadonlySet<number> };

/** An axis before any verdict is known: values in groups that no comparison of the law in force tells apart. */
export type RawAxis = {
  readonly dimension: Dimension;
  readonly evidence?: string;
  readonly groups: readonly (readonly Value[])[];
};

/** All axes in order, each with its values grouped by which comparisons hold for them. */
export function rawAxes(view: DayView): readonly RawAxis[] {
  const used = usedAtoms(view);
  return AXIS_ORDER.flatMap((dimension): readonly RawAxis[] => {
    if (dimension !== "evidence") return [{ dimension, groups: grouped(view, dimension, valuesOf(view, dimension, used)) }];
    const kinds = view.law.vocabulary.evidence.map(({ id }) => id).sort();
    return kinds.map((evidence) => ({ dimension, evidence, groups: evidenceGroups(view, evidence) }));
  });
}

/** Comparisons that some rule in force, or the reach of a regime that needs a permit, makes. */
function usedAtoms(view: DayView): ReadonlySet<number> {
  const rules = [...view.bars, ...view.permits, ...view.defeats].flatMap((rule) => atomsOf(rule.condition));
  return new Set([...rules, ...view.law.regimes.flatMap((regime) => atomsOf(regime.applies))]);
}

function valuesOf(view: DayView, dimension: Exclude<Dimension, "evidence">, used: ReadonlySet<number>): readonly Value[] {
  const lists = [...used].flatMap((index) => {
    const atom = view.law.atoms[index];
    return dimension === "origin" && atom?.kind === "protected" ? [{ index, order: atom.order }] : [];
  });
  return wordsOf(view.law.vocabulary, dimension).flatMap((word) => {
    const judged = view.holdsFor.get(dimension)?.get(word);
    // INVARIANT: a word Cedar never judged has no verdict; guessing would open.
    if (judged === undefined) throw new Error(`"${word}" was never judged as ${dimension}`);
    const own = [...judged].filter((atom) => used.has(atom));
    const readings = dimension === "origin" ? readingsOf(view, word) : [new Set<string>()];
    return readings.map((memberOf) => {
      const on = lists.filter(({ order }) => {
        const membership = view.membership(order, word);
        return membership === "unresolved" ? memberOf.has(order) : membership === "member";
      });
      return { word, holds: new Set([...own, ...on.map(({ index }) => index)]) };
    });
  });
}

/** WHY the chain tells fields apart: a rule's mask is another level on another chain. */
function grouped(view: DayView, dimension: Dimension, values: readonly Value[]): readonly (readonly Value[])[] {
  const chains = new Map(view.law.vocabulary.fields.map((field) => [field.id, field.masks.join(" ")]));
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const chain = dimension === "field" ? (chains.get(value.word) ?? "") : "";
    const key = `${chain}|${[...value.holds].sort((a, b) => a - b).join(" ")}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return [...groups.values()];
}

function evidenceGroups(view: DayView, kind: string): readonly (readonly Value[])[] {
  const atom = view.law.atoms.findIndex((found) => found.kind === "evidence" && found.evidence === kind);
  const [absent, present] = EVIDENCE_WORDS;
  return [[{ word: absent, holds: new Set() }], [{ word: present, holds: new Set([atom]) }]];
}
