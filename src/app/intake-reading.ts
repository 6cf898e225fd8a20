import { createHash } from "node:crypto";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem } from "../core/base/problem.ts";
import { binaryProblem } from "../core/intake/binary.ts";
import type { Fault, FaultRule } from "../core/intake/fault.ts";
import type { Line } from "../core/intake/lines.ts";
import type { SegmentRows } from "../core/intake/segment-rows.ts";
import { endlessLine, lineCutter, LONGEST_LINE_BYTES } from "../core/intake/lines.ts";
import type { Submission } from "./intake-opening.ts";
import { RowFiles } from "./row-files.ts";
import type { IntakePorts } from "./intake.ts";
import type { TableFile, WrittenTable } from "./ports/data-vault.ts";
import type { IntakeStage } from "./ports/dataset-store.ts";
import type { IncomingFile } from "./ports/incoming-file.ts";

/** A whole file, read. */
export type RecordsRead = {
  readonly submission: Submission;
  /** The new rows of each segment, in the order of the submission's, and the different people in them, where they were counted. */
  readonly fresh: readonly WrittenTable[];
  readonly people?: number;
  readonly sourceSha256: string;
  /** Records after the first line, good and bad. */
  readonly records: number;
  readonly rejected: number;
  readonly rules: ReadonlyMap<FaultRule, number>;
  /** Of each segment, the records left out since they name no person. */
  readonly nameless: ReadonlyMap<string, number>;
  /** The first faults, as the list of rejected records has them. */
  readonly places: readonly string[];
};

type Tally = {
  records: number;
  rejected: number;
  foreign: number;
  rules: Map<FaultRule, number>;
  nameless: Map<string, number>;
  places: string[];
  problems: Problem[];
};

/** A damaged file shows the same damage on every line; so many places are enough to find it. */
const PLACES_SHOWN = 5;
const FAULTS_SHOWN = 10;

/** Opens the file that the rows of a segment go to. */
export type OpenRows = (rows: SegmentRows, submission: Submission) => TableFile;

/** What is read goes to: rows to files of their own, faults to the stage. */
export type Reading = {
  readonly open: (line: Line) => Checked<Submission>;
  readonly openRows: OpenRows;
  readonly stage: IntakeStage;
  readonly report?: IntakePorts["report"];
};

/** Reads all of a file, writing its good rows. The first problem of the whole file, or a few of one kind, end it. */
export async function readRecords(file: IncomingFile, reading: Reading): Promise<Checked<RecordsRead>> {
  const files = new RowFiles(reading.openRows);
  try {
    return await readInto(files, file, reading);
  } finally {
    files.discard();
  }
}

async function readInto(files: RowFiles, file: IncomingFile, { open, stage, report }: Reading): Promise<Checked<RecordsRead>> {
  const tally: Tally = { records: 0, rejected: 0, foreign: 0, rules: new Map(), nameless: new Map(), places: [], problems: [] };
  const [hash, cutter] = [createHash("sha256"), lineCutter()];
  let submission: Submission | undefined;
  let sizeBytes = 0;
  const take = (line: Line): boolean => {
    if (submission !== undefined) return takeRecord(submission, line, tally, stage);
    const opened = open(line);
    if (!opened.ok) {
      tally.problems.push(...opened.problems);
      return false;
    }
    submission = opened.value;
    return submission.headless === true ? takeRecord(submission, line, tally, stage) : true;
  };
  for await (const chunk of file.chunks()) {
    const binary = binaryProblem(file.name, chunk, sizeBytes);
    if (binary !== undefined) return fail(binary);
    sizeBytes += chunk.length;
    hash.update(chunk);
    if (!cutter.push(chunk, take)) break;
    if (cutter.rest().to > LONGEST_LINE_BYTES)
      return fail(endlessLine(file.name, cutter.rest(), "records end with a line feed, with or without a carriage return"));
    if (submission !== undefined) files.takeFull(submission);
    report?.({ rows: tally.records, sizeBytes, ...expected(file, submission) });
  }
  const whole = takeRest(cutter.rest(), submission, tally, stage);
  const problems = tally.problems.length > 0 ? tally.problems : endProblems(file, whole, submission, tally);
  if (submission === undefined || problems.length > 0) return { ok: false, problems };
  const fresh = files.finish(submission);
  const { people } = files;
  return pass({
    submission,
    fresh,
    ...(people === undefined ? {} : { people }),
    sourceSha256: file.table?.sha256 ?? hash.digest("hex"),
    ...tally,
  });
}

/** A last line without its end counts where a record shows by itself that it is whole. Answers what is left over. */
function takeRest(rest: Line, submission: Submission | undefined, tally: Tally, stage: IntakeStage): Line {
  if (submission?.headless !== true || rest.to === 0 || tally.problems.length > 0) return rest;
  takeRecord(submission, rest, tally, stage);
  return { ...rest, to: 0 };
}

/** How much there will be, as far as a header or the file's size tells. */
function expected(file: IncomingFile, submission: Submission | undefined): { readonly totalRows?: number; readonly totalBytes?: number } {
  if (submission?.expectedRecords !== undefined) return { totalRows: submission.expectedRecords };
  return totalBytes(file);
}

/** How many bytes will be read, where the file's size tells. */
export const totalBytes = ({ packed, table, sizeBytes }: IncomingFile): { readonly totalBytes?: number } =>
  packed === true || table !== undefined ? {} : { totalBytes: sizeBytes };

/** Answers whether to go on. */
function takeRecord(submission: Submission, line: Line, tally: Tally, stage: IntakeStage): boolean {
  const found = submission.taker.take(line);
  if ("code" in found) {
    tally.problems.push(found);
    return tally.problems.length < PLACES_SHOWN;
  }
  tally.records += 1;
  if (found.length > 0) reject(line, found, submission, tally, stage);
  return true;
}

function reject(line: Line, faults: readonly Fault[], { catalogue, taker }: Submission, tally: Tally, stage: IntakeStage): void {
  if (tally.rejected === 0) stage.appendReject("line,element,rule,reason\n");
  tally.rejected += 1;
  if (faults.some(({ element, rule }) => element === "SUBMITTING-STATE" && rule === "E1102")) tally.foreign += 1;
  for (const fault of faults) count(tally.rules, fault.rule);
  if (taker.segmentOf !== undefined && faults.some(({ element, rule }) => element === catalogue.personElement && rule === "E1105"))
    count(tally.nameless, taker.segmentOf(line));
  const listed = faults.map(({ element, rule, reason }) => `${line.line},${csvCell(element)},${rule},${csvCell(reason)}\n`);
  if (tally.places.length < FAULTS_SHOWN) tally.places.push(...listed);
  stage.appendReject(listed.join(""));
}

const count = <K>(counts: Map<K, number>, of: K): unknown => counts.set(of, (counts.get(of) ?? 0) + 1);
const csvCell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** What only the end of the file shows. */
function endProblems(file: IncomingFile, rest: Line, submission: Submission | undefined, tally: Tally): readonly Problem[] {
  const at = { file: file.name, line: rest.line };
  if (file.sizeBytes === 0 || (submission === undefined && rest.to === 0))
    return [problem("E_LAYOUT", "the file is empty", { at: { file: file.name }, hint: "a submission has a header" })];
  if (rest.to > 0) {
    const message = `the file is cut: line ${rest.line} (byte ${rest.byte}) has no line end`;
    return [problem("E_LAYOUT", message, { at, hint: "send the file again; every record, the last included, ends with a line end" })];
  }
  const wanted = submission?.expectedRecords;
  if (wanted !== undefined && wanted !== tally.records) return [countProblem(file.name, wanted, tally.records)];
  if (tally.records > 0 && tally.rejected === tally.records) return [nothingGood(file.name, tally)];
  return [];
}

function countProblem(file: string, wanted: number, found: number): Problem {
  const message = `the header counts ${wanted} records after itself, the file has ${found}`;
  const off = wanted === found + 1;
  const hint = off
    ? "if this submitter counts the header too, add --count-includes-header"
    : "the file is cut, or its header is another file's";
  return problem("E_HEADER", message, { at: { file, line: 1 }, hint });
}

function nothingGood(file: string, tally: Tally): Problem {
  if (tally.foreign === tally.records) {
    const hint = "the header is another file's; have the submitter send the two that belong together";
    return problem("E_HEADER", "every record is of another submitter than the header names", { at: { file, line: 1 }, hint });
  }
  const rules = [...tally.rules].map(([rule, count]) => `${rule} ${count}`).join(", ");
  const hint = "the file is probably of another layout or dictionary version than it says";
  return problem("E_LAYOUT", `every one of the ${tally.records} records breaks a rule (${rules})`, { at: { file }, hint });
}
