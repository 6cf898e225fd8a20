import { join } from "node:path";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Catalogue } from "../core/catalog/catalogue.ts";
import { claimColumns } from "../core/catalog/claim-columns.ts";
import type { SpecialCodes } from "../core/catalog/special-codes.ts";
import { submissionsOf } from "../core/catalog/dataset-reference.ts";
import { catalogueDigest } from "../core/catalog/digest.ts";
import type { DatasetManifest, StoredSegment } from "../core/intake/manifest.ts";
import { manifestText } from "../core/intake/manifest.ts";
import type { SegmentRows } from "../core/intake/segment-rows.ts";
import type { Validation } from "../core/validate/validation.ts";
import type { DataKey, DataVault, StoredFile, WrittenTable } from "./ports/data-vault.ts";
import type { DatasetStore, IntakeStage, StoredDataset } from "./ports/dataset-store.ts";
import type { IncomingFile } from "./ports/incoming-file.ts";
import type { CompletedTables, IntakeEngine, SegmentTable } from "./ports/intake-engine.ts";
import type { PersonKeys } from "./ports/person-keys.ts";
import { committed, dataKeyOf, throughPipes, unlessShredded } from "./stored-files.ts";
import { readRecords, type RecordsRead } from "./intake-reading.ts";
import { openSubmission, type Submission } from "./intake-opening.ts";
import { sha256 } from "./sha256.ts";
import { withMarks } from "./written-tables.ts";
import { type Staged, type SubmissionRules, validate } from "./validate.ts";

export type IntakeOptions = {
  /** The dataset the file belongs to; needed for tables, found by the header otherwise. */
  readonly catalogue?: string;
  /** The state and month it must be about; a table has no other way to say so. */
  readonly origin?: string;
  readonly period?: string;
  /** Whether this submitter's TOT-REC-CNT counts the header too. */
  readonly countsHeader?: boolean;
};

export type IntakePorts = {
  readonly catalogues: readonly Catalogue[];
  readonly store: DatasetStore;
  readonly engine: IntakeEngine;
  readonly keys: PersonKeys;
  readonly specialCodes: SpecialCodes;
  readonly vault: DataVault;
  readonly datasetsFolder: string;
  /** What submissions are checked by besides their catalogues; without it, by those alone. */
  readonly rules?: SubmissionRules;
  now(): string;
  report?(advance: { readonly rows: number; readonly sizeBytes: number; readonly totalRows?: number; readonly totalBytes?: number }): void;
};

export type IntakeReport = {
  readonly stored: StoredDataset;
  readonly records: number;
  /** Records of which some values were left out, since the catalogue lists no column for them. */
  readonly unlisted: number;
  /** The submission this one takes the place of. */
  readonly replaces?: StoredDataset;
};

/** What a file turned out to be, stored or not. */
export type Checkup = {
  readonly manifest: DatasetManifest;
  readonly records: number;
  readonly unlisted: number;
  /** Why the policy refuses it; empty when it does not. */
  readonly refusals: readonly string[];
  /** Some records left out and some rows that broke a rule, as they are listed: by line, and by record number. */
  readonly places: { readonly rejected: readonly string[]; readonly broken: readonly string[] };
};

/** A refusal, and what was found where the file was read to its end. */
export type Refused = { readonly ok: false; readonly problems: readonly Problem[]; readonly found?: Checkup };

/**
 * Takes one submission into the store, or refuses it whole.
 * INVARIANT: after a refusal, and after a crash at any point, the store holds what it held before.
 */
export async function takeIn(
  file: IncomingFile,
  options: IntakeOptions,
  ports: IntakePorts,
): Promise<{ readonly ok: true; readonly value: IntakeReport } | Refused> {
  return throughStage(file, options, ports, async (ready, stage) => {
    if (ready.checkup.refusals.length > 0) return { ok: false, problems: [brokenRules(file.name, ready.checkup)], found: ready.checkup };
    return ports.store.alone(() => keep(file.name, ready, stage, ports));
  });
}

/** Does all that `takeIn` does but store it, and asks `inspect` while the rows are at hand. */
export async function checkUp<T>(
  file: IncomingFile,
  options: IntakeOptions,
  ports: IntakePorts,
  inspect: (staged: Staged, manifest: DatasetManifest) => Promise<T>,
): Promise<Checked<Checkup & { readonly inspected: T }>> {
  return throughStage(file, options, ports, async ({ checkup, staged }) =>
    pass({ ...checkup, inspected: await inspect(staged, checkup.manifest) }),
  );
}

/** A submission that waits to be stored. */
type Ready = { readonly checkup: Checkup; readonly staged: Staged; readonly key: DataKey };

async function throughStage<T extends { readonly ok: boolean }>(
  file: IncomingFile,
  options: IntakeOptions,
  ports: IntakePorts,
  finish: (ready: Ready, stage: IntakeStage) => Promise<T>,
): Promise<T | Refused> {
  const stored = ports.store.list();
  if (!stored.ok) return stored;
  const stage = ports.store.stage();
  try {
    const key = ports.vault.keys.draw();
    const read = await readRecords(file, {
      open: (line) => openSubmission(file, line, options, stored.value, ports),
      openRows: (rows, submission) => ports.vault.openTable(filesOf(rows, submission, fileIn(stage, rows, key)).fresh, rows.columns),
      stage,
      report: (advance) => ports.report?.(advance),
    });
    if (!read.ok) return read;
    const twin = twinOf(
      file.name,
      read.value.sourceSha256,
      catalogueDigest(read.value.submission.catalogue, sha256),
      readable(stored.value, ports),
    );
    if (twin !== undefined) return { ok: false, problems: [twin] };
    const ready = await makeReady(read.value, { stage, key, stored: stored.value }, ports);
    return ready.ok ? await finish(ready.value, stage) : ready;
  } catch (thrown) {
    if (thrown instanceof ProblemError) return { ok: false, problems: thrown.problems };
    throw thrown;
  } finally {
    stage.discard();
  }
}

/** WHY not the shredded ones: what nobody can read any more may be taken in again. */
const readable = (stored: readonly StoredDataset[], { vault }: IntakePorts): readonly StoredDataset[] => unlessShredded(stored, vault.keys);

/** WHY by catalogue too: columns classified anew are taken in anew. */
function twinOf(file: string, sourceSha256: string, catalogueSha256: string, stored: readonly StoredDataset[]): Problem | undefined {
  const twin = stored.find(({ manifest: one }) => one.sourceSha256 === sourceSha256 && one.catalogueSha256 === catalogueSha256);
  if (twin === undefined) return undefined;
  const message = `this very file was taken in already, on ${twin.manifest.taken}`;
  return problem("E_DUPLICATE", message, { at: { file }, hint: `it is stored as ${twin.digest.slice(0, 16)}…` });
}

function brokenRules(file: string, { refusals }: Checkup): Problem {
  const message = `it breaks more rules than the policy allows (${refusals.join("; ")})`;
  const hint = "correct it and send it again; what is allowed is in submission-policy.yaml, and --check-only counts every rule";
  return problem("E_RULES", message, { at: { file }, hint });
}

type Staging = { readonly stage: IntakeStage; readonly key: DataKey; readonly stored: readonly StoredDataset[] };

/** Completes the rows, looks at them by the rules, and says what would be stored. */
async function makeReady(read: RecordsRead, { stage, key, stored }: Staging, ports: IntakePorts): Promise<Checked<Ready>> {
  const { submission, fresh } = read;
  const earlier = earlierKey(submission, ports);
  const tables = submission.taker.segments.flatMap((rows, at) => {
    const written = fresh[at];
    return written === undefined ? [] : [segmentTable(rows, written, submission, fileIn(stage, rows, key), earlier)];
  });
  const folders = [stage.folder, ports.datasetsFolder];
  const written = withMarks(tables, await completed(tables, read, folders, ports), ports.vault);
  const staged: Staged = { read, tables, written, folders };
  const around = { catalogues: ports.catalogues, stored, keys: ports.vault.keys };
  const judged = ports.rules === undefined ? pass(undefined) : await validate(staged, ports.rules, around);
  if (!judged.ok) return judged;
  const broken = (judged.value?.rows ?? []).map(({ segment, record, rule }) => `${segment},${record},${rule}\n`);
  if (broken.length > 0) stage.appendFinding(`segment,record,rule\n${broken.join("")}`);
  const manifest = manifestOf(staged, key.id, judged.value?.validation, ports);
  const checkup: Checkup = {
    manifest,
    records: read.records,
    unlisted: submission.taker.unlisted?.() ?? 0,
    refusals: judged.value?.refusals ?? [],
    places: { rejected: read.places, broken: broken.slice(0, PLACES_SHOWN) },
  };
  return pass({ staged, key, checkup });
}

/** WHY not always by the engine: most submissions are complete as they were read, and to start it takes a tenth of a second. */
async function completed(
  tables: readonly SegmentTable[],
  { people }: RecordsRead,
  folders: readonly string[],
  { engine, vault, specialCodes: { codes } }: IntakePorts,
): Promise<CompletedTables> {
  if (people !== undefined && tables.every(({ earlier, claim }) => earlier === undefined && claim === undefined))
    return { segments: new Map(tables.map(({ segment, fresh }) => [segment, fresh.written])), people, marks: new Map() };
  const counted = people === undefined ? {} : { people };
  return throughPipes(vault, async (pipes) => engine.completeTables({ tables, pipes, folders, codes, ...counted }));
}

const PLACES_SHOWN = 10;

/** INVARIANT: nobody else commits meanwhile, so of two intakes of one file or sequence the second sees the first. */
function keep(file: string, { checkup, staged, key }: Ready, stage: IntakeStage, ports: IntakePorts): Checked<IntakeReport> {
  const { manifest, records, unlisted } = checkup;
  const { earlier } = staged.read.submission;
  const stored = ports.store.list();
  if (!stored.ok) return stored;
  const there = readable(stored.value, ports);
  const late = twinOf(file, manifest.sourceSha256, manifest.catalogueSha256, there) ?? overtaken(file, manifest, there);
  if (late !== undefined) return fail(late);
  const kept: StoredDataset = { ...committed(stage, manifestText(manifest), "datasets", key, ports.vault.keys), manifest };
  return pass({ stored: kept, records, unlisted, ...(earlier === undefined ? {} : { replaces: earlier }) });
}

/** Whether another submission of the same sequence was stored since this one was opened. */
function overtaken(file: string, manifest: DatasetManifest, stored: readonly StoredDataset[]): Problem | undefined {
  const { dataset, period, origin, submitter, sequence } = manifest;
  const same = submissionsOf({ dataset, period }, stored).find(({ manifest: one }) => one.origin === origin && one.submitter === submitter);
  if (same === undefined || same.manifest.sequence < sequence) return undefined;
  const message = `sequence ${sequence} of ${origin} ${period} was taken in meanwhile`;
  return problem("E_DUPLICATE", message, { at: { file }, hint: `it is stored as ${same.digest.slice(0, 16)}…` });
}

const storedName = (segment: string): string => `${segment}.parquet`;

function fileIn({ folder }: IntakeStage, { segment }: SegmentRows, key: DataKey): StoredFile {
  const name = storedName(segment);
  return { key, name, path: join(folder, name) };
}

/** Where the new rows of a segment go, and where all of them: into its file, unless something is to be added to them. */
function filesOf(
  { rule: { segment } }: SegmentRows,
  submission: Submission,
  file: StoredFile,
): { readonly fresh: StoredFile; readonly rows: StoredFile } {
  const rows = segment.claim === undefined ? file : waitingFile(file, "unmarked");
  return { rows, fresh: changed(submission) === undefined ? rows : waitingFile(file, "fresh") };
}

/** INVARIANT: under a name that no stored file has. */
const waitingFile = ({ key, name, path }: StoredFile, what: "fresh" | "unmarked"): StoredFile => ({
  key,
  name: `${name} ${what}`,
  path: `${path}.${what}`,
});

/** The submission that an update changes. */
const changed = ({ transaction, earlier }: Submission): StoredDataset | undefined => (transaction === "update" ? earlier : undefined);

function earlierKey(submission: Submission, { vault }: IntakePorts): DataKey | undefined {
  const earlier = changed(submission);
  if (earlier === undefined) return undefined;
  const found = dataKeyOf(earlier, vault.keys);
  if (!found.ok) throw new ProblemError(...found.problems);
  return found.value;
}

function segmentTable(
  rows: SegmentRows,
  written: WrittenTable,
  submission: Submission,
  file: StoredFile,
  earlierKey: DataKey | undefined,
): SegmentTable {
  const { segment } = rows.rule;
  const earlier = changed(submission);
  const kept = earlier?.manifest.segments.find(({ id }) => id === rows.segment);
  const key = [...segment.key, ...(segment.span === undefined ? [] : [segment.span.from])];
  const { fresh, rows: all } = filesOf(rows, submission, file);
  const claim = claimColumns(segment);
  return {
    segment: rows.segment,
    columns: rows.columns.length,
    person: rows.rule.personAt >= 0,
    ...(claim === undefined ? {} : { claim }),
    fresh: { file: fresh, written },
    rows: all,
    file,
    ...(kept === undefined || earlier === undefined || earlierKey === undefined
      ? {}
      : { earlier: { file: { key: earlierKey, name: kept.file, path: join(earlier.folder, kept.file) }, key } }),
  };
}

function manifestOf({ read, written }: Staged, keyId: string, validation: Validation | undefined, ports: IntakePorts): DatasetManifest {
  const { submission } = read;
  const segments = [...written.segments].map(([id, { rows, sha256: hash }]): StoredSegment => {
    const marks = written.marks.get(id);
    return { id, file: storedName(id), rows, ...(marks === undefined ? {} : { marks }), sha256: hash };
  });
  return {
    format: "writ-dataset/2",
    dataset: submission.catalogue.dataset,
    period: submission.period,
    origin: submission.origin,
    submitter: submission.submitter,
    dictionary: submission.catalogue.version,
    idIsSsn: submission.idIsSsn,
    transaction: submission.transaction,
    sequence: submission.sequence,
    ...(submission.insteadOf === undefined ? {} : { insteadOf: submission.insteadOf }),
    people: written.people,
    ...(submission.catalogue.about === "people" ? {} : { about: submission.catalogue.about }),
    sourceSha256: read.sourceSha256,
    catalogueSha256: catalogueDigest(submission.catalogue, sha256),
    ...(written.marks.size === 0 ? {} : { specialCodesSha256: ports.specialCodes.sha256 }),
    segments,
    rejected: { records: read.rejected, rules: Object.fromEntries(read.rules) },
    ...(validation === undefined ? {} : { validation }),
    keyId,
    taken: ports.now(),
  };
}
