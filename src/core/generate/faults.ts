import type { Encoding } from "../catalog/record-form.ts";
import type { Period } from "./calendar.ts";
import { compactDay, OPEN } from "./calendar.ts";
import type { FileKind } from "./file-kind.ts";
import type { Person, Span } from "./person.ts";
import type { Instead } from "./row-writer.ts";

/** Something wrong in a submission on purpose, to show what a validator says of it. */
export type Fault = {
  readonly title: string;
  /** What intake reports: a problem of the whole file, or the rules that find the record, of tier 1 with the element. */
  readonly told: string;
  readonly break: Break;
};

/** What is done to the file. What is done to a record can be done to several. */
export type Break =
  | { readonly kind: "header"; readonly cells: (facts: HeaderTold) => Instead }
  | { readonly kind: "no-header" }
  | { readonly kind: "cut"; readonly sizeBytes: number }
  | RecordBreak;

export type RecordBreak = { readonly segment: string; readonly fits?: (person: Person) => boolean } & (
  | { readonly kind: "cells"; readonly cells: (person: Person, row: Span) => Instead }
  /** The line end is part of the line. */
  | { readonly kind: "line"; readonly bytes: (line: Uint8Array) => Uint8Array }
  /** One more record after this one, with these values. */
  | { readonly kind: "again"; readonly cells: (person: Person, row: Span) => Instead }
  /** The record once more, number and all. */
  | { readonly kind: "copy" }
  /** The file's header once more. */
  | { readonly kind: "header-again" }
);

export type HeaderTold = {
  readonly count: number;
  readonly state: string;
  readonly encoding: Encoding;
  readonly period: Period;
  readonly sequence: number;
};

const header = (title: string, told: string, cells: (facts: HeaderTold) => Instead): Fault => ({
  title,
  told,
  break: { kind: "header", cells },
});
const record = (title: string, told: string, breaks: RecordBreak): Fault => ({ title, told, break: breaks });
const value = (title: string, rule: string, segment: string, element: string, said: string): Fault =>
  record(title, rule.startsWith("E1") ? `${rule} ${element}` : rule, { kind: "cells", segment, cells: () => ({ [element]: said }) });

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const replaced = (line: Uint8Array, at: number, bytes: Uint8Array): Uint8Array => {
  const copy = line.slice();
  copy.set(bytes, at);
  return copy;
};
/** Another state's code, whichever the state is. */
const otherState = (fips: string): string => (fips === "48" ? "06" : "48");
const isSettled = ({ enrolled, coverage }: Person): boolean => enrolled.to === OPEN && coverage.length === 1;
const isPlain = (person: Person): boolean =>
  isSettled(person) &&
  person.standings.every(({ standing }) => standing === "citizen") &&
  person.coverage.every(({ benefits, dual, chip }) => benefits === "1" && dual === "00" && chip === "1");

/** Military mail, which no state has, and three digits too many. */
const ZIP_IN_ANY_STATE = "09012123";

/** 12 May 2023, the day after the last on which anybody could join the group. */
const AFTER_GROUP_76 = 19_489;

/**
 * By name, in the order of the table `--fault list` prints.
 * INVARIANT: a record that intake leaves out is of a segment no other record needs, so that nothing else is found.
 */
export const FAULTS: Readonly<Record<string, Fault>> = {
  "header-count": header("the header counts one record too many", "E_HEADER", ({ count }) => ({ "TOT-REC-CNT": String(count + 1) })),
  "wrong-state": header("the header names another state than every record", "E_HEADER", ({ state }) => ({
    "SUBMITTING-STATE": otherState(state),
  })),
  "unknown-state": header("the header names a submitter nobody is", "E_HEADER", () => ({ "SUBMITTING-STATE": "99" })),
  "wrong-period": header("the header's period is longer than a month", "E_HEADER", ({ period }) => ({
    "END-OF-TIME-PERIOD": compactDay(period.last + 1),
  })),
  "wrong-encoding": header("the header names the other encoding", "E_HEADER", ({ encoding }) => ({
    "FILE-ENCODING-SPECIFICATION": encoding === "FLF" ? "PSV" : "FLF",
  })),
  "unknown-dictionary": header("the header names a dictionary that does not exist", "E_HEADER", () => ({
    "DATA-DICTIONARY-VERSION": "9.9",
  })),
  "sequence-gap": header("the header is an update that skips one sequence number", "E_HEADER", ({ sequence }) => ({
    "SUBMISSION-TRANSACTION-TYPE": "U",
    "SEQUENCE-NUMBER": String(sequence + 2),
  })),
  "no-header": { title: "the header is missing", told: "E_HEADER", break: { kind: "no-header" } },
  "header-again": record("the header comes a second time", "E1001 RECORD-ID", { kind: "header-again", segment: "ELG00002" }),
  truncated: { title: "the file breaks off within its last record", told: "E_LAYOUT", break: { kind: "cut", sizeBytes: 20 } },
  "bad-line-length": record("one record lacks its last field's end", "E_LAYOUT, or E1001 between pipes", {
    kind: "line",
    segment: "ELG00004",
    bytes: shortened,
  }),
  "unknown-segment": record("one record is of a segment that does not exist", "E1001 RECORD-ID", {
    kind: "line",
    segment: "ELG00004",
    bytes: (line) => replaced(line, 3, ascii("00099")),
  }),
  binary: record("one record holds control characters", "E_LAYOUT", {
    kind: "line",
    segment: "ELG00004",
    bytes: (line) => replaced(line, 22, new Uint8Array(4)),
  }),
  "not-utf8": record("one address is not UTF-8 text", "E1001 ELIGIBLE-ADDR-LN1", {
    kind: "line",
    segment: "ELG00004",
    bytes: (line) => replaced(line, addressAt(line), Uint8Array.of(0xe9)),
  }),
  "pipe-in-value": value("one city holds pipes", "E1001", "ELG00004", "ELIGIBLE-CITY", "SAMPLE||TON"),
  "asterisk-in-address": value(
    "one address line holds an asterisk",
    "address-without-asterisk",
    "ELG00004",
    "ELIGIBLE-ADDR-LN1",
    "12 SAMPLE * RD",
  ),
  "zip-elsewhere": record("one ZIP code is of another state", "zip-in-state", {
    kind: "cells",
    segment: "ELG00004",
    cells: ({ household }) => ({ "ELIGIBLE-ZIP-CODE": household.fips === "48" ? "90001" : "75001" }),
  }),
  "county-nowhere": value("one county is none of its state", "county-in-state", "ELG00004", "ELIGIBLE-COUNTY-CODE", "999"),
  "bad-zip": value("one ZIP code has eight digits", "zip-digits", "ELG00004", "ELIGIBLE-ZIP-CODE", ZIP_IN_ANY_STATE),
  "waiver-id": record("one waiver's id has no form of CMS's", "waiver-id-1915", {
    kind: "cells",
    segment: "ELG00012",
    cells: () => ({ "WAIVER-TYPE": "06", "WAIVER-ID": "WAIVER 9901" }),
  }),
  "demonstration-id": record("one demonstration's id lacks the region", "waiver-id-1115", {
    kind: "cells",
    segment: "ELG00012",
    cells: () => ({ "WAIVER-TYPE": "01", "WAIVER-ID": "11-W-99901" }),
  }),
  "stray-state": value("one record is of another state", "E1102", "ELG00004", "SUBMITTING-STATE", "78"),
  "unknown-value": value("one value is not in the dictionary", "E1103", "ELG00005", "SSDI-IND", "7"),
  "bad-date": value("one date does not exist", "E1001", "ELG00004", "ELIGIBLE-ADDR-EFF-DATE", "20230231"),
  "bad-number": value("one record's number holds a letter", "E1001", "ELG00004", "RECORD-NUMBER", "1O"),
  "impossible-ssn": value("one Social Security number is one that cannot be", "ssn-possible", "ELG00003", "SSN", "000000000"),
  "missing-id": value("one record names nobody", "E1105", "ELG00004", "MSIS-IDENTIFICATION-NUM", ""),
  "span-reversed": record("one record ends before it begins", "E1102 RACE-DECLARATION-END-DATE", {
    kind: "cells",
    segment: "ELG00016",
    cells: (_, row) => ({ "RACE-DECLARATION-END-DATE": compactDay(row.from - 1) }),
  }),
  orphan: value("one record is of a person the file does not have", "within-person", "ELG00004", "MSIS-IDENTIFICATION-NUM", "0000000000"),
  duplicate: record("one record comes twice", "record-number-once, rows-apart", { kind: "copy", segment: "ELG00016" }),
  "span-overlap": record("two records with one key are true on the same days", "rows-apart", {
    kind: "again",
    segment: "ELG00016",
    fits: isSettled,
    cells: (_, row) => ({ "RACE-DECLARATION-EFF-DATE": compactDay(row.from + 1) }),
  }),
  "span-outside-parent": record("one record begins before the person was enrolled", "within-person", {
    kind: "cells",
    segment: "ELG00015",
    cells: (_, row) => ({ "ETHNICITY-DECLARATION-EFF-DATE": compactDay(row.from - 30) }),
  }),
  "death-before-span": record("one person died before what is said of the person ends", "ends-by-death", {
    kind: "cells",
    segment: "ELG00002",
    fits: isSettled,
    cells: ({ enrolled }) => ({ "DATE-OF-DEATH": compactDay(enrolled.from + 1) }),
  }),
  "citizen-with-status": record("one citizen has a status of non-citizens", "citizen-status, status-noncitizen", {
    kind: "cells",
    segment: "ELG00003",
    fits: isPlain,
    cells: () => ({ "IMMIGRATION-STATUS": "1" }),
  }),
  "restricted-benefit": record("one citizen's benefits are restricted by status", "benefits-2-no-citizen", {
    kind: "cells",
    segment: "ELG00005",
    fits: (person) => isPlain(person) && person.coverage[0]?.group !== "72",
    cells: () => ({ "RESTRICTED-BENEFITS-CODE": "2" }),
  }),
  "dual-group": record("one person without Medicare has benefits of those with", "benefits-3-dual", {
    kind: "cells",
    segment: "ELG00005",
    fits: (person) => isPlain(person) && person.coverage[0]?.group !== "72",
    cells: () => ({ "RESTRICTED-BENEFITS-CODE": "3" }),
  }),
  "value-too-late": record("one person joined a group after it had ended", "value-on-first-day", {
    kind: "cells",
    segment: "ELG00005",
    fits: (person) => isPlain(person) && (person.coverage[0]?.from ?? 0) >= AFTER_GROUP_76,
    cells: () => ({ "ELIGIBILITY-GROUP": "76" }),
  }),
  "chip-mismatch": record("one person is in CHIP by one record and in Medicaid by another", "enrolled-in-medicaid", {
    kind: "cells",
    segment: "ELG00003",
    fits: isPlain,
    cells: () => ({ "CHIP-CODE": "3" }),
  }),
  "orphan-line": value(
    "one line is of a claim the file does not have",
    "line-of-claim, lines-counted",
    "COT00003",
    "ICN-ORIG",
    "NO-SUCH-CLAIM",
  ),
  "line-count": value("one claim counts more lines than it has", "lines-counted", "COT00002", "CLAIM-LINE-COUNT", "99"),
  "line-outside-claim": record("one line was served before its claim", "line-within-claim", {
    kind: "cells",
    segment: "COT00003",
    cells: (_, row) => ({ "BEGINNING-DATE-OF-SERVICE": compactDay(row.from - 400) }),
  }),
  // A claim that stands and is no capitation, since the rule leaves those alone.
  "unknown-provider": record("one claim was billed by a provider nobody is", "billing-provider-known", {
    kind: "cells",
    segment: "COT00002",
    cells: () => ({ "BILLING-PROV-NUM": "PROV0000", "TYPE-OF-CLAIM": "1", "CLAIM-STATUS-CATEGORY": "F1" }),
  }),
};

/** A fault of the order: how many records, and where. */
export type PlantedFault = { readonly name: string; readonly fault: Fault; readonly count: number; readonly file: FileKind };

export const isOfRecords = (breaks: Break): breaks is RecordBreak => "segment" in breaks;

/** One byte short in fixed length; between pipes, one field short as well. */
function shortened(line: Uint8Array): Uint8Array {
  const end = line.at(-2) === 13 ? line.length - 2 : line.length - 1;
  const pipe = line.lastIndexOf(124);
  return Uint8Array.from([...line.subarray(0, pipe >= 0 ? pipe : end - 1), ...line.subarray(end)]);
}

const [PIPE, ADDRESS_FIELD, ADDRESS_OFFSET] = [124, 5, 43];
/** Where the first line of the address begins in a record of ELG00004. */
function addressAt(line: Uint8Array): number {
  if (line[8] !== PIPE) return ADDRESS_OFFSET;
  let at = 0;
  for (let field = 0; field < ADDRESS_FIELD; field += 1) at = line.indexOf(PIPE, at) + 1;
  return at;
}
