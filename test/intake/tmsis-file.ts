/** Small T-MSIS files, written from the shipped catalogues. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Catalogue } from "../../src/core/catalog/catalogue.ts";
import { parseCatalogue } from "../../src/core/catalog/parse-catalogue.ts";
import { recordForm, type Encoding } from "../../src/core/catalog/record-form.ts";
import { catalogueWords } from "../../src/core/catalog/words.ts";
import { parseVocabulary, type Vocabulary } from "../../src/core/law/vocabulary.ts";
import type { SpecialCodes } from "../../src/core/catalog/special-codes.ts";
import { loadSpecialCodes } from "../../src/store/special-codes.ts";
import { lawFilesOnDisk } from "../../src/store/law-files.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

export async function shippedVocabulary(): Promise<Vocabulary> {
  const vocabulary = parseVocabulary(await lawFilesOnDisk.read(join(root, "law")));
  if (!vocabulary.ok) throw new Error("the vocabulary does not load");
  return vocabulary.value;
}

/** The lists of codes of substance use. */
export function shippedCodes(): SpecialCodes {
  const read = loadSpecialCodes([join(root, "catalog")]);
  if (!read.ok) throw new Error("the lists of codes do not load");
  return read.value;
}

export const eligibleCatalogue = (): Promise<Catalogue> => shippedCatalogue("eligible");

/** The catalogue of one of the eight files of dictionary 2.4. */
export async function shippedCatalogue(name: string): Promise<Catalogue> {
  const text = (file: string): { file: string; text: string } => ({
    file,
    text: readFileSync(join(root, "catalog/tmsis/2.4", file), "utf8"),
  });
  const read = parseCatalogue(text(`${name}.yaml`), text(`${name}.csv`), catalogueWords(await shippedVocabulary()));
  if (!read.ok) throw new Error("the catalogue does not load");
  return read.value;
}

export type Row = { readonly segment: string; readonly cells: Readonly<Record<string, string>> };
export type FileOptions = {
  readonly encoding?: Encoding;
  readonly header?: Readonly<Record<string, string>>;
  readonly lineEnd?: "\n" | "\r\n";
};

const HEADER = {
  "DATA-DICTIONARY-VERSION": "2.4",
  "SUBMISSION-TRANSACTION-TYPE": "C",
  "SUBMITTING-STATE": "06",
  "DATE-FILE-CREATED": "20260105",
  "START-OF-TIME-PERIOD": "20251201",
  "END-OF-TIME-PERIOD": "20251231",
  "FILE-STATUS-INDICATOR": "T",
  "SSN-INDICATOR": "0",
  "SEQUENCE-NUMBER": "1",
};

/** A whole file. Spans run from 2020 without end unless the row says otherwise. */
export function tmsisFile(catalogue: Catalogue, rows: readonly Row[], options: FileOptions = {}): Buffer {
  const encoding = options.encoding ?? "FLF";
  const first = catalogue.segments[0]?.id ?? "";
  const said = { ...HEADER, "FILE-ENCODING-SPECIFICATION": encoding, "TOT-REC-CNT": String(rows.length), ...options.header };
  const known = new Set(catalogue.segments[0]?.elements.map(({ name }) => name));
  const header = Object.fromEntries(Object.entries(said).filter(([name]) => known.has(name)));
  const state = said["SUBMITTING-STATE"];
  const lines = [{ segment: first, cells: header }, ...rows].map(({ segment, cells }, at) => {
    const found = catalogue.segments.find(({ id }) => id === segment);
    if (found === undefined) throw new Error(`no segment ${segment}`);
    const filled = at === 0 ? cells : { "SUBMITTING-STATE": state, "RECORD-NUMBER": String(at), ...spanOf(found.span), ...cells };
    return lineOf(found, filled, encoding, options.lineEnd ?? "\n");
  });
  return Buffer.concat(lines);
}

const spanOf = (span: { readonly from: string; readonly to: string } | undefined): Record<string, string> =>
  span === undefined ? {} : { [span.from]: "20200101", [span.to]: "99991231" };

function lineOf(
  segment: Catalogue["segments"][number],
  cells: Readonly<Record<string, string>>,
  encoding: Encoding,
  lineEnd: string,
): Buffer {
  const form = recordForm(segment, encoding);
  const values = form.blank();
  for (const [name, value] of Object.entries(cells)) values[form.position(name)] = value;
  const out = new Uint8Array(8192);
  const length = form.write(values, out, 0);
  return Buffer.concat([out.subarray(0, length - 1), Buffer.from(lineEnd)]);
}

/** The rows that make one person of a submission. */
export function personRows(id: string, said: { citizen?: string; status?: string; code?: string; unborn?: string } = {}): readonly Row[] {
  const person = { "MSIS-IDENTIFICATION-NUM": id };
  return [
    { segment: "ELG00002", cells: { ...person, SEX: "F", "DATE-OF-BIRTH": "19900215" } },
    {
      segment: "ELG00003",
      cells: { ...person, "CITIZENSHIP-IND": said.citizen ?? "", "IMMIGRATION-STATUS": said.status ?? "", "CHIP-CODE": "1" },
    },
    { segment: "ELG00005", cells: { ...person, "STATE-SPEC-ELIG-GROUP": said.code ?? "", "CONCEPTION-TO-BIRTH-IND": said.unborn ?? "" } },
    { segment: "ELG00021", cells: { ...person, "ENROLLMENT-TYPE": "1" } },
  ];
}

/** A claim of one person: its header, then its lines, which repeat what tells versions apart. */
export function claimRows(
  prefix: string,
  person: string,
  header: Readonly<Record<string, string>>,
  ...lines: readonly Readonly<Record<string, string>>[]
): readonly Row[] {
  const who = { "MSIS-IDENTIFICATION-NUM": person };
  const version = {
    "ICN-ORIG": header["ICN-ORIG"] ?? "",
    "ICN-ADJ": header["ICN-ADJ"] ?? "",
    "ADJUDICATION-DATE": header["ADJUDICATION-DATE"] ?? "",
    "LINE-ADJUSTMENT-IND": header["ADJUSTMENT-IND"] ?? "",
  };
  return [
    { segment: `${prefix}00002`, cells: { ...who, ...header } },
    ...lines.map((cells) => ({ segment: `${prefix}00003`, cells: { ...who, ...version, ...cells } })),
  ];
}
