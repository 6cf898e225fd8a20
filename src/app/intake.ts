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
import type { DataKey, DataVault } from "./ports/data-vault.ts";
import type { DatasetStore, IntakeStage, StoredDataset } from "./ports/dataset-store.ts";
import type { IncomingFile } from "./ports/incoming-file.ts";
import type { IntakeEngine, SegmentTable } from "./ports/intake-engine.ts";
import type { PersonKeys } from "./ports/person-keys.ts";
import { committed, spooled, throughPipes } from "./stored-files.ts";
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
  readonly vault: DataVault;
  readonly datasetsFolder: string;
  now(): string;
  report?(advance: { readonly rows: number; readonly sizeBytes: number; readonly totalRows?: number }): void;
};

export type IntakeReport = {
  readonly stored: StoredDataset;
  readonly records: number;
  /** Records of which some values were left out, since the catalogue lists no column for them. */
  readonly unlisted: number;
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
    const read = await readRecords(file, (line) => openSubmission(file, line, options, stored.value, ports), stage, ports);
    if (!read.ok) return read;
    // WHY by catalogue too: columns classified anew are taken in anew.
    const same = catalogueDigest(read.value.submission.catalogue, sha256);
    const twin = stored.value.find(
      ({ manifest }) => manifest.sourceSha256 === read.value.sourceSha256 && manifest.catalogueSha256 === same,
    );
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
  const key = ports.vault.keys.draw();
  const kept = earlierKey(submission, ports);
  const tables = submission.taker.spools.map((spool) => segmentTable(spool, submission, stage, { key, ...kept }));
  const folders = [stage.folder, ports.datasetsFolder];
  const written = await throughPipes(ports.vault, async (pipes) =>
    ports.engine.writeTables(tables, pipes, folders, ports.specialCodes.codes),
  );
  const segments = [...written.segments].map(([id, { rows, sha256: hash }]): StoredSegment => {
    const marks = written.marks.get(id);
    return { id, file: storedName(id), rows, ...(marks === undefined ? {} : { marks }), sha256: hash };
  });
  const manifest = manifestOf(read, { segments, people: written.people, keyId: key.id }, ports);
  const stored: StoredDataset = { ...committed(stage, manifestText(manifest), "datasets", key, ports.vault.keys), manifest };
  return {
    stored,
    records: read.records,
    unlisted: submission.taker.unlisted?.() ?? 0,
    ...(submission.earlier === undefined ? {} : { replaces: submission.earlier }),
  };
}

/** A record of any dictionary has fewer characters than a quarter of this, and a character no more than four bytes. */
const RECORD_ROW_BYTES = 65_536;

const storedName = (segment: string): string => `${segment}.parquet`;

/** The key of the submission that an update changes. */
function earlierKey({ transaction, earlier }: Submission, { vault }: IntakePorts): { readonly earlier?: DataKey } {
  if (transaction !== "update" || earlier === undefined) return {};
  const found = vault.keys.find(earlier.manifest.keyId);
  if (!found.ok) throw new ProblemError(...found.problems);
  return { earlier: found.value };
}

type TableKeys = { readonly key: DataKey; readonly earlier?: DataKey };

function segmentTable(spool: Spool, submission: Submission, stage: IntakeStage, keys: TableKeys): SegmentTable {
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
    ...spooled(stage, spool.segment),
    file: { key: keys.key, name: storedName(spool.segment), path: join(stage.folder, storedName(spool.segment)) },
    ...(earlier === undefined || kept === undefined || keys.earlier === undefined
      ? {}
      : { earlier: { file: { key: keys.earlier, name: kept.file, path: join(earlier.folder, kept.file) }, key } }),
  };
}

const signalsOf = ({ elements }: Segment): NonNullable<SegmentTable["claim"]>["signals"] =>
  elements.flatMap(({ name, signal }) => (signal === undefined ? [] : [{ signal, column: name }]));

type Written = Pick<DatasetManifest, "segments" | "people" | "keyId">;

function manifestOf(read: RecordsRead, { segments, people, keyId }: Written, ports: IntakePorts): DatasetManifest {
  const { submission } = read;
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
    people,
    ...(submission.catalogue.about === "people" ? {} : { about: submission.catalogue.about }),
    sourceSha256: read.sourceSha256,
    catalogueSha256: catalogueDigest(submission.catalogue, sha256),
    ...(segments.some(({ marks }) => marks !== undefined) ? { specialCodesSha256: ports.specialCodes.sha256 } : {}),
    segments,
    rejected: { records: read.rejected, rules: Object.fromEntries(read.rules) },
    keyId,
    taken: ports.now(),
  };
}
