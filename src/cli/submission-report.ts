import { thousands } from "../core/base/thousands.ts";
import type { DatasetManifest } from "../core/intake/manifest.ts";
import type { GuardReport } from "../core/validate/guard.ts";
import { bookFor } from "../core/validate/rule-book.ts";
import type { Measure, RuleBook, Said, Tier } from "../core/validate/rule.ts";
import { isWithin, WHOLE } from "../core/validate/rule.ts";
import type { Finding, MeasureCount, Validation } from "../core/validate/validation.ts";
import { shareText } from "../core/validate/validation.ts";

/** One line of a report: what it is about, and what it says. */
export type ReportLine = readonly [label: string, text: string];

/** The book a submission was checked by. WHY by name: where it changed since, the words beside the counts may be others. */
export const bookOf = ({ dataset, dictionary }: DatasetManifest, books: readonly RuleBook[]): RuleBook | undefined =>
  bookFor(books, { dataset, version: dictionary });

/** What rules found in a submission: first the rules, then the measures beside CMS's ranges. */
export function validationLines(
  { validation }: Pick<DatasetManifest, "validation">,
  book: RuleBook | undefined,
  which: "all" | "broken only",
): readonly ReportLine[] {
  if (validation === undefined) return [];
  const [broken, kept] = [true, false].map((is) => validation.findings.filter(({ failed }) => failed > 0 === is));
  const unseen = validation.unseen.length > 0 ? ` · ${validation.unseen.length} not looked at` : "";
  const shown = which === "all" ? (kept ?? []) : [];
  return [
    ["outcome", validation.outcome.replaceAll("-", " ")],
    ["rules", `${kept?.length ?? 0} kept · ${broken?.length ?? 0} broken${unseen}`],
    ...(broken ?? []).map((finding): ReportLine => ["broken", findingText(finding, book)]),
    ...shown.map((finding): ReportLine => ["kept", findingText(finding, book)]),
    ...validation.unseen.map(({ rule, why }): ReportLine => ["unseen", `${rule}: ${why}`]),
    ...measuresShown(validation.measures).map((count): ReportLine => ["measure", measureText(count, book)]),
    ...openLines(book),
  ];
}

/** Rules that are known and that nothing here looks at. */
function openLines(book: RuleBook | undefined): readonly ReportLine[] {
  if (book === undefined || book.open.length === 0) return [];
  return [["open", `known and not checked: CMS ${book.open.map(({ cms }) => cms).join(", ")}`]];
}

/** Of measures taken of each segment, the segments with something, or else their sum. */
function measuresShown(measures: readonly MeasureCount[]): readonly MeasureCount[] {
  const [of, whole] = [measures.filter(({ segment }) => segment !== undefined), measures.filter(({ segment }) => segment === undefined)];
  const found = of.filter(({ counted }) => counted > 0);
  const sums = [...new Set(of.map(({ rule }) => rule))]
    .filter((rule) => !found.some((one) => one.rule === rule))
    .map((rule) => ({ rule, counted: 0, of: of.reduce((sum, one) => sum + (one.rule === rule ? one.of : 0), 0) }));
  return [...found, ...sums, ...whole];
}

function findingText({ rule, failed, of }: Finding, book: RuleBook | undefined): string {
  const said: (Said & { readonly tier: Tier }) | undefined = [...(book?.records ?? []), ...(book?.rules ?? [])].find(
    ({ id }) => id === rule,
  );
  const share = `${thousands(failed)} of ${thousands(of)} (${shareText(failed, of)})`;
  return said === undefined ? `${rule}  ${share}` : `${rule}  tier ${said.tier}${cmsText(rule, said)}  ${share}: ${said.says}`;
}

/** CMS's numbers, where they are not the rule's own name. */
const cmsText = (rule: string, { cms }: Said): string => (cms === undefined || cms === rule ? "" : ` · CMS ${cms}`);

function measureText({ rule, segment, counted, of }: MeasureCount, book: RuleBook | undefined): string {
  const measure = book?.measures.find(({ id }) => id === rule);
  const name = `${rule}${segment === undefined ? "" : ` ${segment}`}`;
  const share = `${shareText(counted, of)} of ${thousands(of)}`;
  if (measure === undefined) return `${name}  ${share}`;
  const outside = isWithin(measure, counted, of) ? "" : " · OUTSIDE";
  return `${name}  ${share} · ${book?.ranges ?? "range"} ${rangeText(measure)}${outside}: ${measure.says}`;
}

function rangeText({ least, most }: Measure): string {
  if (least === 0) return `at most ${most / 100}%`;
  return most === WHOLE ? `at least ${least / 100}%` : `${least / 100}% to ${most / 100}%`;
}

/** The same for programs. */
export function validationJson(validation: Validation | undefined, book: RuleBook | undefined): unknown {
  if (validation === undefined) return undefined;
  const said = new Map<string, Said & { readonly tier?: Tier }>(
    [...(book?.records ?? []), ...(book?.rules ?? [])].map((one) => [one.id, one]),
  );
  const measures = new Map((book?.measures ?? []).map((one) => [one.id, one]));
  return {
    ...validation,
    findings: validation.findings.map((finding) => ({ ...finding, ...saidOf(said.get(finding.rule)) })),
    measures: validation.measures.map((count) => {
      const measure = measures.get(count.rule);
      const range =
        measure === undefined
          ? {}
          : { leastPercent: measure.least / 100, mostPercent: measure.most / 100, within: isWithin(measure, count.counted, count.of) };
      return { ...count, ...saidOf(measure), ...range };
    }),
    open: book?.open ?? [],
  };
}

const saidOf = (said: (Said & { readonly tier?: Tier }) | undefined): object =>
  said === undefined
    ? {}
    : { says: said.says, ...(said.cms === undefined ? {} : { cms: said.cms }), ...(said.tier === undefined ? {} : { tier: said.tier }) };

/** What a state is about to hand over. */
export function guardLines(report: GuardReport): readonly ReportLine[] {
  const { funding, ids } = report;
  const header = ids.saidToBeSsn ? "Social Security numbers by the header" : "no Social Security numbers by the header";
  return [
    ["people", report.people],
    ...(funding === undefined ? [] : [["funding", fundingText(funding)] as const]),
    ["ids", `${header}; on ${ids.rowsWithSsnAsId} rows the id is that row's number`],
    ...report.freeText.map(({ segment, element, rows }): ReportLine => ["free text", `${segment} ${element}: ${rows} rows`]),
    ...sourceLines(report),
    ...report.unrequired.map(({ category, elements, values }): ReportLine => [
      "unrequired",
      `${category}: ${values} values of ${elements.join(", ")}`,
    ]),
    ...report.special.map(({ segment, part2, unknown }): ReportLine => [
      "special",
      `${segment}: ${part2} rows of substance use treatment, ${unknown} unknown`,
    ]),
  ];
}

const fundingText = ({ stateOnly, unknown, mapped }: NonNullable<GuardReport["funding"]>): string =>
  `${stateOnly} paid for by the state alone, ${unknown} unknown${mapped ? "" : " (no aid-code map: add --aid-codes FILE)"}`;

function sourceLines({ sourced }: GuardReport): readonly ReportLine[] {
  const text = ({ from, why, cite }: GuardReport["sourced"][number]): string => `${from}: ${why} (${cite})`;
  return [...new Set(sourced.map(text))].map((source) => {
    const those = sourced.filter((one) => text(one) === source);
    return ["source", `${source}: ${those.map(({ element, rows }) => `${element} ${rows}`).join(", ")}`];
  });
}

/** Lines with their labels in one column. */
export const printLines = (lines: readonly ReportLine[], width: number = 11): readonly string[] =>
  lines.map(([label, text]) => `${label.padEnd(width)}${text}`);
