import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import type { Checked } from "../base/checked.ts";
import { all, pass, passIf } from "../base/checked.ts";
import { civilDate } from "../base/civil-date.ts";
import { parseCsv } from "../base/csv.ts";
import { problem } from "../base/problem.ts";
import type { SourceText } from "./reading.ts";

/** A code that shows specially protected content on the days it counts; a day left out is no limit. */
export type SpecialCode = { readonly signal: string; readonly code: string; readonly from?: string; readonly to?: string };

/** Every listed code, and what names the whole. Without any code nothing is known to be free of protected content. */
export type SpecialCodes = { readonly codes: readonly SpecialCode[]; readonly sha256: string };

const COLUMNS = ["signal", "system", "code", "from", "to"];

/** Reads the lists of catalog/part2. docs/formats/catalogue.md */
export function parseSpecialCodes(lists: readonly SourceText[], sha256: Sha256): Checked<SpecialCodes> {
  const read = all(lists.map(readList));
  if (!read.ok) return read;
  const codes = read.value.flat();
  return pass({ codes, sha256: hex(sha256(utf8(canonicalJson(codes)))) });
}

function readList({ file, text }: SourceText): Checked<readonly SpecialCode[]> {
  const rows = parseCsv(file, text, { columns: COLUMNS });
  if (!rows.ok) return rows;
  const problems = rows.value.flatMap((row) => {
    const days = ["from", "to"].filter((column) => row.cell(column) !== "" && !civilDate(row.cell(column)).ok);
    return [
      ...days.map((column) => problem("E_CATALOGUE", `"${row.cell(column)}" is no day`, { at: row.at(column), hint: "write YYYY-MM-DD" })),
      ...(row.cell("code") === "" ? [problem("E_CATALOGUE", "the code is missing", { at: row.at("code") })] : []),
    ];
  });
  return passIf(problems, () =>
    rows.value.map((row) => {
      const [signal, from, to] = [row.cell("signal"), row.cell("from"), row.cell("to")];
      return { signal, code: plainCode(signal, row.cell("code")), ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
    }),
  );
}

/** A code as claims write it: without points, and a group's number without leading zeros. */
export const plainCode = (signal: string, code: string): string => {
  const plain = code.toUpperCase().replaceAll(".", "").trim();
  return signal === "drg" ? plain.replace(/^0+/, "") : plain;
};
