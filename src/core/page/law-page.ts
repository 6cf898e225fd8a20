import { ruleEcho } from "../law/echo.ts";
import type { Instrument, Source } from "../law/instrument.ts";
import { instrumentFacts } from "../law/instrument-text.ts";
import type { Law, Rule } from "../law/law.ts";
import type { LiteratePart } from "../law/literate-part.ts";
import { literateParts } from "../law/literate-part.ts";
import { cellsOf } from "../law/markdown.ts";
import type { Markup } from "./markup.ts";
import { html, link, NOTHING } from "./markup.ts";
import { wholePage } from "./page.ts";
import { docketStrip } from "./strip.ts";

/** Turns Markdown into markup. INVARIANT: lets no HTML of the text through, and loads nothing from elsewhere. */
export type ProseRenderer = (markdown: string) => Markup;

/** An instrument as a page: text left, rule right, paragraph by paragraph; each rule in plain words and as written. */
export function instrumentPage(law: Law, instrument: Instrument, source: string, prose: ProseRenderer): string {
  const lines = source.split(/\r?\n/);
  const parts = literateParts(lines, lines.indexOf("---", 1) + 1);
  const facts = instrumentFacts(instrument).map(
    ([name, said]) =>
      html`<dt>${name}</dt>
        <dd>${said}</dd>`,
  );
  const body = html`<header>
      <p class="note">${instrument.id}</p>
      <h1>${instrument.title}</h1>
      ${draftNote(instrument)}
      <dl>${facts}</dl>
      ${docketStrip(law, instrument.id)}
    </header>
    <main>
      ${pairs(parts).map((pair) => pairMarkup(pair, law, instrument, prose))} ${elsewhere(parts, law, instrument)}
      ${sourcesMarkup(instrument.sources)}
    </main>`;
  return wholePage(instrument.title, body, law.sourceDigest);
}

const draftNote = ({ reviewed }: Instrument): Markup =>
  reviewed
    ? NOTHING
    : html`<p class="draft"><strong>Draft.</strong> No counsel has reviewed this text against its sources. It is no legal advice.</p>`;

/** A paragraph and the rules that encode it; either may be missing. */
type Pair = { readonly text: string; readonly rules: readonly LiteratePart[]; readonly table?: LiteratePart };

/** INVARIANT: every part of the body is in one pair, in order. */
function pairs(parts: readonly LiteratePart[]): readonly Pair[] {
  const result: Pair[] = [];
  for (const [at, part] of parts.entries()) {
    const last = result.at(-1);
    if (part.kind === "table") result.push({ text: "", rules: [], table: part });
    else if (part.kind === "prose") result.push(...paragraphs(part, parts[at + 1]?.kind === "cedar"));
    else if (part.kind === "cedar" && last !== undefined && last.table === undefined)
      result[result.length - 1] = { ...last, rules: [...last.rules, part] };
    else result.push({ text: "", rules: [part] });
  }
  return result;
}

/** The paragraph right before a rule stands beside it; what comes before that stands alone. */
function paragraphs({ lines }: LiteratePart, beforeRule: boolean): readonly Pair[] {
  const text = lines.join("\n").trim();
  const cut = beforeRule ? text.lastIndexOf("\n\n") : -1;
  const [before, beside] = cut < 0 ? (beforeRule ? ["", text] : [text, ""]) : [text.slice(0, cut), text.slice(cut + 2)];
  return [before, beside].filter((piece) => piece !== "").map((piece) => ({ text: piece, rules: [] }));
}

function pairMarkup({ text, rules, table }: Pair, law: Law, instrument: Instrument, prose: ProseRenderer): Markup {
  if (table !== undefined) return tableMarkup(table);
  // WHY: the page's title is the instrument's; a heading of the same rank in the text would be a second one.
  const said = prose(text.replace(/^# .*\n?/m, ""));
  if (rules.length === 0) return html`<section>${said}</section>`;
  const right = rules.flatMap((part) => ruleMarkups(part, law, instrument));
  return html`<section class="pair">
    <div>${said}</div>
    <div>${right}</div>
  </section>`;
}

const ruleMarkups = (part: LiteratePart, law: Law, instrument: Instrument): readonly Markup[] =>
  part.kind === "cedar"
    ? law.rules.filter((rule) => rule.instrument === instrument.id && standsIn(part, rule)).map((rule) => ruleMarkup(rule, law))
    : [html`<pre>${part.lines.join("\n")}</pre>`];

const standsIn = ({ kind, line, lines }: LiteratePart, { at }: Rule): boolean =>
  kind === "cedar" && at.line !== undefined && line <= at.line && at.line < line + lines.length;

/** Rules that come from front matter, such as a stay in part. INVARIANT: with those beside paragraphs, every rule is shown once. */
function elsewhere(parts: readonly LiteratePart[], law: Law, instrument: Instrument): Markup {
  const rules = law.rules.filter((rule) => rule.instrument === instrument.id && !parts.some((part) => standsIn(part, rule)));
  return rules.length === 0
    ? NOTHING
    : html`<section>
        <h2>By its front matter</h2>
        ${rules.map((rule) => ruleMarkup(rule, law))}
      </section>`;
}

function ruleMarkup(rule: Rule, law: Law): Markup {
  const kind =
    rule.protects !== undefined ? "protects" : rule.defeats !== undefined ? "lifts" : rule.effect === "forbid" ? "bars" : "permits";
  const reading =
    rule.interpretation === undefined ? NOTHING : html`<p class="note"><strong>A reading.</strong> ${rule.interpretation}</p>`;
  return html`<article class="rule ${kind}">
    <h2>
      <span class="kind">${KIND_WORD[kind]}</span> <span>#${rule.name.slice(rule.instrument.length + 1)} ${rule.pinpoint ?? ""}</span>
    </h2>
    <p>${ruleEcho(rule, law)}</p>
    <p class="note">${rule.cite} · grade ${rule.grade}</p>
    ${reading}
    <pre>${rule.text}</pre>
  </article> `;
}

const KIND_WORD = { bars: "Bar", permits: "Permit", lifts: "Exception", protects: "Refusal protected" } as const;

function tableMarkup({ lines }: LiteratePart): Markup {
  const [head = [], , ...rows] = lines.map(cellsOf);
  return html`<section>
    <h2>What it is expected to answer</h2>
    <p class="note">Taken alone, on that day. <code>writ law check</code> asks each row.</p>
    <div class="wide" role="region" tabindex="0" aria-label="expected answers">
      <table>
        <thead>
          <tr>
            ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell) => html`<td>${cell}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </section> `;
}

function sourcesMarkup(sources: readonly Source[]): Markup {
  const rows = sources.map(
    ({ cite, url, grade, reviewedBy, sha256 }) =>
      html`<li>
        ${url === undefined ? cite : link(url, cite)} · ${grade} ·
        ${reviewedBy === undefined ? "compared by nobody yet" : `compared by ${reviewedBy}`}${sha256 === undefined ? "" : ` · sha256 ${sha256.slice(0, 12)}…`}
      </li> `,
  );
  return html`<section>
    <h2>Sources</h2>
    <ul>
      ${rows}
    </ul>
  </section>`;
}
