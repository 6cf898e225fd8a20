import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import type { Json } from "../base/canonical-json.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { Condition } from "../law/condition.ts";
import { dutyText } from "../law/duties.ts";
import type { Rule } from "../law/law.ts";
import type { DayView } from "./day-view.ts";
import { buildDiagram, NODE_BUDGET } from "./diagram-build.ts";
import { diagramHash } from "./diagram-text.ts";

/**
 * Names the verdicts of the law in force on the day: equal hashes, equal verdicts on every point of the space; and the other way round,
 * however the rules are written, ordered or spread over files. Law too large for one diagram is named by its rules instead, which
 * differ where the text does; the two kinds never have a hash in common.
 */
export function lawHash(view: DayView, sha256: Sha256, mostNodes: number = NODE_BUDGET): string {
  const diagram = buildDiagram(view, mostNodes);
  return diagram.ok ? diagramHash(diagram.value, sha256) : rulesHash(view, sha256);
}

/** Names the rules and lists in force, whatever files they stand in. */
function rulesHash(view: DayView, sha256: Sha256): string {
  const { law } = view;
  const expand = (condition: Condition): Json => {
    if (condition.kind === "atom") return law.atoms[condition.atom] as unknown as Json;
    if (condition.kind === "not") return { not: expand(condition.arg) };
    return condition.kind === "and" || condition.kind === "or" ? { [condition.kind]: condition.args.map(expand) } : condition.kind;
  };
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
    condition: expand(found.condition),
  });
  const orders = law.instruments.filter((instrument) => instrument.protects.length > 0);
  const lists = orders.map((order): Json => [order.id, law.vocabulary.jurisdictions.map((word) => view.membership(order.id, word.id))]);
  const regimes = law.regimes.map((regime): Json => ({ id: regime.id, needs: regime.needs, applies: expand(regime.applies) }));
  const inForceRules = [...view.bars, ...view.permits, ...view.defeats, ...view.protections]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(rule);
  return hex(sha256(utf8(canonicalJson({ format: "writ-law-rules/1", regimes, rules: inForceRules, lists }))));
}
