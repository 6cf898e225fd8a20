/** HTML that is safe to send: only `html` and a trusted renderer make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand between tags and within quoted attributes. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const toText = (part: Part): string =>
  part instanceof Markup ? part.text : typeof part === "object" ? part.map(toText).join("") : escaped(String(part));

/** A template whose every value is escaped, save what is markup already. INVARIANT: attributes are written in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((string, at) => string + (at < parts.length ? toText(parts[at] ?? "") : "")).join(""));
}

export const NOTHING: Markup = new Markup("");

/** A link where the address is one of the web; plain text where it is anything else. */
export const link = (address: string, label: string): Markup =>
  /^https?:\/\//i.test(address) ? html`<a href="${address}" rel="noreferrer">${label}</a>` : html`${label}`;
