import type { Json } from "../base/canonical-json.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { CivilDate } from "../base/civil-date.ts";
import type { Condition } from "../law/condition.ts";
import { turningDaysFrom } from "../law/docket.ts";
import type { Law, Rule } from "../law/law.ts";
import { conditionJson } from "../law/law.ts";
import type { Grade } from "../law/source.ts";
import type { DayView } from "../verdict/day-view.ts";
import { dayView } from "../verdict/day-view.ts";
import { CHANGES, OPENING_CHANGES } from "../verdict/diagram-box.ts";
import { buildDiagram } from "../verdict/diagram-build.ts";
import type { Comparison } from "../verdict/diagram-compare.ts";
import { compareDiagrams } from "../verdict/diagram-compare.ts";

/** What one law does that another did not, from a day on. */
export type LawDifference = {
  readonly opens: boolean;
  readonly closes: boolean;
  /** States for whose records something opens. INVARIANT: none where that cannot be told, so that no state signs for another. */
  readonly opensFor: readonly string[];
  readonly summary: readonly string[];
};

export type WhatChanges = (before: Law, after: Law, from: CivilDate, admitted: readonly Grade[]) => LawDifference;

/**
 * Compares two laws on every day from `from` on, point by point of the whole space. INVARIANT: `opens: false` is a promise.
 * What is no point of that space opens when it changes at all: words, regimes, what an extract must count, what a recipient
 * owes. So does everything that is not known to close, where the space is too large to compare.
 */
export const whatChanges: WhatChanges = (before, after, from, admitted) => {
  const found = turningDaysFrom(from, [before, after]).map((day) => onDay(dayView(before, day, admitted), dayView(after, day, admitted)));
  const states = [...new Set([...before.vocabulary.jurisdictions, ...after.vocabulary.jurisdictions].map((word) => word.id))].sort();
  const others = canonicalJson(wordsOf(before)) !== canonicalJson(wordsOf(after));
  const opening = new Set([...(others ? ["another vocabulary or another regime"] : []), ...found.flatMap((one) => one.opening)]);
  const closing = new Set(found.flatMap((one) => one.closing));
  const all = others || found.some((one) => one.opensFor === "all");
  const opensFor = all ? states : found.flatMap((one) => one.opensFor);
  const isTold = others || found.every((one) => one.opensFor !== "untold");
  return {
    opens: opening.size > 0,
    closes: closing.size > 0,
    opensFor: opening.size > 0 && isTold ? [...new Set(opensFor)].sort() : [],
    summary: [...[...opening].sort().map((what) => `opens: ${what}`), ...[...closing].sort().map((what) => `closes: ${what}`)],
  };
};

type DayChange = {
  readonly opening: readonly string[];
  readonly closing: readonly string[];
  readonly opensFor: readonly string[] | "all" | "untold";
};

/** WHY so many: a box left off is a state that cannot be told. */
const MOST_BOXES = 50_000;

function onDay(before: DayView, after: DayView): DayChange {
  const written = byRules(before, after);
  if (written.opening.length + written.closing.length === 0) return { ...written, opensFor: [] };
  const [was, is] = [buildDiagram(before), buildDiagram(after)];
  const compared = was.ok && is.ok ? compareDiagrams(was.value, is.value, { mostBoxes: MOST_BOXES }) : undefined;
  return compared?.ok === true ? byPoints(before, after, written, compared.value) : { ...written, opensFor: "untold" };
}

/** What the points say, in the words of the rules; and what no point says. */
function byPoints(before: DayView, after: DayView, written: Written, { boxes, combinations, latent, complete }: Comparison): DayChange {
  const unseen = unseenOpenings(before, after);
  const opened = OPENING_CHANGES.flatMap((change) => boxes[change]);
  // WHY latent too: a bar that goes where nothing passed anyway lets more reach a person whom it alone held back.
  const opens = OPENING_CHANGES.some((change) => combinations[change] > 0n) || latent.unbarred > 0n;
  const closes = CHANGES.some((change) => !OPENING_CHANGES.includes(change) && combinations[change] > 0n) || latent.barred > 0n;
  const anywhere = unseen.length > 0 || opened.some(({ words }) => words.origin === undefined);
  return {
    opening: opens ? [...orElse(written.opening, "what is written alike"), ...unseen] : unseen,
    closing: closes ? orElse(written.closing, "what is written alike") : [],
    opensFor: anywhere
      ? "all"
      : opens && (!complete || latent.unbarred > 0n)
        ? "untold"
        : opened.flatMap(({ words }) => words.origin ?? []),
  };
}

/** WHY: a change of the points is never left without a line, or it would pass for none. */
const orElse = (lines: readonly string[], line: string): readonly string[] => (lines.length > 0 ? lines : [line]);

/** Rules that open anew where some asked more than a point shows; protections of a refusal that went. */
function unseenOpenings(before: DayView, after: DayView): readonly string[] {
  const asksMore = openingsOf(before).some((rule) => rule.whole !== undefined || rule.duties !== undefined);
  const come = difference(ruleTexts(before, openingsOf(before)), ruleTexts(after, openingsOf(after))).come;
  const gone = difference(ruleTexts(before, before.protections), ruleTexts(after, after.protections)).gone;
  return [...(asksMore ? come.map((name) => `${name} comes or changes`) : []), ...gone.map((name) => `protection ${name} goes or changes`)];
}

type Written = { readonly opening: readonly string[]; readonly closing: readonly string[] };

/** Rules and lists that came or went. Rules that say the same in other words count as different. */
function byRules(before: DayView, after: DayView): Written {
  const bars = difference(ruleTexts(before, closingsOf(before)), ruleTexts(after, closingsOf(after)));
  const permits = difference(ruleTexts(before, openingsOf(before)), ruleTexts(after, openingsOf(after)));
  const lists = difference(listTexts(before), listTexts(after));
  // WHY: a list that grows closes only where no opening reads it.
  const grown = lists.gone.length === 0 && !readsLists(before) && !readsLists(after);
  return {
    opening: [
      ...bars.gone.map((name) => `bar ${name} goes or changes`),
      ...permits.come.map((name) => `${name} comes or changes`),
      ...(grown ? [] : [...lists.gone, ...lists.come].map((name) => `party list ${name} is another`)),
    ],
    closing: [
      ...bars.come.map((name) => `bar ${name}`),
      ...permits.gone.map((name) => `${name} goes or changes`),
      ...(grown ? lists.come.map((name) => `party list ${name} grows`) : []),
    ],
  };
}

const closingsOf = (view: DayView): readonly Rule[] => [...view.bars, ...view.protections];
const openingsOf = (view: DayView): readonly Rule[] => [...view.permits, ...view.defeats];

type Texts = ReadonlyMap<string, string>;

function difference(before: Texts, after: Texts): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  const missing = (from: Texts, among: Texts): readonly string[] => [...from].filter(([text]) => !among.has(text)).map(([, name]) => name);
  return { gone: missing(before, after), come: missing(after, before) };
}

/** A rule by all that it does, with its name. WHY left out by name: a field added to rules later counts by itself. */
const ruleTexts = (view: DayView, rules: readonly Rule[]): Texts =>
  new Map(
    rules.map((rule) => {
      const {
        name,
        instrument: _of,
        cite: _cite,
        pinpoint: _at,
        interpretation: _as,
        grade: _known,
        text: _text,
        at: _place,
        ...does
      } = rule;
      // WHY the name of a bar: an exception takes effect from a bar by its name.
      const said = { ...does, name: rule.effect === "forbid" ? name : null, condition: conditionJson(view.law, rule.condition) };
      return [canonicalJson(said), name];
    }),
  );

/** Each place on a party list; one that is unresolved is a place as well, since both readings are then judged. */
const listTexts = (view: DayView): Texts =>
  new Map(
    view.law.instruments.flatMap((order) =>
      view.law.vocabulary.jurisdictions.flatMap(({ id }): [string, string][] => {
        const membership = view.membership(order.id, id);
        if (membership === "stranger") return [];
        // A member is a stronger place than an unresolved one: both are kept, so that going back to unresolved counts.
        const places = membership === "member" ? ["unresolved", "member"] : ["unresolved"];
        return places.map((place) => [`${order.id} ${id} ${place}`, `of ${order.id}, ${id}`]);
      }),
    ),
  );

/** Whether anything but a bar, asked outright, looks at a party list. */
function readsLists(view: DayView): boolean {
  const outright = (condition: Condition, positive: boolean): boolean => {
    if (condition.kind === "atom") return positive || view.law.atoms[condition.atom]?.kind !== "protected";
    if (condition.kind === "not") return outright(condition.arg, !positive);
    return condition.kind === "and" || condition.kind === "or" ? condition.args.every((arg) => outright(arg, positive)) : true;
  };
  const never = (condition: Condition): boolean => outright(condition, false) && outright({ kind: "not", arg: condition }, false);
  const others = [...openingsOf(view).map((rule) => rule.condition), ...view.law.regimes.map((regime) => regime.applies)];
  return !view.bars.every((bar) => outright(bar.condition, true)) || !others.every(never);
}

const wordsOf = (law: Law): Json => ({
  vocabulary: law.vocabulary as unknown as Json,
  regimes: law.regimes.map(({ id, needs, applies }) => ({ id, needs, applies: conditionJson(law, applies) })),
});
