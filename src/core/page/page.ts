import type { Markup } from "./markup.ts";
import { html, Markup as Raw } from "./markup.ts";
import { STYLE } from "./style.ts";

/** A whole document around a body: one file, no script, nothing loaded from elsewhere. */
export function wholePage(title: string, body: Markup, sourceDigest: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <title>${title}</title>
        <style>
          ${new Raw(STYLE)}
        </style>
      </head>
      <body>
        ${body}
        <footer class="note">
          <p>
            Made by writ from the law with source digest ${sourceDigest.slice(0, 16)}…. What the rules say in plain words is generated from
            the rules themselves.
          </p>
        </footer>
      </body>
    </html> `.text;
}
