import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { Problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import { mapReader, parseYaml } from "../base/yaml-node.ts";
import type { SourceText } from "../catalog/reading.ts";
import type { MeasureCount, Validation } from "./validation.ts";
import { shareText } from "./validation.ts";
import { parseShare } from "./rule-book.ts";
import type { RuleBook, Tier } from "./rule.ts";
import { isWithin, TIERS } from "./rule.ts";

/** A share above which a submission is refused: of one rule or measure, or of every rule of a tier. */
export type Limit = { readonly of: { readonly rule: string } | { readonly tier: Tier }; readonly above: number };

/** What is refused for how much. docs/formats/rules.md */
export type Policy = { readonly name: string; readonly limits: readonly Limit[] };

export function parsePolicy({ file, text }: SourceText): Checked<Policy> {
  const node = parseYaml(file, text);
  if (!node.ok) return node;
  const problems: Problem[] = [];
  const reader = mapReader(node.value, ["policy", "refuse"], problems);
  const policy: Policy = { name: reader.text("policy"), limits: reader.maps("refuse", ["rule", "tier", "above"]).map(readLimit) };
  return passIf(problems, () => policy);
}

function readLimit(reader: MapReader): Limit {
  const [rule, tier] = [reader.optionalText("rule"), reader.optionalText("tier")];
  const above = parseShare(reader.text("above"));
  if (above === undefined) reader.refuse("the limit is no share", "write it in percent, such as 2%", "above");
  if ((rule === undefined) === (tier === undefined)) reader.refuse("a limit names a rule or a tier", "rule: within-person, or tier: 2.0");
  if (tier !== undefined && !TIERS.includes(tier)) reader.refuse(`unknown tier "${tier}"`, `write ${TIERS.join(", ")}`, "tier");
  return { of: rule === undefined ? { tier: (tier ?? "2.0") as Tier } : { rule }, above: above ?? 0 };
}

/** Why a submission is refused; nothing when it is not. The limit of a rule goes before that of its tier. */
export function refusalsOf(policy: Policy, book: RuleBook, { findings, measures }: Validation): readonly string[] {
  const tiers = new Map([...book.records, ...book.rules].map(({ id, tier }) => [id, tier]));
  const shares: readonly MeasureCount[] = [...findings.map(({ rule, failed, of }) => ({ rule, counted: failed, of })), ...measures];
  return shares.flatMap(({ rule, segment, counted, of }) => {
    const limit = limitOf(policy, rule, tiers.get(rule));
    if (limit === undefined || isWithin({ least: 0, most: limit }, counted, of)) return [];
    return [`${rule}${segment === undefined ? "" : ` of ${segment}`}: ${shareText(counted, of)}, above ${limit / 100}%`];
  });
}

function limitOf({ limits }: Policy, rule: string, tier: Tier | undefined): number | undefined {
  const own = limits.find(({ of }) => "rule" in of && of.rule === rule);
  return (own ?? limits.find(({ of }) => "tier" in of && of.tier === tier))?.above;
}
