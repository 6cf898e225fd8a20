import { nearestHint } from "../base/nearest.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";

/**
 * What an extract must be as a whole before a permit counts in it. A closed list, which can only narrow.
 * `minPeople`: people in all. `minCell`: people in each group of rows that the law tells apart; smaller groups stay behind.
 * `notWith`: categories that may not go out along with what this permit opens.
 */
export type WholeTerms = { readonly minPeople?: number; readonly minCell?: number; readonly notWith?: readonly string[] };

export const WHOLE_ANNOTATIONS: readonly string[] = ["minPeople", "minCell", "notWith"];

type Annotations = Readonly<Record<string, string>>;

/** Reads `@minPeople("20") @minCell("11") @notWith("ssn, name")`; undefined when the rule has none of them. */
export function parseWholeTerms(said: Annotations, fields: readonly string[], at: Place, problems: Problem[]): WholeTerms | undefined {
  const count = (key: "minPeople" | "minCell"): WholeTerms => {
    const text = said[key];
    if (text === undefined) return {};
    if (!/^[1-9]\d{0,8}$/.test(text)) problems.push(problem("E_LAW", `@${key} is a whole number of people`, { at, hint: `@${key}("11")` }));
    return { [key]: Number(text) };
  };
  const apart = said["notWith"]?.split(/,\s*/);
  for (const field of apart ?? []) {
    if (fields.includes(field)) continue;
    const hint = nearestHint(field, fields, "law/vocabulary/fields.yaml");
    problems.push(problem("E_LAW", `unknown Field "${field}"`, { at, hint }));
  }
  const terms = { ...count("minPeople"), ...count("minCell"), ...(apart === undefined ? {} : { notWith: apart }) };
  return Object.keys(terms).length === 0 ? undefined : terms;
}

/** In words, for an echo and for a plan. */
export const wholeTermsText = ({ minPeople, minCell, notWith }: WholeTerms): string =>
  [
    ...(minPeople === undefined ? [] : [`in an extract of at least ${minPeople} people`]),
    ...(minCell === undefined ? [] : [`for groups of at least ${minCell} people`]),
    ...(notWith === undefined ? [] : [`not along with ${notWith.join(" or ")}`]),
  ].join(", ");
