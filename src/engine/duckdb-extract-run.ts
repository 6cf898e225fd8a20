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
const peopleTable = (share: number): string => `${PEOPLE_TABLE}_${share % TABLES}`;

/** The engine of an extract, how many statements it runs at once, and where it finds the stored files. */
export type ExtractSource = { readonly locate: Locate; readonly lanes: number; open(): Promise<Duckdb> };

/** The people of a dataset that are extracted together. */
type Share = { readonly dataset: ExtractDataset; readonly slice: Slice };
type Part = { readonly segment: string; readonly people: string; readonly dataset: ExtractDataset; readonly query: Select };
type Written = { readonly rows: number; readonly taken: Promise<void> };

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
    const shares = this.#spec.datasets.flatMap((dataset) => slicesOf(dataset).map((slice) => ({ dataset, slice })));
    let before: readonly Promise<void>[] = [];
    let people = await this.#gatherPeople(0, shares[0]);
    for (const [at, { dataset }] of shares.entries()) {
      await people?.done;
      const parts = this.#partsOf(at, dataset);
      const begun = await this.#beginParts(parts.slice(0, -1));
      // INVARIANT: a table of people is used again only when the parts made of it are done.
      await Promise.all(before);
      // WHY before the last part: so that the next share's parts need not wait for their people.
      people = await this.#gatherPeople(at + 1, shares[at + 1]);
      before = [...begun, ...(await this.#beginParts(parts.slice(-1)))].map(({ done }) => done);
    }
    await this.#room.emptied();
    await Promise.all(this.#parts.values());
    for (const dataset of this.#spec.datasets) this.#refuseMiscounted(dataset);
  }

  /** Begins a share's table of people. */
  async #gatherPeople(at: number, share: Share | undefined): Promise<{ readonly done: Promise<unknown> } | undefined> {
    if (share === undefined) return undefined;
    const people = printSelect(peopleQuery(this.#spec, share.dataset, share.slice), this.#source.locate);
    return this.#begin(async (on) => on.run(`CREATE OR REPLACE TABLE ${identifier(peopleTable(at))} AS ${people}`));
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

  #partsOf(at: number, dataset: ExtractDataset): readonly Part[] {
    return this.#spec.segments.flatMap((segment) => {
      const source = segment.sources.find((of) => of.dataset === dataset.digest);
      const query = source === undefined ? undefined : segmentQuery(this.#spec, segment, source);
      return query === undefined ? [] : [{ segment: segment.segment, people: peopleTable(at), dataset, query }];
    });
  }

  async #beginParts(parts: readonly Part[]): Promise<readonly { readonly done: Promise<void> }[]> {
    const begun: { readonly done: Promise<void> }[] = [];
    for (const part of parts) begun.push(await this.#beginPart(part));
    return begun;
  }

  /** Begins a part once the one before it in its file is taken. The connection is free again when all is written, though not yet sealed. */
  async #beginPart(part: Part): Promise<{ readonly done: Promise<void> }> {
    const first = !this.#parts.has(part.segment);
    await this.#parts.get(part.segment);
    const { done: written } = await this.#begin(async (on) => this.#writePart(on, part, first));
    const done = this.#takenPart(part, written);
    this.#parts.set(part.segment, done);
    // WHY: a failure is heard by whoever waits for the part, and nobody may; unheard, it would end the process.
    void Promise.allSettled([done]);
    return { done };
  }

  async #writePart(on: Statements, { segment, people, query }: Part, first: boolean): Promise<Written> {
    await on.run(`CREATE OR REPLACE TEMP VIEW ${identifier(PEOPLE_TABLE)} AS FROM ${identifier(people)}`);
    const { path, taken } = this.#session.part(sealedName(segment, this.#options.form));
    const format = FORMATS[this.#options.form](first, query.columns.length);
    const copy = on.run(`COPY (${printSelect(query, this.#source.locate)}) TO ${literal(path)} (${format})`);
    this.#copies.add(copy);
    // WHY both: when the sealing fails first, the statement would wait on the pipe for ever.
    await Promise.race([copy, taken]);
    const rows = await copy;
    this.#copies.delete(copy);
    return { rows, taken };
  }

  async #takenPart({ segment, dataset }: Part, written: Promise<Written>): Promise<void> {
    const { rows, taken } = await written;
    await taken;
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
