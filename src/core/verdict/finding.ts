import type { Rule } from "../law/law.ts";
import type { DayView } from "./day-view.ts";
import { ruleAreas } from "./diagram-build.ts";
import { FALSE } from "./node-table.ts";

/**
 * What is odd about a rule over all days looked at; none of it changes an answer. `dead`: it never holds for anything.
 * `redundant`: on every day other rules of the same effect hold wherever it does; it only adds a reason.
 * `overridden`: a permit that bars cover wholly, on every day. `conflict`: rules of two orders, one opening what the other bars; one pair of rules stands for each two orders.
 */
export type Finding = { readonly kind: "dead" | "redundant" | "overridden" | "conflict"; readonly rule: string; readonly other?: string };

/** Gathers findings day by day; one that has shown itself useful on any day is not found. */
export class Findings {
  private readonly rules = new Set<string>();
  private readonly alive = new Set<string>();
  private readonly needed = new Set<string>();
  private readonly effective = new Set<string>();
  private readonly permits = new Set<string>();
  private readonly conflicts = new Map<string, Finding>();
  private readonly orders: ReadonlySet<string>;

  constructor(rules: readonly Rule[], orders: ReadonlySet<string>) {
    for (const { name, protects } of rules) if (protects === undefined) this.rules.add(name);
    this.orders = orders;
  }

  /** False when the day's law was too large to look at. */
  look(view: DayView): boolean {
    const areas = ruleAreas(view);
    const { table, area } = areas;
    const own = new Map([...view.bars, ...view.permits, ...view.defeats].map((rule) => [rule, area(rule)] as const));
    const of = (rule: Rule): number => own.get(rule) ?? FALSE;
    const barred = view.bars.reduce((sum, bar) => table.larger(sum, of(bar)), FALSE);
    const kinds = [...alike(view.bars), ...alike(view.permits), ...alike(view.defeats)];
    for (const rules of kinds) this.lookAtKind(rules, rules.map(of), areas.table);
    for (const permit of view.permits) {
      this.permits.add(permit.name);
      if (table.smaller(of(permit), table.not(barred)) !== FALSE) this.effective.add(permit.name);
    }
    this.lookForConflicts(view, of, areas.table);
    return !table.spent;
  }

  list(): readonly Finding[] {
    const dead = [...this.rules].filter((rule) => !this.alive.has(rule));
    const living = [...this.rules].filter((rule) => this.alive.has(rule));
    return [
      ...dead.map((rule): Finding => ({ kind: "dead", rule })),
      ...living.filter((rule) => !this.needed.has(rule)).map((rule): Finding => ({ kind: "redundant", rule })),
      ...living
        .filter((rule) => this.permits.has(rule) && !this.effective.has(rule))
        .map((rule): Finding => ({ kind: "overridden", rule })),
      ...this.conflicts.values(),
    ];
  }

  /** Rules of one effect: each is needed where it holds and none of the others does. */
  private lookAtKind(rules: readonly Rule[], areas: readonly number[], table: ReturnType<typeof ruleAreas>["table"]): void {
    const after = areas.map(() => FALSE);
    for (let at = areas.length - 2; at >= 0; at -= 1) after[at] = table.larger(after[at + 1] ?? FALSE, areas[at + 1] ?? FALSE);
    let before = FALSE;
    for (const [at, rule] of rules.entries()) {
      const area = areas[at] ?? FALSE;
      const others = table.larger(before, after[at] ?? FALSE);
      if (area !== FALSE) this.alive.add(rule.name);
      if (table.smaller(area, table.not(others)) !== FALSE) this.needed.add(rule.name);
      before = table.larger(before, area);
    }
  }

  private lookForConflicts(view: DayView, of: (rule: Rule) => number, table: ReturnType<typeof ruleAreas>["table"]): void {
    const ofOrders = (rules: readonly Rule[]): readonly Rule[] => rules.filter(({ instrument }) => this.orders.has(instrument));
    for (const opening of ofOrders([...view.permits, ...view.defeats]))
      for (const bar of ofOrders(view.bars)) {
        if (bar.instrument === opening.instrument || bar.name === opening.defeats) continue;
        if (table.smaller(of(opening), of(bar)) === FALSE) continue;
        const pair = `${opening.instrument} ${bar.instrument}`;
        if (!this.conflicts.has(pair)) this.conflicts.set(pair, { kind: "conflict", rule: opening.name, other: bar.name });
      }
  }
}

/** Rules that do the same where they hold. WHY the exact mask and duties: a rule that does more than another is never covered by it. */
function alike(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const does = rule.effect === "forbid" ? [] : [rule.satisfies, rule.defeats ?? null, rule.duties ?? null];
    const key = JSON.stringify([rule.effect, rule.mask ?? null, ...does]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [rule]);
    else group.push(rule);
  }
  return [...groups.values()];
}
