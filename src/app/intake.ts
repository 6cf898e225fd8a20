import { join } from "node:path";
import type { Checked } from "../core/base/checked.ts";
import { fail, pass } from "../core/base/checked.ts";
import type { Problem } from "../core/base/problem.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Catalogue, Segment } from "../core/catalog/catalogue.ts";
import type { SpecialCodes } from "../core/catalog/special-codes.ts";
import { catalogueDigest } from "../core/catalog/digest.ts";
import type { DatasetManifest, StoredSegment } from "../core/intake/manifest.ts";
import { manifestText } from "../core/intake/manifest.ts";
import type { Spool } from "../core/intake/record-taker.ts";
import type { DatasetStore, IntakeStage, StoredDataset } from "./ports/dataset-store.ts";
import type { IncomingFile } from "./ports/incoming-file.ts";
import type { IntakeEngine, SegmentTable } from "./ports/intake-engine.ts";
import type { PersonKeys } from "./ports/person-keys.ts";
import { readRecords, type RecordsRead } from "./intake-reading.ts";
import { openSubmission, type Submission } from "./intake-opening.ts";
import { sha256 } from "./sha256.ts";

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
  readonly datasetsFolder: string;
  now(): string;
  report?(advance: { readonly rows: number; readonly sizeBytes: number; readonly totalRows?: number }): void;
};

export type IntakeReport = {
  readonly stored: StoredDataset;
  readonly records: number;
  /** The submission this one takes the place of. */
  readonly replaces?: StoredDataset;
};

/**
 * Takes one submission into the store, or refuses it whole.
 * INVARIANT: after a refusal, and after a crash at any point, the store holds what it held before.
 */
export async function takeIn(file: IncomingFile, options: IntakeOptions, ports: IntakePorts): Promise<Checked<IntakeReport>> {
  const stored = ports.store.list();
  if (!stored.ok) return stored;
  const stage = ports.store.stage();
  try {
    const read = await readRecords(file, (line) => openSubmission(file.name, line, options, stored.value, ports), stage, ports);
    if (!read.ok) return read;
    const twin = stored.value.find(({ manifest }) => manifest.sourceSha256 === read.value.sourceSha256);
    if (twin !== undefined) return fail(duplicate(file.name, twin));
    return pass(await store(read.value, stage, ports));
  } catch (thrown) {
    if (thrown instanceof ProblemError) return { ok: false, problems: thrown.problems };
    throw thrown;
  } finally {
    stage.discard();
  }
}

function duplicate(file: string, twin: StoredDataset): Problem {
  const message = `this very file was taken in already, on ${twin.manifest.taken}`;
  return problem("E_DUPLICATE", message, { at: { file }, hint: `it is stored as ${twin.digest.slice(0, 16)}…` });
}

async function store(read: RecordsRead, stage: IntakeStage, ports: IntakePorts): Promise<IntakeReport> {
  const { submission } = read;
  const tables = submission.taker.spools.map((spool) => segmentTable(spool, submission, stage));
  const folders = [stage.folder, join(stage.folder, "..", "spools"), ports.datasetsFolder];
  const written = await ports.engine.writeTables(tables, folders, ports.specialCodes.codes);
  const segments: StoredSegment[] = [];
  for (const { segment, parquetFile } of tables) {
    const sha256 = await stage.seal(parquetFile);
    const marks = written.marks.get(segment);
    const rows = written.rows.get(segment) ?? 0;
    segments.push({ id: segment, file: `${segment}.parquet`, rows, ...(marks === undefined ? {} : { marks }), sha256 });
  }
  const manifest = manifestOf(read, segments, written.people, ports);
  const stored: StoredDataset = { ...stage.commit(manifestText(manifest), "datasets"), manifest };
  return { stored, records: read.records, ...(submission.earlier === undefined ? {} : { replaces: submission.earlier }) };
}

/** A record of any dictionary has fewer characters than a quarter of this, and a character no more than four bytes. */
const RECORD_ROW_BYTES = 65_536;

function segmentTable(spool: Spool, submission: Submission, stage: IntakeStage): SegmentTable {
  const { segment } = spool.rule;
  const earlier = submission.transaction === "update" ? submission.earlier : undefined;
  const kept = earlier?.manifest.segments.find(({ id }) => id === spool.segment);
  const key = [...segment.key, ...(segment.span === undefined ? [] : [segment.span.from])];
  return {
    segment: spool.segment,
    columns: spool.rule.fields.map(({ name, type }) => ({ name, type })),
    person: spool.rule.personAt >= 0,
    ...(segment.claim === undefined ? {} : { claim: { row: segment.claim, signals: signalsOf(segment) } }),
    ...(submission.catalogue.form === "tmsis" ? { rowBytes: RECORD_ROW_BYTES } : {}),
    spoolFile: stage.spoolFile(spool.segment),
    parquetFile: join(stage.folder, `${spool.segment}.parquet`),
    ...(earlier === undefined || kept === undefined ? {} : { earlier: { parquetFile: join(earlier.folder, kept.file), key } }),
  };
}

const signalsOf = ({ elements }: Segment): NonNullable<SegmentTable["claim"]>["signals"] =>
  elements.flatMap(({ name, signal }) => (signal === undefined ? [] : [{ signal, column: name }]));

function manifestOf(read: RecordsRead, segments: readonly StoredSegment[], people: number, ports: IntakePorts): DatasetManifest {
  const { submission } = read;
  return {
    format: "writ-dataset/1",
    dataset: submission.catalogue.dataset,
    period: submission.period,
    origin: submission.origin,
    submitter: submission.submitter,
    dictionary: submission.catalogue.version,
    idIsSsn: submission.idIsSsn,
    transaction: submission.transaction,
    sequence: submission.sequence,
    people,
    sourceSha256: read.sourceSha256,
    catalogueSha256: catalogueDigest(submission.catalogue, sha256),
    ...(segments.some(({ marks }) => marks !== undefined) ? { specialCodesSha256: ports.specialCodes.sha256 } : {}),
    segments,
    rejected: { records: read.rejected, rules: Object.fromEntries(read.rules) },
    taken: ports.now(),
  };
}
