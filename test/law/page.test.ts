import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { prose } from "../../src/cli/prose.ts";
import type { Law } from "../../src/core/law/law.ts";
import { lawIndexPage, pageName } from "../../src/core/page/law-index.ts";
import { instrumentPage } from "../../src/core/page/law-page.ts";
import { escaped } from "../../src/core/page/markup.ts";
import { lawFilesOnDisk } from "../../src/store/law-files.ts";
import { shippedLaw } from "./scenario.ts";
import { bar, fenced, instrument, permit, smallLaw } from "./small-law.ts";

const ATTACK = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;

describe("the page of a hostile instrument", () => {
  let page: string;

  beforeAll(() => {
    const front = {
      title: `'${ATTACK.replaceAll("'", "''")}'`,
      sources: "[{ cite: '<b>c</b>', url: 'javascript:alert(1)', grade: read, reviewedBy: '</style><b>' }]",
    };
    const rule = permit({ notes: `@interpretation("<script>alert(2)</script>") @pinpoint("</pre><script>")` });
    const body = `# a\n\n${ATTACK}\n\n[x](javascript:alert(1)) ![x](https://example.org/x.png) <style>*{}</style>\n\n${fenced(rule)}\n\n~~~\n</pre><script>\n~~~\n`;
    const table =
      "| on | from | to | purpose | field | expect |\n| --- | --- | --- | --- | --- | --- |\n| <script>x</script> | | | | | permit |\n";
    const file = { path: "a.md", text: `${instrument("a", front).text}${body}\n${table}` };
    const law = smallLaw(file);
    const [only] = law.instruments;
    if (only === undefined) throw new Error("the instrument does not load");
    page = instrumentPage(law, only, file.text, prose);
  });

  it("holds no tag, attribute or address of its making", () => {
    const tags = new Set([...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, name]) => name));
    for (const name of ["script", "img", "b", "iframe"]) expect(tags).not.toContain(name);
    expect(page.match(/<style/g)).toHaveLength(1);
    const opened = (page.match(/<[a-z][^>]*>/gi) ?? []).join("\n");
    expect(opened).not.toMatch(/\son\w+=|\ssrc=/);
    expect(opened).not.toMatch(/href="(?!https?:)/);
  });

  it("shows the rules of its front matter too", () => {
    const file = instrument("b", { defeats: "[{ rule: 'b#1', scope: 'true', cite: savings clause }]" }, bar());
    const law = smallLaw(file);
    const [only] = law.instruments;
    expect(only === undefined ? "" : instrumentPage(law, only, file.text, prose)).toMatch(
      /By its front matter[^]*Exception[^]*savings clause/,
    );
  });

  it("still shows what was written", () => {
    expect(page).toContain(`<title>${escaped(ATTACK)}</title>`);
    expect(page).toContain("alert(2)");
  });
});

describe("the pages of the shipped law", () => {
  let law: Law;
  let pages: ReadonlyMap<string, string>;

  beforeAll(async () => {
    law = await shippedLaw();
    const sources = new Map((await lawFilesOnDisk.read(join(import.meta.dirname, "../../law"))).map(({ path, text }) => [path, text]));
    pages = new Map(law.instruments.map((one) => [one.id, instrumentPage(law, one, sources.get(one.path) ?? "", prose)]));
  });

  it("show every rule once, as written", () => {
    const shown = law.rules.map((rule) => (pages.get(rule.instrument) ?? "").split(`<pre>${escaped(rule.text)}</pre>`).length - 1);
    expect(shown.filter((times) => times !== 1)).toEqual([]);
  });

  it("have one heading of the first rank, a title, a language, and no script", () => {
    for (const page of pages.values()) {
      expect(page.match(/<h1[ >]/g)).toHaveLength(1);
      expect(page).toMatch(/<html lang="en">[^]*<title>[^<]+<\/title>/);
      expect(page).not.toMatch(/<script|https?:\/\/[^"]*\.(css|js)/);
    }
  });

  it("fit into 15 kB each, packed", () => {
    const tooLarge = [...pages].filter(([, page]) => gzipSync(page).length > 15_000).map(([id]) => id);
    expect(tooLarge).toEqual([]);
    expect(gzipSync(lawIndexPage(law)).length).toBeLessThan(15_000);
  });

  it("are linked from the list, each under a name of its own", () => {
    const links = [...lawIndexPage(law).matchAll(/href="(instrument_[^"]+)"/g)].map(([, name]) => name ?? "");
    expect(new Set(links)).toEqual(new Set(law.instruments.map(({ id }) => pageName(id))));
    expect(links).toHaveLength(law.instruments.length);
  });
});
