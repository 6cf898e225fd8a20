import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import type { Json } from "../base/canonical-json.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { dutyText } from "../law/duties.ts";
import type { Rule } from "../law/law.ts";
import { conditionJson } from "../law/law.ts";
import type { DayView } from "./day-view.ts";
import { buildDiagram, NODE_BUDGET, reachOf } from "./diagram-build.ts";
import { diagramHash } from "./diagram-text.ts";

/**
 * Names the law in force on the day by what it says: the verdict on every point of the space, and where permits lay which terms on
 * recipient and extract. Law that says the same has the same hash, however its rules are written, ordered or spread over files.
 * Law too large for one diagram is named by its rules instead; no hash of one kind is ever one of the other.
 */
export function lawHash(view: DayView, sha256: Sha256, mostNodes: number = NODE_BUDGET): string {
  const verdict = buildDiagram(view, mostNodes);
  const terms = termsText(view, sha256, mostNodes);
  if (!verdict.ok || terms === undefined) return rulesHash(view, sha256);
  const hash = diagramHash(verdict.value, sha256);
  return terms.length === 0 ? hash : hex(sha256(utf8(canonicalJson({ format: "writ-verdict-with-terms/1", verdict: hash, terms }))));
}

/** Each set of terms with the hash of where its permits hold; undefined when the budget is spent. */
function termsText(view: DayView, sha256: Sha256, mostNodes: number): readonly Json[] | undefined {
  const groups = new Map<string, readonly Rule[]>();
  for (const rule of view.permits) {
    if (rule.duties === undefined && rule.whole === undefined) continue;
    const terms = canonicalJson(termsOf(rule));
    groups.set(terms, [...(groups.get(terms) ?? []), rule]);
  }
  const texts = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([terms, rules]): Json | undefined => {
      const reach = reachOf(view, rules, mostNodes);
      return reach.ok ? [terms, diagramHash(reach.value, sha256)] : undefined;
    });
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

const termsOf = ({ duties = [], whole, satisfies, mask }: Rule): Json => ({
  duties: duties.map(dutyText).sort(),
  whole: whole ?? null,
  satisfies: [...new Set(satisfies)].sort(),
  mask: mask ?? null,
});

/** Names the rules and lists in force, whatever files they stand in. */
function rulesHash(view: DayView, sha256: Sha256): string {
  const { law } = view;
  const rule = (found: Rule): Json => ({
    name: found.name,
    effect: found.effect,
    satisfies: found.satisfies,
    grade: found.grade,
    mask: found.mask ?? null,
    defeats: found.defeats ?? null,
    ...(found.protects === undefined ? {} : { protects: found.protects }),
    ...(found.duties === undefined ? {} : { duties: found.duties.map(dutyText) }),
    ...(found.whole === undefined ? {} : { whole: found.whole }),
    condition: conditionJson(law, found.condition),
  });
  const orders = law.instruments.filter((instrument) => instrument.protects.length > 0);
  const lists = orders.map((order): Json => [order.id, law.vocabulary.jurisdictions.map((word) => view.membership(order.id, word.id))]);
  const regimes = law.regimes.map((regime): Json => ({ id: regime.id, needs: regime.needs, applies: conditionJson(law, regime.applies) }));
  const inForceRules = [...view.bars, ...view.permits, ...view.defeats, ...view.protections]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(rule);
  return hex(sha256(utf8(canonicalJson({ format: "writ-law-rules/1", regimes, rules: inForceRules, lists }))));
}
