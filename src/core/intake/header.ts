import { utf8Text } from "../base/bytes.ts";
import type { Catalogue, Segment, UnreadLayout } from "../catalog/catalogue.ts";
import { isAbout } from "../catalog/catalogue.ts";
import type { Checked } from "../base/checked.ts";
import { fail, pass, passIf } from "../base/checked.ts";
import { daysInMonth } from "../base/civil-date.ts";
import type { Place, Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Cut } from "./cut.ts";
import { cutFixed, cutFor, cutPiped } from "./cut.ts";
import type { Line } from "./lines.ts";
import type { RecordRule } from "./record-rule.ts";
import { recordRule } from "./record-rule.ts";
import { SegmentRows } from "./segment-rows.ts";

export type Transaction = "create" | "replace" | "update";

/** What the header record of a T-MSIS file says, checked. */
export type SubmissionHeader = {
  readonly dictionary: string;
  readonly encoding: "FLF" | "PSV";
  readonly transaction: Transaction;
  readonly sequence: number;
  /** The code as submitted; `origin` is the state it stands for. */
  readonly submitter: string;
  readonly origin: string;
  /** The one month the file is about, YYYY-MM. */
  readonly period: string;
  readonly idIsSsn: boolean;
  readonly count: number;
};

export type HeaderRead = { readonly header: SubmissionHeader; readonly catalogue: Catalogue };

const TRANSACTIONS: Readonly<Record<string, Transaction>> = { C: "create", R: "replace", U: "update" };
const PIPE = 0x7c;

/** Reads the first line of a file with the one catalogue it names. `file` is used in places only. */
export function readHeader(file: string, line: Line, catalogues: readonly Catalogue[]): Checked<HeaderRead> {
  const at: Place = { file, line: 1 };
  const chosen = chooseCatalogue(line, catalogues, at);
  if (!chosen.ok) return chosen;
  const { catalogue, segment } = chosen.value;
  const rule = recordRule(segment, catalogue);
  const cut = cutFor([rule]);
  const encoding = line.bytes[line.from + 8] === PIPE ? "PSV" : "FLF";
  const length = encoding === "FLF" ? fixedProblem(line, catalogue, at) : pipedProblem(line, rule, cut, at);
  if (length !== undefined) return fail(length);
  if (encoding === "FLF") cutFixed(rule.fields, line.bytes, line.from, cut);
  const faults = new SegmentRows(rule, () => {}).offer(line.bytes, cut);
  const wrong = faults.map((fault) =>
    problem("E_HEADER", `${fault.element} ${fault.reason} (${fault.rule})`, { at, hint: "correct the header and send the file again" }),
  );
  if (wrong.length > 0) return { ok: false, problems: wrong };
  const fields = fieldReader(line, rule, cut);
  const { header, problems } = interpret(fields, encoding, catalogue, at);
  return passIf(problems, () => ({ header, catalogue }));
}

type FieldReader = { text(name: string): string; has(name: string): boolean };

function fieldReader(line: Line, rule: RecordRule, cut: Cut): FieldReader {
  const position = (name: string): number => rule.fields.findIndex((field) => field.name === name);
  return {
    has: (name) => position(name) >= 0,
    text: (name) => utf8Text(line.bytes.subarray(cut.starts[position(name)] ?? 0, cut.stops[position(name)] ?? 0)),
  };
}

/** The header record is the segment that counts the others. */
export const headerSegment = (catalogue: Catalogue): Segment | undefined =>
  catalogue.segments.find((segment) => segment.elements.some((element) => element.name === "TOT-REC-CNT"));

function chooseCatalogue(line: Line, catalogues: readonly Catalogue[], at: Place): Checked<{ catalogue: Catalogue; segment: Segment }> {
  const start = latin(line.bytes.subarray(line.from, Math.min(line.to, line.from + 18)));
  const id = start.slice(0, 8);
  const known = catalogues.flatMap((catalogue) => {
    const segment = headerSegment(catalogue);
    return segment?.id === id ? [{ catalogue, segment }] : [];
  });
  const version = ((start[8] === "|" ? start.slice(9).split("|")[0] : start.slice(8)) ?? "").trim();
  const chosen = known.find(({ catalogue }) => sameVersion(version, catalogue.version));
  if (chosen !== undefined) return pass(chosen);
  const unread = catalogues.find((one) => one.unread?.header === id && one.version === plainVersion(version).split(".")[0]);
  if (unread?.unread !== undefined) return fail(notReadable(unread, unread.unread, plainVersion(version), at));
  if (known.length === 0) return fail(notAHeader(id, catalogues, at));
  const versions = known.map(({ catalogue }) => catalogue.version).join(", ");
  const hint = `dictionaries known for this file: ${versions}; another is added as data under catalog/`;
  return fail(problem("E_HEADER", "DATA-DICTIONARY-VERSION names no known dictionary", { at, hint }));
}

/** INVARIANT: a layout of which something is unknown is refused by name, never guessed. */
function notReadable({ dataset }: Catalogue, { unknown, moved }: UnreadLayout, version: string, at: Place): Problem {
  const name = dataset.split("/").at(-1)?.toUpperCase() ?? dataset;
  const known = moved.map(({ element, start, stop }) => `${element} at ${start} to ${stop}`).join(", ");
  const hint = `a layout is added as data under catalog/${known === "" ? "" : `; known of this one: ${known}`}`;
  return problem("E_HEADER", `${name} of dictionary ${version}: ${unknown} are not known to writ`, { at, hint });
}

function notAHeader(id: string, catalogues: readonly Catalogue[], at: Place): Problem {
  const segment = catalogues.flatMap((catalogue) => catalogue.segments).find((candidate) => candidate.id === id);
  if (segment !== undefined) {
    return problem("E_HEADER", `the file starts with a ${id} record, not with its header`, { at, hint: "the header comes first, once" });
  }
  const ids = catalogues.flatMap((catalogue) => headerSegment(catalogue)?.id ?? []);
  return problem("E_LAYOUT", "the file does not start with the header record of a known file", {
    at,
    hint: ids.length === 0 ? "no catalogue describes a file with a header record" : `known headers: ${[...new Set(ids)].join(", ")}`,
  });
}

/** `2.4`, `V2.4`, `2.4.0` and `02.4` are one version. */
const sameVersion = (written: string, version: string): boolean => plainVersion(written) === plainVersion(version);
const plainVersion = (text: string): string =>
  text
    .replace(/^[vV]/, "")
    .split(".")
    .map((part) => part.replace(/^0+(?=.)/, ""))
    .join(".")
    .replace(/(\.0)+$/, "");

const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function fixedProblem(line: Line, catalogue: Catalogue, at: Place): Problem | undefined {
  const length = line.to - line.from;
  if (length === catalogue.recordLengthBytes) return undefined;
  return problem("E_LAYOUT", `the header is ${length} bytes long, not ${catalogue.recordLengthBytes}`, {
    at,
    hint: "a fixed-length file keeps every record, header included, at one length",
  });
}

function pipedProblem(line: Line, rule: RecordRule, cut: Cut, at: Place): Problem | undefined {
  const count = cutPiped(line.bytes, line.from, line.to, cut);
  if (acceptsCount(rule, count)) return undefined;
  return problem("E_LAYOUT", `the header has ${count} fields, not ${rule.fields.length}`, {
    at,
    hint: "fields stand in layout order, a pipe between",
  });
}

/** Every field, or every field but the padding at the end. */
export const acceptsCount = (rule: RecordRule, count: number): boolean =>
  count === rule.fields.length || (count === rule.fields.length - 1 && rule.fields.at(-1)?.name === "FILLER");

function interpret(
  fields: FieldReader,
  encoding: "FLF" | "PSV",
  catalogue: Catalogue,
  at: Place,
): { header: SubmissionHeader; problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const refuse = (message: string, hint?: string): void => {
    problems.push(problem("E_HEADER", message, hint === undefined ? { at } : { at, hint }));
  };
  if (fields.text("FILE-ENCODING-SPECIFICATION") !== encoding) {
    refuse(`FILE-ENCODING-SPECIFICATION does not say ${encoding}, which the file is`, "FLF is fixed length, PSV has pipes between fields");
  }
  const transaction = TRANSACTIONS[fields.text("SUBMISSION-TRANSACTION-TYPE")];
  if (transaction === undefined) refuse("SUBMISSION-TRANSACTION-TYPE is none of C, R, U", "C create, R replace, U update");
  const submitter = fields.text("SUBMITTING-STATE");
  const origin = originOf(catalogue, submitter);
  if (origin === undefined)
    refuse("SUBMITTING-STATE is no known submitter", "the catalogue's facet `origin` lists the codes and their states");
  const sequence = sequenceOf(fields.text("SEQUENCE-NUMBER"), transaction, refuse);
  const count = countOf(fields.text("TOT-REC-CNT"), refuse);
  const period = periodOf(fields.text("START-OF-TIME-PERIOD"), fields.text("END-OF-TIME-PERIOD"), refuse);
  const idIsSsn = ssnIndicator(fields, catalogue, refuse);
  return {
    header: {
      dictionary: catalogue.version,
      encoding,
      transaction: transaction ?? "create",
      sequence,
      submitter,
      origin: origin ?? "",
      period,
      idIsSsn,
      count,
    },
    problems,
  };
}

/** The state a submitter's code stands for: some submitters are agencies of a state, not the state. */
function originOf(catalogue: Catalogue, submitter: string): string | undefined {
  const origin = catalogue.facets["origin"];
  if (origin === undefined || !("column" in origin)) return undefined;
  return Object.hasOwn(origin.map, submitter) ? origin.map[submitter] : undefined;
}

type Refuse = (message: string, hint?: string) => void;

function sequenceOf(text: string, transaction: Transaction | undefined, refuse: Refuse): number {
  const sequence = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (sequence < 1) refuse("SEQUENCE-NUMBER is not between 1 and 9999");
  else if (transaction === "create" && sequence !== 1)
    refuse("a create has SEQUENCE-NUMBER 1", "a later file of the same month is a replace or an update");
  else if (transaction !== "create" && sequence === 1)
    refuse("a replace or update has SEQUENCE-NUMBER 2 or more", "the first file of a month is a create");
  return sequence;
}

function countOf(text: string, refuse: Refuse): number {
  if (!/^\d{1,11}$/.test(text)) refuse("TOT-REC-CNT is not a number", "it counts the records after the header");
  return Number(text);
}

/** The first to the last day of one month. */
function periodOf(start: string, end: string, refuse: Refuse): string {
  const [year, month] = [start.slice(0, 4), start.slice(4, 6)];
  const last = `${year}${month}${daysInMonth(Number(year), Number(month))}`;
  if (start.slice(6) !== "01" || end !== last)
    refuse("the time period is not one whole month", "START-OF-TIME-PERIOD is a first day, END-OF-TIME-PERIOD the last of the same month");
  return `${year}-${month}`;
}

/** INVARIANT: a file about people whose header cannot say so is treated as one whose ids are SSNs. */
function ssnIndicator(fields: FieldReader, catalogue: Catalogue, refuse: Refuse): boolean {
  const named = catalogue.segments.some((segment) => isAbout(catalogue, segment));
  if (!fields.has("SSN-INDICATOR")) return named && catalogue.about === "people";
  const text = fields.text("SSN-INDICATOR");
  if (text !== "0" && text !== "1") refuse("SSN-INDICATOR is neither 0 nor 1", "1 says that this state's Medicaid ids are SSNs");
  return text !== "0";
}
