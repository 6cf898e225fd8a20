import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CsvRow } from "../base/csv.ts";
import { parseCsv } from "../base/csv.ts";
import { problem } from "../base/problem.ts";
import type { SourceText } from "../catalog/reading.ts";

/** Codes of an area, both ends included: each, or each `every`th of them. */
export type AreaCodes = { readonly area: string; readonly first: string; readonly last: string; readonly every: number };

/** Which codes belong to which area. INVARIANT: all codes are digits, and of one length. */
export type AreaList = { readonly name: string; readonly codes: readonly [AreaCodes, ...AreaCodes[]] };

/** Codes that belong to whichever area. */
export const ANY_AREA = "*";

const COLUMNS = ["area", "first", "last", "every"];

/** Reads a list of catalog/places; its name is the file's. docs/formats/rules.md */
export function parseAreaList({ file, text }: SourceText): Checked<AreaList> {
  const rows = parseCsv(file, text, { columns: COLUMNS });
  if (!rows.ok) return rows;
  const lengthOf = (row: CsvRow | undefined): number => row?.cell("first").length ?? 0;
  const problems = rows.value.flatMap((row) => faultsOf(row, lengthOf(rows.value[0])));
  const [first, ...others] = rows.value.map(readCodes);
  if (first === undefined) problems.push(problem("E_CATALOGUE", "the list is empty", { at: { file } }));
  return passIf(problems, () => ({ name: nameOf(file), codes: [first ?? NOTHING, ...others] }));
}

/** Codes behind their area. Of a hundred that a row has all of, only the digits they share. */
export type PlacedCodes = { readonly digits: number; readonly singles: readonly string[]; readonly hundreds: readonly string[] };

export function placedCodes({ codes }: AreaList): PlacedCodes {
  const areas = [...new Set(codes.map(({ area }) => area))].filter((area) => area !== ANY_AREA);
  const singles: string[] = [];
  const hundreds: string[] = [];
  for (const row of codes) {
    const parts = partsOf(row);
    for (const area of row.area === ANY_AREA ? areas : [row.area]) {
      singles.push(...parts.singles.map((code) => area + code));
      hundreds.push(...parts.hundreds.map((code) => area + code));
    }
  }
  return { digits: codes[0].first.length, singles, hundreds };
}

const HUNDRED = 100;

function partsOf({ first, last, every }: AreaCodes): Omit<PlacedCodes, "digits"> {
  const parts = { singles: [] as string[], hundreds: [] as string[] };
  const end = Number(last);
  for (let code = Number(first); code <= end;) {
    const isWhole = every === 1 && code % HUNDRED === 0 && code + HUNDRED - 1 <= end;
    const text = String(code).padStart(first.length, "0");
    if (isWhole) parts.hundreds.push(text.slice(0, -2));
    else parts.singles.push(text);
    code += isWhole ? HUNDRED : every;
  }
  return parts;
}

const NOTHING: AreaCodes = { area: "", first: "", last: "", every: 1 };
const nameOf = (file: string): string => file.replace(/^.*[/\\]/, "").replace(/\.csv$/, "");

const readCodes = (row: CsvRow): AreaCodes => ({
  area: row.cell("area"),
  first: row.cell("first"),
  last: row.cell("last"),
  every: Number(row.cell("every")),
});

function faultsOf(row: CsvRow, length: number): ReturnType<typeof problem>[] {
  const refuse = (column: string, message: string, hint: string): ReturnType<typeof problem> =>
    problem("E_CATALOGUE", message, { at: row.at(column), hint });
  const [first, last, every] = ["first", "last", "every"].map((column) => row.cell(column));
  const isCode = (text = ""): boolean => /^\d{2,6}$/.test(text) && text.length === length;
  return [
    ...(row.cell("area") === "" ? [refuse("area", "the area is missing", `write ${ANY_AREA} for any`)] : []),
    ...["first", "last"].filter((column) => !isCode(row.cell(column))).map((column) => refuse(column, `"${row.cell(column)}" is no code`, "two to six digits, all of one length")),
    ...(isCode(first) && isCode(last) && (first ?? "") > (last ?? "") ? [refuse("last", "the last code lies before the first", "exchange the two")] : []),
    ...(/^[1-9]\d?$/.test(every ?? "") ? [] : [refuse("every", `"${every}" is no step`, "write 1 for each code")]),
  ];
} // prettier-ignore
