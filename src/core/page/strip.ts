import type { CivilDate } from "../base/civil-date.ts";
import { addDays } from "../base/civil-date.ts";
import { docketEvents } from "../law/docket.ts";
import type { Law } from "../law/law.ts";
import type { Span } from "../law/span.ts";
import { spansInForce, spansText } from "../law/span.ts";
import type { Markup } from "./markup.ts";
import { html, NOTHING } from "./markup.ts";

const WIDTH = 1000;

const daysBetween = (from: CivilDate, to: CivilDate): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** From the first order's first day to a while after the last event of the docket: where the law moves. */
function windowOf(law: Law): Span & { readonly to: CivilDate } {
  const orders = law.instruments.filter(({ kind }) => kind === "order").map(({ effective }) => effective.earliest);
  const events = docketEvents(law);
  const from = [...orders].sort()[0] ?? events[0] ?? ("2025-01-01" as CivilDate);
  return { from: addDays(from, -30), to: addDays(events.at(-1) ?? from, 60) };
}

/** When an instrument's rules are in force, drawn along the docket; bars above, whatever opens below. Said in words for those who cannot see it. */
export function docketStrip(law: Law, instrument: string): Markup {
  const rules = law.rules.filter((rule) => rule.instrument === instrument && rule.protects === undefined);
  if (rules.length === 0) return NOTHING;
  const span = windowOf(law);
  const length = daysBetween(span.from, span.to);
  const at = (date: CivilDate): number => Math.min(WIDTH, Math.max(0, Math.round((daysBetween(span.from, date) / length) * WIDTH)));
  const bars = (effect: "forbid" | "permit"): readonly Markup[] =>
    unique(rules.filter((rule) => rule.effect === effect).flatMap((rule) => spansInForce(rule, law))).map(({ from, to }) => {
      const [left, right] = [at(from), to === undefined ? WIDTH : at(addDays(to, 1))];
      return html`<rect class="${effect === "forbid" ? "bars" : "permits"}" x="${left}" y="${effect === "forbid" ? 2 : 11}" width="${right - left}" height="8"/>`; // prettier-ignore
    });
  const years = [...Array(Number(span.to.slice(0, 4)) - Number(span.from.slice(0, 4))).keys()].map((_, index) => Number(span.from.slice(0, 4)) + index + 1); // prettier-ignore
  const ticks = years.map((year) => html`<line x1="${at(`${year}-01-01` as CivilDate)}" x2="${at(`${year}-01-01` as CivilDate)}" y1="0" y2="22"/>`); // prettier-ignore
  const words = unique(rules.flatMap((rule) => spansInForce(rule, law)));
  const label = `in force ${spansText(words)}; drawn from ${span.from} to ${span.to}`;
  return html`<figure>
    <svg class="strip" viewBox="0 0 ${WIDTH} 24" preserveAspectRatio="none" role="img" aria-label="${label}">
      ${bars("forbid")}${bars("permit")}
      <line x1="0" x2="${WIDTH}" y1="22" y2="22" />
      ${ticks}
    </svg>
    <figcaption class="note">
      In force ${spansText(words)}. Drawn from ${span.from} to ${span.to}, a line at each new year; bars above, permits and exceptions
      below.
    </figcaption>
  </figure>`;
}

function unique(spans: readonly Span[]): readonly Span[] {
  const seen = new Map(spans.map((span) => [`${span.from} ${span.to ?? ""}`, span]));
  return [...seen.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}
