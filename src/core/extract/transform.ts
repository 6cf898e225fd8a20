import type { ElementType } from "../catalog/catalogue.ts";

/** What a released cell holds of its element. A closed list: each has its reference here and its SQL in the printer. */
export type Transform =
  | { readonly kind: "clear" }
  | { readonly kind: "omit" }
  /** The year of a date, as text. */
  | { readonly kind: "year" }
  /** The first three characters of a ZIP code; `000` for the areas listed as too sparse. */
  | { readonly kind: "zip3"; readonly sparse: readonly string[] }
  /** The band of `width` whole numbers that holds the value, as text such as `20-29`. */
  | { readonly kind: "band"; readonly width: number }
  /** The release's pseudonym of the person, instead of the element. */
  | { readonly kind: "pseudonym" };

/** A stored value as text, the form in which check rows are compared. */
export type CellText = string | null;

/** Element types a transform is defined on. */
const DEFINED_ON: Readonly<Record<Transform["kind"], readonly ElementType[]>> = {
  clear: ["text", "date", "integer", "cents"],
  omit: ["text", "date", "integer", "cents"],
  year: ["date"],
  zip3: ["text"],
  band: ["integer", "cents"],
  pseudonym: ["text", "date", "integer", "cents"],
};

export const isDefinedOn = (transform: Transform, type: ElementType): boolean =>
  DEFINED_ON[transform.kind].includes(type) &&
  (transform.kind !== "band" || (Number.isSafeInteger(transform.width) && transform.width > 0));

/** The reference meaning of a transform, which the printed SQL must match. */
export function transformed(transform: Transform, cell: CellText, pseudonym: CellText): CellText {
  if (transform.kind === "pseudonym") return pseudonym;
  if (cell === null) return null;
  switch (transform.kind) {
    case "clear":
      return cell;
    case "omit":
      return null;
    case "year":
      return cell.slice(0, -"-MM-DD".length);
    case "zip3":
      return zip3(cell, transform.sparse);
    case "band":
      return band(BigInt(cell), BigInt(transform.width));
  }
}

function zip3(cell: string, sparse: readonly string[]): string {
  const area = [...cell].slice(0, 3).join("");
  return sparse.includes(area) ? "000" : area;
}

function band(value: bigint, width: bigint): string {
  const start = value - (((value % width) + width) % width);
  return `${start}-${start + width - 1n}`;
}

/** The type of a column: its element's while every value is clear, a UUID when all are pseudonyms, else text. */
export type OutputType = ElementType | "uuid";

export function outputType(type: ElementType, transforms: readonly Transform[]): OutputType {
  const kinds = new Set(transforms.map(({ kind }) => kind).filter((kind) => kind !== "omit"));
  if (kinds.size === 1 && kinds.has("pseudonym")) return "uuid";
  return kinds.size === 0 || (kinds.size === 1 && kinds.has("clear")) ? type : "text";
}
