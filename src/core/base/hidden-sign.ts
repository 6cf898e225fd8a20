// Controls save tab and line ends, and the marks that turn the direction of text.
const HIDDEN = /(?![\t\n\r])\p{Cc}|[\u202A-\u202E\u2066-\u2069]/u;

/** The first sign that a terminal would obey or that would make a text read otherwise than it is; what is printed must hold none. */
export function hiddenSign(text: string): { readonly offset: number; readonly name: string } | undefined {
  const found = HIDDEN.exec(text);
  if (found === null) return undefined;
  return { offset: found.index, name: `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}` };
}
