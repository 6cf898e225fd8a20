import type { Sha256 } from "../core/base/bytes.ts";
import { hex, utf8 } from "../core/base/bytes.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { PlantedFault } from "../core/generate/faults.ts";
import type { GenerationPlan, StatePlan } from "../core/generate/plan.ts";
import { aidCodeMap, HANDLES_HEADER, STATUS_HEADER, statusDocument } from "../core/generate/sidecars.ts";
import type { Piece, SubmissionCount, Submitted } from "../core/generate/submission.ts";
import { submissionOf } from "../core/generate/submission.ts";
import type { OutputFile, OutputFolder } from "./ports/output-folder.ts";

export type GeneratedFile = SubmissionCount & { readonly name: string; readonly sizeBytes: number };

export type GeneratedState = {
  readonly state: string;
  readonly people: number;
  readonly idIsSsn: boolean;
  readonly submissions: readonly GeneratedFile[];
};

export type Generated = { readonly files: readonly string[]; readonly states: readonly GeneratedState[] };

export type GeneratePorts = {
  readonly folder: OutputFolder;
  readonly sha256: Sha256;
  /** Called after every megabyte or so. */
  readonly report: (rows: number, sizeBytes: number) => void;
  /** Awaited as often, so that an interruption is heard; throws when there was one. */
  readonly pause: () => Promise<void>;
  /** Only the submissions, without handles, aid-code maps and status source. */
  readonly bare: boolean;
};

/** Writes the submissions of each state and what goes with them. INVARIANT: all files of the plan are there afterwards, or none. */
export async function generateDataset(plan: GenerationPlan, ports: GeneratePorts): Promise<Generated> {
  const files: string[] = [];
  const create = (name: string): OutputFile => {
    files.push(name);
    return ports.folder.create(name);
  };
  try {
    const documentText = utf8(statusDocument(plan));
    const findings = ports.bare ? undefined : openFindings(create, documentText);
    const digest = ports.bare ? undefined : hex(ports.sha256(documentText));
    const writing = { create, findings, ports, progress: { rows: 0, sizeBytes: 0 } };
    const states: GeneratedState[] = [];
    for (const state of plan.states) states.push(await writeState(plan, state, digest, writing));
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
  readonly ports: GeneratePorts;
  readonly progress: { rows: number; sizeBytes: number };
};

type StateFiles = Map<Piece["file"], { readonly name: string; readonly out: OutputFile; sizeBytes: number }>;

async function writeState(plan: GenerationPlan, state: StatePlan, digest: string | undefined, writing: Writing): Promise<GeneratedState> {
  const files = createFiles(plan, state, writing);
  const { ports, progress } = writing;
  const rowsBefore = progress.rows;
  const pieces = submissionOf(plan, state, digest);
  let next = pieces.next();
  for (; next.done !== true; next = pieces.next()) {
    const { file: kind, bytes, at, rows } = next.value;
    const file = files.get(kind);
    if (file === undefined) continue;
    if (at !== undefined) {
      file.out.overwrite(bytes, at);
      continue;
    }
    file.out.append(bytes);
    file.sizeBytes += bytes.length;
    progress.rows = rowsBefore + rows;
    progress.sizeBytes += bytes.length;
    ports.report(progress.rows, progress.sizeBytes);
    await ports.pause();
  }
  refuseUnplanted(next.value.unplanted, state);
  return { state: state.population.state, people: state.people, idIsSsn: state.idIsSsn, submissions: submissions(next.value, files) };
}

function createFiles(plan: GenerationPlan, state: StatePlan, { create, findings }: Writing): StateFiles {
  const code = state.population.state.toLowerCase();
  const open = (name: string): { name: string; out: OutputFile; sizeBytes: number } => ({ name, out: create(name), sizeBytes: 0 });
  const files: StateFiles = new Map(plan.files.map(({ kind }) => [kind, open(`${code}-${kind}.${plan.encoding.toLowerCase()}`)]));
  if (findings === undefined) return files;
  files.set("status-source", { name: "status-source.csv", out: findings, sizeBytes: 0 });
  const handles = open(`${code}-handles.csv`);
  handles.out.append(utf8(HANDLES_HEADER));
  files.set("handles", handles);
  create(`${code}-aid-codes.csv`).append(utf8(aidCodeMap(state)));
  return files;
}

const submissions = ({ files }: Submitted, written: StateFiles): readonly GeneratedFile[] =>
  files.map((file) => {
    const { name = "", sizeBytes = 0 } = written.get(file.file) ?? {};
    return { ...file, name, sizeBytes };
  });

/** A file without the faults it was asked to have would prove the wrong thing. */
function refuseUnplanted(unplanted: readonly PlantedFault[], { population }: StatePlan): void {
  if (unplanted.length === 0) return;
  const hint = "ask for fewer faults, or more people";
  throw new ProblemError(
    ...unplanted.map(({ name, count }) =>
      problem("E_USAGE", `${population.state} has too few fitting records for the fault "${name}" ${count} times`, { hint }),
    ),
  );
}
