import type { CivilDate } from "../base/civil-date.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import { docketEvents } from "../law/docket.ts";
import type { Law } from "../law/law.ts";
import type { Grade } from "../law/source.ts";
import type { DayView } from "./day-view.ts";
import { dayView } from "./day-view.ts";
import { buildDiagram } from "./diagram-build.ts";
import { counterExample } from "./diagram-search.ts";
import type { Diagram } from "./diagram.ts";
import type { Finding } from "./finding.ts";
import { Findings } from "./finding.ts";
import type { Invariant } from "./invariant.ts";
import { brokenOn, speaksOf } from "./invariant-check.ts";

/** What looking at the law of every day shows. */
export type Analysis = {
  /** Invariants that do not hold, each on the first day it does not. */
  readonly broken: readonly Problem[];
  readonly findings: readonly Finding[];
  /** Words for which no rule of any day opens anything: whatever bars say, the default alone denies them. */
  readonly defaultOnly: { readonly recipients: readonly string[]; readonly purposes: readonly string[] };
  /** Days on which the law differs from every earlier one. */
  readonly days: number;
};

export type AnalysisOptions = {
  /** Whether rules are looked at too; without, only days of which an invariant speaks are. */
  readonly findings?: boolean;
  readonly progress?: (done: number, of: number) => void;
};

/** Looks at the law on every day on which it differs. */
export function analyse(law: Law, invariants: readonly Invariant[], admitted: readonly Grade[], options: AnalysisOptions = {}): Analysis {
  const orders = new Set(law.instruments.filter(({ kind }) => kind === "order").map(({ id }) => id));
  const findings = new Findings(law.rules, orders);
  const silent = {
    recipients: new Set(law.vocabulary.parties.map(({ id }) => id)),
    purposes: new Set(law.vocabulary.purposes.map(({ id }) => id)),
  };
  const broken = new Map<string, Problem>();
  const views = distinctDays(law, admitted, invariants);
  for (const [at, view] of views.entries()) {
    options.progress?.(at, views.length);
    if (options.findings !== true && !invariants.some((one) => speaksOf(one, view.on))) continue;
    const diagram = buildDiagram(view);
    for (const found of diagram.ok ? brokenOn(view, diagram.value, invariants) : diagram.problems) {
      const key = JSON.stringify(found.at ?? found.message);
      if (!broken.has(key)) broken.set(key, found);
    }
    if (!diagram.ok || options.findings !== true) continue;
    if (!findings.look(view)) broken.set("findings", problem("E_DIAGRAM", `the rules in force on ${view.on} are too many to be compared`));
    for (const word of silent.recipients) if (opens(diagram.value, { recipient: [word] })) silent.recipients.delete(word);
    for (const word of silent.purposes) if (opens(diagram.value, { purpose: [word] })) silent.purposes.delete(word);
  }
  return {
    broken: [...broken.values()],
    ...(options.findings === true
      ? { findings: findings.list(), defaultOnly: { recipients: [...silent.recipients], purposes: [...silent.purposes] } }
      : { findings: [], defaultOnly: { recipients: [], purposes: [] } }),
    days: views.length,
  };
}

const opens = (diagram: Diagram, region: Parameters<typeof counterExample>[1]): boolean =>
  counterExample(diagram, region, ["permitted", "masked"]) !== undefined;

/**
 * WHY by rules and lists: most events change neither. An invariant's own first day counts too, since what held under the same
 * law before it spoke may be what it forbids.
 */
function distinctDays(law: Law, admitted: readonly Grade[], invariants: readonly Invariant[]): readonly DayView[] {
  const seen = new Set<string>();
  const days = [...docketEvents(law), ...invariants.flatMap(({ from }) => from ?? [])];
  return [...new Set(days)]
    .sort()
    .map((day: CivilDate) => dayView(law, day, admitted))
    .filter((view) => {
      const rules = [...view.bars, ...view.permits, ...view.defeats].map(({ name }) => name);
      const lists = law.instruments
        .filter(({ protects }) => protects.length > 0)
        .map(({ id }) => law.vocabulary.jurisdictions.map((word) => view.membership(id, word.id)));
      const key = JSON.stringify([rules, lists, invariants.map((one) => speaksOf(one, view.on))]);
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
}
