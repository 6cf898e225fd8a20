import type { Sha256 } from "../core/base/bytes.ts";
import { hex, utf8 } from "../core/base/bytes.ts";
import type { GenerationPlan, StatePlan } from "../core/generate/plan.ts";
import { aidCodeMap, HANDLES_HEADER, STATUS_HEADER, statusDocument } from "../core/generate/sidecars.ts";
import type { Piece, SubmissionCount } from "../core/generate/submission.ts";
import { submissionOf } from "../core/generate/submission.ts";
import type { OutputFile, OutputFolder } from "./ports/output-folder.ts";

export type GeneratedState = SubmissionCount & {
  readonly state: string;
  readonly people: number;
  readonly idIsSsn: boolean;
  readonly submission: string;
  readonly sizeBytes: number;
};

export type Generated = { readonly files: readonly string[]; readonly states: readonly GeneratedState[] };

export type GeneratePorts = {
  readonly folder: OutputFolder;
  readonly sha256: Sha256;
  /** Called after every megabyte or so. */
  readonly report: (rows: number, sizeBytes: number) => void;
  /** Only the submissions, without handles, aid-code maps and status source. */
  readonly bare: boolean;
};

/** Writes one submission per state and what goes with it. INVARIANT: all files of the plan are there afterwards, or none. */
export function generateDataset(plan: GenerationPlan, ports: GeneratePorts): Generated {
  const files: string[] = [];
  const create = (name: string): OutputFile => {
    files.push(name);
    return ports.folder.create(name);
  };
  try {
    const documentText = utf8(statusDocument(plan));
    const findings = ports.bare ? undefined : openFindings(create, documentText);
    const digest = ports.bare ? undefined : hex(ports.sha256(documentText));
    const progress = { rows: 0, sizeBytes: 0 };
    const states = plan.states.map((state) => writeState(plan, state, digest, { create, findings, progress, report: ports.report }));
    ports.folder.keep();
    return { files, states };
  } catch (thrown) {
    ports.folder.discard();
    throw thrown;
  }
}

function openFindings(create: (name: string) => OutputFile, documentText: Uint8Array): OutputFile {
  create("status-document.txt").append(documentText);
  const findings = create("status-source.csv");
  findings.append(utf8(STATUS_HEADER));
  return findings;
}

type Writing = {
  readonly create: (name: string) => OutputFile;
  /** The status source all states share; absent for bare submissions. */
  readonly findings: OutputFile | undefined;
  readonly progress: { rows: number; sizeBytes: number };
  readonly report: GeneratePorts["report"];
};

function writeState(plan: GenerationPlan, state: StatePlan, digest: string | undefined, writing: Writing): GeneratedState {
  const name = state.population.state.toLowerCase();
  const submission = `${name}-eligible.${plan.encoding.toLowerCase()}`;
  const files: Partial<Record<Piece["file"], OutputFile>> = { submission: writing.create(submission) };
  if (writing.findings !== undefined) {
    files["status-source"] = writing.findings;
    files.handles = writing.create(`${name}-handles.csv`);
    files.handles.append(utf8(HANDLES_HEADER));
    writing.create(`${name}-aid-codes.csv`).append(utf8(aidCodeMap(state)));
  }
  const pieces = submissionOf(plan, state, digest);
  const before = { ...writing.progress };
  let next = pieces.next();
  for (; next.done !== true; next = pieces.next()) {
    const { file, bytes, at, rows } = next.value;
    if (at === undefined) files[file]?.append(bytes);
    else files[file]?.overwrite(bytes, at);
    if (file !== "submission" || at !== undefined) continue;
    writing.progress.rows = before.rows + rows;
    writing.progress.sizeBytes += bytes.length;
    writing.report(writing.progress.rows, writing.progress.sizeBytes);
  }
  const sizeBytes = writing.progress.sizeBytes - before.sizeBytes;
  return { state: state.population.state, people: state.people, idIsSsn: state.idIsSsn, submission, sizeBytes, ...next.value };
}
