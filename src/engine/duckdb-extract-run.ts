import type { ExtractedSegment, ExtractOptions } from "../app/ports/engine.ts";
import { sealedName } from "../app/ports/engine.ts";
import type { SealedForm, SealingSession } from "../app/ports/sealer.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { PEOPLE_TABLE, peopleQuery, segmentQuery, type Slice, slicesOf } from "../core/extract/compile.ts";
import { identifier, literal, type Locate, printSelect } from "../core/extract/duckdb-printer.ts";
import type { Select } from "../core/extract/query.ts";
import type { ExtractDataset, ExtractSpec } from "../core/extract/spec.ts";
import { groupRows } from "../core/parquet/group-rows.ts";
import type { Duckdb, Statements } from "./duckdb.ts";
import { countedRows } from "./lanes.ts";
import { Room } from "./room.ts";

const FORMATS: Readonly<Record<SealedForm, (first: boolean, columns: number) => string>> = {
  // WHY no bloom filters: they tell which values a row group holds, which no reader asked for.
  parquet: (_, columns) =>
    `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, WRITE_BLOOM_FILTER false, ROW_GROUP_SIZE ${groupRows(columns)}`,
  csv: (first) => `FORMAT csv, HEADER ${first}`,
};

/** Tables of people: one in use, one in the making. */
const TABLES = 2;

/** The engine of an extract, how many statements it runs at once, and where it finds the stored files. */
export type ExtractSource = { readonly locate: Locate; readonly lanes: number; open(): Promise<Duckdb> };

type Part = { readonly segment: string; readonly dataset: ExtractDataset; readonly query: Select; readonly first: boolean };

/** One extract. `open` answers an engine that may read what the spec reads and write into the session's pipes. */
export class ExtractRun {
  readonly #spec: ExtractSpec;
  readonly #session: SealingSession;
  readonly #options: ExtractOptions;
  readonly #source: ExtractSource;
  readonly #room: Room;
  readonly #free: Statements[] = [];
  /** Statements that write into pipes. */
  readonly #copies = new Set<Promise<number>>();
  /** The newest part of each segment. */
  readonly #parts = new Map<string, Promise<void>>();
  /** Rows by segment, then by dataset. */
  readonly #rows = new Map<string, Map<string, number>>();

  constructor(spec: ExtractSpec, session: SealingSession, options: ExtractOptions, source: ExtractSource) {
    this.#spec = spec;
    this.#session = session;
    this.#options = options;
    this.#source = source;
    this.#room = new Room(source.lanes);
  }

  async go(): Promise<readonly ExtractedSegment[]> {
    const { signal } = this.#options;
    let engine: Duckdb | undefined;
    const interrupt = (): void => engine?.interrupt();
    signal?.addEventListener("abort", interrupt);
    try {
      engine = await this.#source.open();
      this.#free.push(engine);
      while (this.#free.length < this.#source.lanes) this.#free.push(await engine.beside());
      await this.#extractAll();
      this.#refuseAborted();
      return this.#described(await this.#session.finish());
    } catch (error) {
      engine?.interrupt();
      const copies = Promise.allSettled(this.#copies);
      await this.#session.abort(copies);
      const unread = [...(await copies), ...(await this.#room.settled())].find(
        (one) => one.status === "rejected" && isUnreadable(one.reason),
      );
      if (unread?.status === "rejected") throw unread.reason;
      // WHY: when the sealing stopped first, the statement's own failure is only the broken pipe.
      throw this.#session.failure ?? error;
    } finally {
      signal?.removeEventListener("abort", interrupt);
      engine?.close();
    }
  }

  /** WHY dataset by dataset: memory is bounded by the largest, and sorting by pseudonym within each hides the order of its source. */
  async #extractAll(): Promise<void> {
    const slices = this.#spec.datasets.flatMap((dataset) => slicesOf(dataset).map((slice) => ({ dataset, slice })));
    let before: readonly Promise<void>[] = [];
    let last: readonly Promise<void>[] = [];
    for (const [at, { dataset, slice }] of slices.entries()) {
      // INVARIANT: people are forgotten, and their table used again, only when the parts made of them are done.
      await Promise.all(before);
      const table = `${PEOPLE_TABLE}_${at % TABLES}`;
      await this.#gatherPeople(table, dataset, slice);
      before = last;
      last = await this.#beginParts(table, dataset);
    }
    await this.#room.emptied();
    for (const dataset of this.#spec.datasets) this.#refuseMiscounted(dataset);
  }

  async #gatherPeople(table: string, dataset: ExtractDataset, slice: Slice): Promise<void> {
    const people = printSelect(peopleQuery(this.#spec, dataset, slice), this.#source.locate);
    const { done } = await this.#begin(async (on) => on.run(`CREATE OR REPLACE TABLE ${identifier(table)} AS ${people}`));
    await done;
  }

  /** Begins a step on a connection that is free. */
  async #begin<T>(step: (on: Statements) => Promise<T>): Promise<{ readonly done: Promise<T> }> {
    return this.#room.begin(async () => {
      this.#refuseAborted();
      const on = this.#free.pop();
      if (on === undefined) throw new ProblemError(problem("E_BUG", "more statements at once than connections"));
      const done = await step(on);
      this.#free.push(on);
      return done;
    });
  }

  async #beginParts(table: string, dataset: ExtractDataset): Promise<readonly Promise<void>[]> {
    const parts: Promise<void>[] = [];
    for (const segment of this.#spec.segments) {
      const source = segment.sources.find((of) => of.dataset === dataset.digest);
      const query = source === undefined ? undefined : segmentQuery(this.#spec, segment, source);
      if (query === undefined) continue;
      const first = !this.#parts.has(segment.segment);
      await this.#parts.get(segment.segment);
      const { done } = await this.#begin(async (on) => {
        await on.run(`CREATE OR REPLACE TEMP VIEW ${identifier(PEOPLE_TABLE)} AS FROM ${identifier(table)}`);
        await this.#writePart(on, { segment: segment.segment, dataset, query, first });
      });
      this.#parts.set(segment.segment, done);
      parts.push(done);
    }
    return parts;
  }

  async #writePart(on: Statements, { segment, dataset, query, first }: Part): Promise<void> {
    const { path, taken } = this.#session.part(sealedName(segment, this.#options.form));
    const format = FORMATS[this.#options.form](first, query.columns.length);
    const copy = on.run(`COPY (${printSelect(query, this.#source.locate)}) TO ${literal(path)} (${format})`);
    this.#copies.add(copy);
    // WHY both: when the sealing fails first, the statement would wait on the pipe for ever.
    const [rows] = await Promise.all([copy, taken]);
    this.#copies.delete(copy);
    const known = this.#rows.get(segment) ?? new Map<string, number>();
    this.#rows.set(segment, known.set(dataset.digest, (known.get(dataset.digest) ?? 0) + rows));
  }

  #refuseMiscounted(dataset: ExtractDataset): void {
    for (const { segment } of this.#spec.segments) {
      const rows = this.#rows.get(segment)?.get(dataset.digest) ?? 0;
      if (rows !== countedRows(this.#options.counts, segment, dataset)) throw miscounted(segment);
    }
  }

  #refuseAborted(): void {
    if (this.#options.signal?.aborted === true)
      throw new ProblemError(problem("E_IO", "the extract was interrupted; nothing was released"));
  }

  #described(files: Awaited<ReturnType<SealingSession["finish"]>>): readonly ExtractedSegment[] {
    return this.#options.counts.flatMap(({ segment, classes }) => {
      const file = files.find(({ name }) => name === sealedName(segment, this.#options.form));
      return file === undefined ? [] : [{ ...file, segment, rows: sum(this.#rows.get(segment)?.values() ?? []), classes }];
    });
  }
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, one) => total + one, 0);

const miscounted = (segment: string): ProblemError =>
  new ProblemError(
    problem("E_CHECK", `${segment}: the extract has another number of rows than its classes were counted to have`, {
      hint: "nothing was released; make a new plan, and report it if this comes back",
    }),
  );

/** Whether a statement failed over stored data. Then the pipe that ended early is only what followed. */
const isUnreadable = (reason: unknown): boolean =>
  reason instanceof ProblemError && reason.problems.some(({ code }) => code === "E_DATASET");
