import type { Checked } from "../base/checked.ts";
import { fail, pass } from "../base/checked.ts";
import { problem } from "../base/problem.ts";
import type { Condition } from "../law/condition.ts";
import type { Regime, Rule } from "../law/law.ts";
import type { DayView } from "./day-view.ts";
import type { Roots } from "./diagram-canon.ts";
import { canonicalDiagram } from "./diagram-canon.ts";
import type { RawAxis } from "./diagram-space.ts";
import { rawAxes } from "./diagram-space.ts";
import type { Diagram } from "./diagram.ts";
import { FALSE, NO_AUTHORITY, NodeTable, TRUE } from "./node-table.ts";

/** Nodes made on the way, not those that remain. */
export const NODE_BUDGET = 2_000_000;

/**
 * The verdict diagram of the law on the view's day. Equal to `judgeCell` on every point, the readings of unresolved lists met.
 * Fails, with nothing to use, when more than `mostNodes` nodes would be made: callers then judge request by request.
 */
export function buildDiagram(view: DayView, mostNodes: number = NODE_BUDGET): Checked<Diagram> {
  return built(view, mostNodes, (builder) => builder.roots());
}

/** Where one of the rules holds, in some reading of unresolved lists: barred stands for yes, clear for no. */
export function reachOf(view: DayView, rules: readonly Rule[], mostNodes: number = NODE_BUDGET): Checked<Diagram> {
  return built(view, mostNodes, (builder) => ({ verdict: builder.any(rules.map((rule) => rule.condition)), bars: FALSE }));
}

function built(view: DayView, mostNodes: number, build: (builder: Builder) => Roots): Checked<Diagram> {
  const { axes, table, builder } = begun(view, mostNodes);
  // WHY: a mask level beyond would be taken for no authority.
  const hasLevels = view.law.vocabulary.fields.every((field) => field.masks.length <= NO_AUTHORITY);
  const roots = hasLevels ? build(builder) : { verdict: FALSE, bars: FALSE };
  const made = canonicalDiagram(view, axes, table, roots, mostNodes);
  if (hasLevels && made !== undefined) return pass(made);
  return fail(
    problem("E_DIAGRAM", `the law in force on ${view.on} has no verdict diagram of at most ${mostNodes} nodes`, {
      hint: "requests are still judged one by one; nothing is permitted by this",
    }),
  );
}

/** Where each rule of a day holds, as truths over one table, bars without what takes effect from them. Worthless once the table is spent. */
export function ruleAreas(
  view: DayView,
  mostNodes: number = NODE_BUDGET,
): { readonly table: NodeTable; readonly area: (rule: Rule) => number } {
  const { table, builder } = begun(view, mostNodes);
  const defeatsOf = (bar: Rule): readonly Rule[] => view.defeats.filter((rule) => rule.defeats === bar.name);
  return {
    table,
    area: (rule) => table.smaller(builder.any([rule.condition]), table.not(builder.any(defeatsOf(rule).map(({ condition }) => condition)))),
  };
}

function begun(
  view: DayView,
  mostNodes: number,
): { readonly axes: readonly RawAxis[]; readonly table: NodeTable; readonly builder: Builder } {
  const axes = rawAxes(view);
  const table = new NodeTable(
    axes.map(({ groups }) => groups.length),
    mostNodes,
  );
  return { axes, table, builder: new Builder(view, axes, table) };
}

/** Composes the verdict from the rules' conditions: the larger of what bars and what is needed. */
class Builder {
  private readonly view: DayView;
  private readonly axes: readonly RawAxis[];
  private readonly table: NodeTable;
  private readonly atoms = new Map<number, number>();

  constructor(view: DayView, axes: readonly RawAxis[], table: NodeTable) {
    this.view = view;
    this.axes = axes;
    this.table = table;
  }

  roots(): Roots {
    const bars = this.barred();
    return { verdict: this.table.larger(bars, this.needed()), bars };
  }

  /** By mask word, where some bar holds that nothing takes effect from; each closes down to its level. */
  private barred(): number {
    const { table, view } = this;
    const defeats = grouped(view.defeats, (rule) => [rule.defeats ?? ""]);
    const effective = (bar: Rule): number =>
      table.smaller(this.condition(bar.condition), table.not(this.any((defeats.get(bar.name) ?? []).map((rule) => rule.condition))));
    const byMask = [...grouped(view.bars, (bar) => [bar.mask])];
    return this.largest(byMask.map(([mask, bars]) => table.smaller(this.largest(bars.map(effective)), this.maskLevel(mask, TRUE, TRUE))));
  }

  /** Every regime that applies and needs a permit must have one, and one at least must apply. */
  private needed(): number {
    const { table, view } = this;
    const regimes = view.law.regimes.filter((regime) => regime.needs === "permit");
    const applies = regimes.map((regime) => this.condition(regime.applies));
    const needs = regimes.map((regime, at) => table.smaller(applies[at] ?? FALSE, this.opened(regime)));
    const none = table.smaller(table.not(this.largest(applies)), NO_AUTHORITY);
    return table.larger(this.largest(needs), none);
  }

  /** How far a regime's permits open: the clearest of their masks, no authority where none holds. */
  private opened(regime: Regime): number {
    const { table } = this;
    const permits = this.view.permits.filter((permit) => permit.satisfies.includes(regime.id));
    const byMask = [...grouped(permits, (permit) => [permit.mask])].map(([mask, found]) => {
      const lacking = table.smaller(table.not(this.any(found.map((permit) => permit.condition))), NO_AUTHORITY);
      return table.larger(lacking, this.maskLevel(mask, FALSE, NO_AUTHORITY));
    });
    return byMask.reduce((a, b) => table.smaller(a, b), NO_AUTHORITY);
  }

  /** A mask's level by field; omission, and a mask not of the field's chain, are `last`. */
  private maskLevel(mask: string | undefined, unmasked: number, last: number): number {
    if (mask === undefined) return unmasked;
    const level = this.axes.findIndex((axis) => axis.dimension === "field");
    const chains = new Map(this.view.law.vocabulary.fields.map((field) => [field.id, field.masks]));
    const children = (this.axes[level]?.groups ?? []).map((group) => {
      const chain = chains.get(group[0]?.word ?? "") ?? [];
      const at = chain.indexOf(mask);
      return at < 0 || at === chain.length - 1 ? last : at;
    });
    return this.table.node(level, children);
  }

  any(conditions: readonly Condition[]): number {
    return this.largest(conditions.map((condition) => this.condition(condition)));
  }

  /** WHY in pairs: adding one small diagram at a time to a large one walks the large one every time. */
  private largest(ids: readonly number[]): number {
    let row = ids;
    while (row.length > 1)
      row = row.flatMap((id, at) => (at % 2 === 1 ? [] : [at + 1 < row.length ? this.table.larger(id, row[at + 1] ?? FALSE) : id]));
    return row[0] ?? FALSE;
  }

  private condition(condition: Condition): number {
    const { table } = this;
    switch (condition.kind) {
      case "always":
        return TRUE;
      case "never":
        return FALSE;
      case "atom":
        return this.atom(condition.atom);
      case "not":
        return table.not(this.condition(condition.arg));
      case "and":
        return this.lowestFirst(condition.args).reduce((a, b) => table.smaller(a, b), TRUE);
      case "or":
        return this.lowestFirst(condition.args).reduce((a, b) => table.larger(a, b), FALSE);
    }
  }

  /** WHY: a step that lies above all before it costs one node. */
  private lowestFirst(conditions: readonly Condition[]): readonly number[] {
    return conditions.map((condition) => this.condition(condition)).sort((a, b) => this.table.level(b) - this.table.level(a));
  }

  private atom(index: number): number {
    const known = this.atoms.get(index);
    if (known !== undefined) return known;
    const atom = this.view.law.atoms[index];
    const dimension = atom?.kind === "words" ? atom.dimension : atom?.kind === "evidence" ? "evidence" : "origin";
    const kind = atom?.kind === "evidence" ? atom.evidence : undefined;
    const level = this.axes.findIndex((axis) => axis.dimension === dimension && axis.evidence === kind);
    const made = this.table.node(
      level,
      (this.axes[level]?.groups ?? []).map((group) => (group[0]?.holds.has(index) === true ? TRUE : FALSE)),
    );
    this.atoms.set(index, made);
    return made;
  }
}

function grouped<K>(rules: readonly Rule[], keysOf: (rule: Rule) => readonly K[]): ReadonlyMap<K, readonly Rule[]> {
  const groups = new Map<K, Rule[]>();
  for (const rule of rules)
    for (const key of keysOf(rule)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [rule]);
      else group.push(rule);
    }
  return groups;
}
