import { utf8 } from "../base/bytes.ts";
import type { PlantedFault } from "./faults.ts";
import type { FileKind } from "./file-kind.ts";
import { peopleOf } from "./people.ts";
import type { Person } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import type { RecordFile } from "./record-file.ts";
import { recordFile } from "./record-file.ts";
import { handleLines, statusLines } from "./sidecars.ts";

/** Bytes to append to one of a state's files or, with `at`, to write over earlier ones. Valid until the next piece is asked for. */
export type Piece = {
  readonly file: FileKind | "handles" | "status-source";
  readonly bytes: Uint8Array;
  readonly at?: number;
  /** Records written so far to all of the state's files, headers left out. */
  readonly rows: number;
};

export type SubmissionCount = { readonly file: FileKind; readonly rows: number; readonly rowsBySegment: Readonly<Record<string, number>> };
export type Submitted = { readonly files: readonly SubmissionCount[]; readonly unplanted: readonly PlantedFault[] };

/**
 * One state's files and what goes with them, piece by piece: each person is drawn once and written to every file.
 * Sidecars are left out when `documentSha256` is undefined.
 */
export function* submissionOf(plan: GenerationPlan, state: StatePlan, documentSha256: string | undefined): Generator<Piece, Submitted> {
  const files = plan.files.map(({ kind, catalogue }) => recordFile(kind, plan, state, catalogue));
  const rows = (): number => files.reduce((sum, file) => sum + file.rows(), 0);
  const sidecars = documentSha256 === undefined ? undefined : sidecarLines(plan, state, documentSha256);
  for (const file of files) {
    for (const _ of file.opening()) if (file.isFull()) yield { file: file.kind, bytes: file.take(), rows: rows() };
  }
  for (const person of peopleOf(plan, state)) {
    for (const file of files) {
      // WHY: written out before a person and not after, so that a cut end always falls on the last record.
      if (file.isFull()) yield { file: file.kind, bytes: file.take(), rows: rows() };
      file.add(person);
    }
    sidecars?.add(person);
    if (sidecars?.isFull() === true) yield* sidecars.take(rows());
  }
  for (const file of files) yield* finish(file, rows());
  if (sidecars !== undefined) yield* sidecars.take(rows());
  return {
    files: files.map((file) => ({ file: file.kind, rows: file.rows(), rowsBySegment: file.rowsBySegment() })),
    unplanted: files.flatMap((file) => file.unplanted()),
  };
}

function* finish(file: RecordFile, rows: number): Generator<Piece, void> {
  yield { file: file.kind, bytes: file.take(file.cutBytes), rows };
  const header = file.header();
  if (header !== undefined) yield { file: file.kind, bytes: header, at: 0, rows };
}

type SidecarLines = { add(person: Person): void; isFull(): boolean; take(rows: number): Generator<Piece, void> };

const SIDECAR_PEOPLE = 10_000;

function sidecarLines(plan: GenerationPlan, state: StatePlan, documentSha256: string): SidecarLines {
  const [handleOf, findingsOf] = [handleLines(plan, state), statusLines(plan, state, documentSha256)];
  let [handles, findings, people] = ["", "", 0];
  return {
    add(person): void {
      handles += handleOf(person);
      findings += findingsOf(person);
      people += 1;
    },
    isFull: () => people >= SIDECAR_PEOPLE,
    *take(rows): Generator<Piece, void> {
      yield { file: "handles", bytes: utf8(handles), rows };
      yield { file: "status-source", bytes: utf8(findings), rows };
      [handles, findings, people] = ["", "", 0];
    },
  };
}
