import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { StoredFile } from "../app/ports/data-vault.ts";
import type { ExtractedSegment, ExtractEngine, ExtractOptions, SegmentCount, StoredData } from "../app/ports/engine.ts";
import { sealedName } from "../app/ports/engine.ts";
import type { SealedForm, SealingSession } from "../app/ports/sealer.ts";
import type { Checked } from "../core/base/checked.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { PEOPLE_TABLE, peopleQuery, segmentQuery, type Slice, slicesOf } from "../core/extract/compile.ts";
import { identifier, literal, type Locate, printSelect } from "../core/extract/duckdb-printer.ts";
import { checkedSpec } from "../core/extract/spec-check.ts";
import type { ExtractDataset, ExtractSpec, SegmentExtract, SegmentSource } from "../core/extract/spec.ts";
import { runChecks } from "./duckdb-check.ts";
import { countSegments } from "./duckdb-count.ts";
import { type Duckdb, openDuckdb } from "./duckdb.ts";
import { groupRows } from "../core/parquet/group-rows.ts";
import { PSEUDONYM_KEY_BYTES, pseudonymFunction } from "./duckdb-pseudonym.ts";
import { refuseForeign } from "./duckdb-stored.ts";

/** Extracts by DuckDB: one statement a dataset and segment, rows never become values of this program. */
export const duckdbExtract: ExtractEngine = {
  async count(spec, stored): Promise<readonly SegmentCount[]> {
    const checked = sound(spec);
    const engine = await openFor(checked, stored, [], randomBytes(PSEUDONYM_KEY_BYTES));
    try {
      return await countSegments(engine, checked, locateIn(stored));
    } finally {
      engine.close();
    }
  },

  async check(spec): Promise<Checked<ExtractSpec>> {
    const checked = checkedSpec(spec);
    return checked.ok ? runChecks(spec) : checked;
  },

  async extract(spec, session, options): Promise<readonly ExtractedSegment[]> {
    return new ExtractRun(spec, session, options).go();
  },
};

function sound(spec: ExtractSpec): ExtractSpec {
  const checked = checkedSpec(spec);
  if (!checked.ok) throw new ProblemError(...checked.problems);
  return checked.value;
}

const locateIn = (stored: StoredData): Locate => {
  const file = storedIn(stored);
  return (dataset, name) => {
    const { path, key } = file(dataset, name);
    return { path, keyName: key.id };
  };
};

const storedIn =
  ({ folder, keys }: StoredData) =>
  (dataset: string, name: string): StoredFile => {
    const key = keys.get(dataset);
    if (key === undefined) throw new ProblemError(problem("E_BUG", "a dataset without its key"));
    return { key, name, path: join(folder, dataset, name) };
  };

/** An engine that may read what the spec reads, once every file of it is the one that is meant. */
async function openFor(spec: ExtractSpec, stored: StoredData, folders: readonly string[], key: Uint8Array): Promise<Duckdb> {
  const file = storedIn(stored);
  refuseForeign([
    ...spec.datasets.map(({ digest, classesFile }) => file(digest, classesFile)),
    ...spec.segments.flatMap(({ sources }) =>
      sources.flatMap(({ dataset, file: rows, marksFile }) =>
        [rows, ...(marksFile === undefined ? [] : [marksFile])].map((name) => file(dataset, name)),
      ),
    ),
  ]);
  return openDuckdb({ folders: [stored.folder, ...folders], functions: [await pseudonymFunction(key)], keys: [...stored.keys.values()] });
}

const FORMATS: Readonly<Record<SealedForm, (first: boolean, columns: number) => string>> = {
  // WHY no bloom filters: they tell which values a row group holds, which no reader asked for.
  parquet: (_, columns) =>
    `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false, ROW_GROUP_SIZE ${groupRows(columns)}`,
  csv: (first) => `FORMAT csv, HEADER ${first}`,
};

class ExtractRun {
  readonly #spec: ExtractSpec;
  readonly #session: SealingSession;
  readonly #options: ExtractOptions;
  readonly #locate: Locate;
  readonly #rows = new Map<string, number>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(spec: ExtractSpec, session: SealingSession, options: ExtractOptions) {
    this.#spec = spec;
    this.#session = session;
    this.#options = options;
    this.#locate = locateIn(options.stored);
  }

  async go(): Promise<readonly ExtractedSegment[]> {
    const { stored, pseudonymKey, signal } = this.#options;
    let engine: Duckdb | undefined;
    const interrupt = (): void => engine?.interrupt();
    signal?.addEventListener("abort", interrupt);
    try {
      sound(this.#spec);
      engine = await openFor(this.#spec, stored, [this.#session.pipeFolder], pseudonymKey);
      for (const dataset of this.#spec.datasets) await this.#extractDataset(engine, dataset);
      this.#refuseAborted();
      return this.#described(await this.#session.finish());
    } catch (error) {
      engine?.interrupt();
      await this.#session.abort(this.#writing);
      const [statement] = await Promise.allSettled([this.#writing]);
      if (statement.status === "rejected" && isUnreadable(statement.reason)) throw statement.reason;
      // WHY: when the sealing stopped first, the statement's own failure is only the broken pipe.
      throw this.#session.failure ?? error;
    } finally {
      signal?.removeEventListener("abort", interrupt);
      engine?.close();
    }
  }

  /** WHY dataset by dataset: memory is bounded by the largest, and sorting by pseudonym within each hides the order of its source. */
  async #extractDataset(engine: Duckdb, dataset: ExtractDataset): Promise<void> {
    const before = new Map(this.#rows);
    for (const slice of slicesOf(dataset)) await this.#extractSlice(engine, dataset, slice);
    for (const { segment } of this.#spec.segments) {
      const rows = (this.#rows.get(segment) ?? 0) - (before.get(segment) ?? 0);
      if (rows !== countedRows(this.#options.counts, segment, dataset)) throw miscounted(segment);
    }
  }

  async #extractSlice(engine: Duckdb, dataset: ExtractDataset, slice: Slice): Promise<void> {
    const people = printSelect(peopleQuery(this.#spec, dataset, slice), this.#locate);
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${identifier(PEOPLE_TABLE)} AS ${people}`);
    for (const segment of this.#spec.segments) {
      const source = segment.sources.find((of) => of.dataset === dataset.digest);
      if (source !== undefined) await this.#extractPart(engine, segment, source);
    }
  }

  async #extractPart(engine: Duckdb, segment: SegmentExtract, source: SegmentSource): Promise<void> {
    const query = segmentQuery(this.#spec, segment, source);
    if (query === undefined) return;
    this.#refuseAborted();
    const known = this.#rows.get(segment.segment);
    const { path, taken } = this.#session.part(sealedName(segment.segment, this.#options.form));
    const format = FORMATS[this.#options.form](known === undefined, query.columns.length);
    const copy = engine.run(`COPY (${printSelect(query, this.#locate)}) TO ${literal(path)} (${format})`);
    this.#writing = copy;
    // WHY both: when the sealing fails first, the statement would wait on the pipe for ever.
    const [rows] = await Promise.all([copy, taken]);
    this.#rows.set(segment.segment, (known ?? 0) + rows);
  }

  #refuseAborted(): void {
    if (this.#options.signal?.aborted === true)
      throw new ProblemError(problem("E_IO", "the extract was interrupted; nothing was released"));
  }

  #described(files: Awaited<ReturnType<SealingSession["finish"]>>): readonly ExtractedSegment[] {
    return this.#options.counts.flatMap(({ segment, classes }) => {
      const file = files.find(({ name }) => name === sealedName(segment, this.#options.form));
      return file === undefined ? [] : [{ ...file, segment, rows: this.#rows.get(segment) ?? 0, classes }];
    });
  }
}

function countedRows(counts: readonly SegmentCount[], segment: string, dataset: ExtractDataset): number {
  const classes = counts.find((count) => count.segment === segment)?.classes ?? [];
  return classes.filter((of) => of.dataset === dataset.digest).reduce((sum, { rows }) => sum + rows, 0);
}

const miscounted = (segment: string): ProblemError =>
  new ProblemError(
    problem("E_CHECK", `${segment}: the extract has another number of rows than its classes were counted to have`, {
      hint: "nothing was released; make a new plan, and report it if this comes back",
    }),
  );

/** Whether a statement failed over stored data. Then the pipe that ended early is only what followed. */
const isUnreadable = (reason: unknown): boolean =>
  reason instanceof ProblemError && reason.problems.some(({ code }) => code === "E_DATASET");
