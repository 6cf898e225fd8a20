import type { Catalogue } from "../catalog/catalogue.ts";
import { utf8 } from "../base/bytes.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Cut } from "./cut.ts";
import { cutFixed, cutFor, cutPiped, setBlank } from "./cut.ts";
import type { Fault } from "./fault.ts";
import type { SubmissionHeader } from "./header.ts";
import { acceptsCount, headerSegment } from "./header.ts";
import type { Line } from "./lines.ts";
import type { Denied } from "../validate/rule.ts";
import type { RecordRule, ValueSet } from "./record-rule.ts";
import { hasValue, recordRule, valueSet } from "./record-rule.ts";
import { SegmentRows, type WritePersonKey } from "./segment-rows.ts";

/** Takes records one by one: good ones become rows of their segment, faults of bad ones are answered. */
export type RecordTaker = {
  readonly segments: readonly SegmentRows[];
  take(line: Line): readonly Fault[] | Problem;
  /** Good records so far that hold more than the catalogue lists. */
  readonly unlisted?: () => number;
  /** The segment a line says to be of. */
  readonly segmentOf?: (line: Line) => string;
};

const RECORD_ID_BYTES = 8;

export function recordTaker(
  file: string,
  catalogue: Catalogue,
  header: SubmissionHeader,
  writeKey: WritePersonKey,
  denied?: Denied,
): RecordTaker {
  const claims = claimRows(catalogue, writeKey, denied);
  const rowsOf = rowsFinder(claims);
  const cut = cutFor(claims.map(({ rows }) => rows.rule));
  const submitter = submitterCheck(header.submitter);
  const fixed = header.encoding === "FLF";
  return {
    segments: claims.map(({ rows }) => rows),
    segmentOf: recordId,
    take(line): readonly Fault[] | Problem {
      if (fixed && line.to - line.from !== catalogue.recordLengthBytes) return wrongLength(file, line, catalogue.recordLengthBytes);
      const claim = rowsOf(line);
      if (claim === undefined) return [unknownRecord(line, catalogue)];
      const { rows } = claim;
      const { rule } = rows;
      const fault = fixed ? undefined : cutAtPipes(line, rule, cut);
      if (fault !== undefined) return [fault];
      if (fixed) cutFixed(rule.fields, line.bytes, line.from, cut);
      const offered = rows.offer(line.bytes, cut, isDenied(claim, line, cut));
      const faults = joined(offered, submitter(rule, line, cut), spanFault(rule, line, cut));
      if (faults.length > 0) rows.drop();
      else rows.keep();
      return faults;
    },
  };
}

/** WHY no spread: nearly every record has no fault, and this runs once a record. */
function joined(a: readonly Fault[], b: readonly Fault[], c: readonly Fault[]): readonly Fault[] {
  return b.length + c.length === 0 ? a : [...a, ...b, ...c];
}

/** A segment's rows, and by which of its values a claim is denied; -1 where none tells. */
type ClaimRows = { readonly rows: SegmentRows; readonly id: Uint8Array; readonly deniedAt: number; readonly denials: ValueSet };

const claimRows = (catalogue: Catalogue, writeKey: WritePersonKey, denied: Denied | undefined): readonly ClaimRows[] =>
  catalogue.segments
    .filter((segment) => segment !== headerSegment(catalogue))
    .map((segment) => {
      const rule = recordRule(segment, catalogue);
      return {
        rows: new SegmentRows(rule, writeKey),
        id: utf8(segment.id),
        deniedAt: segment.claim === undefined ? -1 : rule.fields.findIndex(({ name }) => name === denied?.element),
        denials: valueSet(denied?.values ?? []),
      };
    });

/** WHY such claims may hold values nobody lists: CMS's rules of values leave denied claims alone. What has no form cannot be stored. */
function isDenied({ deniedAt, denials }: ClaimRows, line: Line, cut: Cut): boolean {
  const [from, to] = [cut.starts[deniedAt] ?? 0, cut.stops[deniedAt] ?? 0];
  return deniedAt >= 0 && from !== to && hasValue(denials, line.bytes, from, to);
}

/** Finds the rows a line belongs to by its record id. WHY by bytes: to make text of every record's id costs as much as to check the record. */
function rowsFinder(claims: readonly ClaimRows[]): (line: Line) => ClaimRows | undefined {
  const byEnd = new Map<number, ClaimRows[]>();
  for (const one of claims) byEnd.set(lastTwo(one.id, 0), [...(byEnd.get(lastTwo(one.id, 0)) ?? []), one]);
  return (line) => {
    for (const one of byEnd.get(lastTwo(line.bytes, line.from)) ?? []) if (startsWith(line, one.id)) return one;
    return undefined;
  };
}

function startsWith({ bytes, from, to }: Line, id: Uint8Array): boolean {
  if (to - from < id.length) return false;
  for (let at = 0; at < id.length; at += 1) if (bytes[from + at] !== id[at]) return false;
  return true;
}

const lastTwo = (bytes: Uint8Array, from: number): number =>
  ((bytes[from + RECORD_ID_BYTES - 2] ?? 0) << 8) | (bytes[from + RECORD_ID_BYTES - 1] ?? 0);

function recordId(line: Line): string {
  let id = "";
  for (let at = line.from; at < Math.min(line.to, line.from + RECORD_ID_BYTES); at += 1) id += String.fromCharCode(line.bytes[at] ?? 0);
  return id;
}

function wrongLength(file: string, line: Line, expected: number): Problem {
  const message = `line ${line.line} (byte ${line.byte}) is ${line.to - line.from} bytes long, not ${expected}`;
  const hint = "a fixed-length file keeps every record at one length; the file is damaged or cut, or no fixed-length file";
  return problem("E_LAYOUT", message, { at: { file, line: line.line }, hint });
}

function unknownRecord(line: Line, catalogue: Catalogue): Fault {
  const again = recordId(line) === headerSegment(catalogue)?.id;
  return {
    element: "RECORD-ID",
    rule: "E1001",
    reason: again ? "is the header's, which comes first and once" : "names no record of this file",
  };
}

function cutAtPipes(line: Line, rule: RecordRule, cut: Cut): Fault | undefined {
  const count = cutPiped(line.bytes, line.from, line.to, cut);
  if (!acceptsCount(rule, count)) return { element: "", rule: "E1001", reason: `has ${count} fields, not ${rule.fields.length}` };
  if (count < rule.fields.length) setBlank(cut, count);
  return undefined;
}

/** Every record repeats its file's submitter. */
function submitterCheck(submitter: string): (rule: RecordRule, line: Line, cut: Cut) => readonly Fault[] {
  const expected = utf8(submitter);
  const wrong: readonly Fault[] = [{ element: "SUBMITTING-STATE", rule: "E1102", reason: "is not the header's" }];
  return ({ submitterAt }, line, cut) => {
    const from = cut.starts[submitterAt] ?? 0;
    const length = (cut.stops[submitterAt] ?? 0) - from;
    if (submitterAt < 0 || length === 0) return NONE;
    if (length !== expected.length) return wrong;
    for (let at = 0; at < length; at += 1) if (line.bytes[from + at] !== expected[at]) return wrong;
    return NONE;
  };
}

const NONE: readonly Fault[] = [];

/** A row that ends before it begins is true on no day. */
function spanFault(rule: RecordRule, line: Line, cut: Cut): readonly Fault[] {
  const { fromAt, toAt } = rule;
  if (fromAt < 0 || toAt < 0) return NONE;
  const from = cut.starts[fromAt] ?? 0;
  const to = cut.starts[toAt] ?? 0;
  if ((cut.stops[fromAt] ?? 0) - from !== 8 || (cut.stops[toAt] ?? 0) - to !== 8) return NONE;
  for (let at = 0; at < 8; at += 1) {
    const first = line.bytes[from + at] ?? 0;
    const last = line.bytes[to + at] ?? 0;
    if (first === last) continue;
    return first < last ? NONE : [{ element: rule.fields[toAt]?.name ?? "", rule: "E1102", reason: "lies before the row's first day" }];
  }
  return NONE;
}
