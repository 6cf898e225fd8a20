import type { Instrument } from "../law/instrument.ts";
import { KINDS } from "../law/front-matter.ts";
import type { Law } from "../law/law.ts";
import type { Markup } from "./markup.ts";
import { html } from "./markup.ts";
import { wholePage } from "./page.ts";

/** The name of an instrument's page. INVARIANT: one name per id, and never that of the list, since no id holds `_`. */
export const pageName = (id: string): string => `instrument_${id.replaceAll("/", "_")}.html`;

/** All instruments, by kind, each a link to its page. */
export function lawIndexPage(law: Law): string {
  const reviewed = law.instruments.filter((one) => one.reviewed).length;
  const body = html`<header><h1>Law</h1>
<p class="draft">${reviewed} of ${law.instruments.length} instruments reviewed by counsel. It is no legal advice.</p></header>
<main>${KINDS.map((kind) => kindMarkup(kind, law.instruments.filter((one) => one.kind === kind)))}</main>`; // prettier-ignore
  return wholePage("Law", body, law.sourceDigest);
}

const PLURAL: Readonly<Record<(typeof KINDS)[number], string>> = {
  statute: "Statutes",
  regulation: "Regulations",
  policy: "Policies",
  agreement: "Agreements",
  order: "Orders",
};

const kindMarkup = (kind: (typeof KINDS)[number], instruments: readonly Instrument[]): Markup | string =>
  instruments.length === 0 ? "" : html`<section><h2>${PLURAL[kind]}</h2><ul>${instruments.map(itemMarkup)}</ul></section>
`; // prettier-ignore

const itemMarkup = ({ id, title, cite, grade }: Instrument): Markup =>
  html`<li><a href="${pageName(id)}">${title}</a> <span class="note">${cite} · ${grade}</span></li> `;
