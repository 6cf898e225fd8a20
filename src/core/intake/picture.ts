/** A COBOL picture such as `X(30)`, `9(8)` or `S9(11)V99`, as dictionaries write the size of a field. */
export type Picture = { readonly kind: "text"; readonly length: number } | NumberPicture;
/** `digits` are those before the point. */
export type NumberPicture = { readonly kind: "number"; readonly signed: boolean; readonly digits: number; readonly decimals: number };

const TEXT = /^X(?:\((\d{1,5})\))?$/;
const NUMBER = /^(S?)9(?:\((\d{1,2})\))?(?:V(9+))?$/;

/** Undefined for anything that is no picture of these two kinds. */
export function parsePicture(text: string): Picture | undefined {
  const words = TEXT.exec(text);
  if (words !== null) return { kind: "text", length: Number(words[1] ?? 1) };
  const number = NUMBER.exec(text);
  if (number === null) return undefined;
  return { kind: "number", signed: number[1] === "S", digits: Number(number[2] ?? 1), decimals: (number[3] ?? "").length };
}
