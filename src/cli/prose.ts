import MarkdownIt from "markdown-it";
import { Markup } from "../core/page/markup.ts";

// INVARIANT: no HTML of the text passes, and an image, which would be loaded from elsewhere, stays text.
const markdown = new MarkdownIt({ html: false, linkify: false }).disable("image");

/** CommonMark and tables as markup that is safe to show, whoever wrote the text. */
export const prose = (text: string): Markup => new Markup(markdown.render(text));
