import { utf8 } from "../base/bytes.ts";
import type { Fault } from "./faults.ts";
import { writeHeader } from "./header-record.ts";
import { peopleOf } from "./people.ts";
import type { Person, Span } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import type { RowWriter } from "./row-writer.ts";
import { rowWriters } from "./row-writer.ts";
import { handleLines, statusLines } from "./sidecars.ts";

/** Bytes to append to one of a state's files or, with `at`, to write over earlier ones. Valid until the next piece is asked for. */
export type Piece = {
  readonly file: "submission" | "handles" | "status-source";
  readonly bytes: Uint8Array;
  readonly at?: number;
  /** Records written so far, the header left out. */
  readonly rows: number;
};

export type SubmissionCount = { readonly rows: number; readonly rowsBySegment: Readonly<Record<string, number>> };

const CHUNK_BYTES = 1 << 20;
/** Room for everything one person may take. */
const SLACK_BYTES = 1 << 16;
/** Faults are planted in the first fitting record from this person on, so that a file starts well. */
const FAULT_PERSON = 10;

/** One state's Eligible file and what goes with it, piece by piece. Sidecars are left out when `documentSha256` is undefined. */
export function* submissionOf(
  plan: GenerationPlan,
  state: StatePlan,
  documentSha256: string | undefined,
): Generator<Piece, SubmissionCount> {
  const withHeader = !state.faults.some((fault) => fault.withoutHeader);
  const file = openFile(plan, state, withHeader);
  const sidecars = documentSha256 === undefined ? undefined : sidecarLines(plan, state, documentSha256);
  for (const person of peopleOf(plan, state)) {
    // WHY: written out before a person and not after, so that a cut end always falls on the last record.
    if (file.isFull()) {
      yield file.take();
      if (sidecars !== undefined) yield* sidecars.take(file.rows());
    }
    file.add(person);
    sidecars?.add(person);
  }
  yield file.take(Math.max(0, ...state.faults.map((fault) => fault.cutBytes ?? 0)));
  if (sidecars !== undefined) yield* sidecars.take(file.rows());
  if (withHeader) {
    const header = new Uint8Array(SLACK_BYTES);
    yield { file: "submission", bytes: header.subarray(0, writeHeader(plan, state, file.rows(), header)), at: 0, rows: file.rows() };
  }
  return { rows: file.rows(), rowsBySegment: file.rowsBySegment() };
}

type RecordFile = {
  add(person: Person): void;
  isFull(): boolean;
  /** What was added since the last time, but for the last `cutBytes`. */
  take(cutBytes?: number): Piece;
  rows(): number;
  rowsBySegment(): Readonly<Record<string, number>>;
};

function openFile(plan: GenerationPlan, state: StatePlan, withHeader: boolean): RecordFile {
  const chunk = new Uint8Array(CHUNK_BYTES);
  const writers = rowWriters(plan, state).map((writer) => ({ writer, rows: 0 }));
  const pending = new Set(state.faults.filter((fault) => fault.row !== undefined || fault.line !== undefined));
  let at = withHeader ? writeHeader(plan, state, 0, chunk) : 0;
  let [rows, people] = [0, 0];
  return {
    add(person): void {
      people += 1;
      const faulty = pending.size > 0 && (people >= FAULT_PERSON || people === state.people);
      for (const counted of writers) {
        const { writer } = counted;
        for (const row of writer.rows(person)) {
          rows += 1;
          counted.rows += 1;
          const fault = faulty ? takeFault(pending, writer) : undefined;
          at = fault === undefined ? writer.write(person, row, rows, chunk, at) : writeFaulty(fault, writer, person, row, rows, chunk, at);
        }
      }
    },
    isFull: () => at > CHUNK_BYTES - SLACK_BYTES,
    take(cutBytes = 0): Piece {
      const length = Math.max(0, at - cutBytes);
      at = 0;
      return { file: "submission", bytes: chunk.subarray(0, length), rows };
    },
    rows: () => rows,
    rowsBySegment: () => Object.fromEntries(writers.map(({ writer, rows }) => [writer.segment, rows])),
  };
}

function takeFault(pending: Set<Fault>, { segment }: RowWriter): Fault | undefined {
  const found = [...pending].find((fault) => (fault.row ?? fault.line)?.segment === segment);
  if (found !== undefined) pending.delete(found);
  return found;
}

function writeFaulty(fault: Fault, writer: RowWriter, person: Person, row: Span, number: number, out: Uint8Array, at: number): number {
  const end = writer.write(person, row, number, out, at, fault.row?.cells ?? {});
  if (fault.line === undefined) return end;
  const line = fault.line.bytes(out.slice(at, end));
  out.set(line, at);
  return at + line.length;
}

type SidecarLines = { add(person: Person): void; take(rows: number): Generator<Piece, void> };

function sidecarLines(plan: GenerationPlan, state: StatePlan, documentSha256: string): SidecarLines {
  const [handleOf, findingsOf] = [handleLines(plan, state), statusLines(plan, state, documentSha256)];
  let [handles, findings] = ["", ""];
  return {
    add(person): void {
      handles += handleOf(person);
      findings += findingsOf(person);
    },
    *take(rows): Generator<Piece, void> {
      yield { file: "handles", bytes: utf8(handles), rows };
      yield { file: "status-source", bytes: utf8(findings), rows };
      [handles, findings] = ["", ""];
    },
  };
}
