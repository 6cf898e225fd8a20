import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PartPipe, SealedFile, Sealer, SealingSession } from "../app/ports/sealer.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { makePipes } from "./named-pipes.ts";
import type { PipedFile, SealingStart } from "./seal-protocol.ts";
import { SealingThread } from "./sealing-thread.ts";

/** How often a stuck reader or writer is freed until the workers have stopped. */
const FREEING_INTERVAL_MS = 20;
/** WHY several: while one ends a file's part, the engine writes into the others. */
const THREADS = 4;

/** Seals in worker threads, each file fed through a named pipe that only this user can open. */
export const ageSealer: Sealer = {
  async open(folder, files, form): Promise<SealingSession> {
    const pipeFolder = await mkdtemp(join(tmpdir(), "writ-pipe-"));
    const piped = files.map((file, at) => ({ ...file, pipe: join(pipeFolder, String(at)) }));
    try {
      await makePipes(piped.map(({ pipe }) => pipe));
    } catch (error) {
      await rm(pipeFolder, { recursive: true, force: true });
      throw error;
    }
    const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const session = new ThreadSession(pipeFolder, piped, { folder, form, stop });
    for (const { fileKey } of files) fileKey.fill(0);
    return session;
  },
};

class ThreadSession implements SealingSession {
  readonly pipeFolder: string;
  readonly #files: readonly PipedFile[];
  readonly #stop: SharedArrayBuffer;
  readonly #threads: readonly SealingThread[];
  failure: ProblemError | undefined;
  #ended = false;

  constructor(pipeFolder: string, files: readonly PipedFile[], start: Omit<SealingStart, "files">) {
    this.pipeFolder = pipeFolder;
    this.#files = files;
    this.#stop = start.stop;
    this.#threads = Array.from({ length: Math.min(THREADS, files.length) }, (_, thread) => {
      const own = files.filter((_file, at) => at % THREADS === thread);
      // WHY the first counts: what follows a failure is its echo.
      return new SealingThread({ ...start, files: own }, (failure) => (this.failure ??= failure));
    });
  }

  part(name: string): PartPipe {
    const at = this.#files.findIndex((file) => file.name === name);
    const [file, thread] = [this.#files[at], this.#threads[at % THREADS]];
    if (file === undefined || thread === undefined) throw new ProblemError(problem("E_BUG", "a part of an unknown file"));
    const taken = this.#sound(thread, { kind: "part", name }).then(() => undefined);
    // WHY: whoever writes the part may fail first and never look; an unheard rejection would end the process.
    taken.catch(() => {});
    return { path: file.pipe, taken };
  }

  async #sound(thread: SealingThread, order: Parameters<SealingThread["order"]>[0]): ReturnType<SealingThread["order"]> {
    if (this.failure !== undefined) throw this.failure;
    return thread.order(order);
  }

  async finish(): Promise<readonly SealedFile[]> {
    const reports = await Promise.all(this.#threads.map(async (thread) => this.#sound(thread, { kind: "finish" })));
    // INVARIANT: all files are durable before one has its name.
    await Promise.all(this.#threads.map(async (thread) => this.#sound(thread, { kind: "name" })));
    this.#ended = true;
    for (const thread of this.#threads) thread.leave();
    await this.#left();
    return reports.flatMap((report) => (report.kind === "sealed" ? report.files : []));
  }

  async abort(writer: Promise<unknown> = Promise.resolve()): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    Atomics.store(new Int32Array(this.#stop), 0, 1);
    for (const thread of this.#threads) thread.stop();
    const freeing = setInterval(() => this.#files.forEach(({ pipe }) => freeBothEnds(pipe)), FREEING_INTERVAL_MS);
    try {
      // INVARIANT: the pipes outlive their writers, which would else make plain files of their names.
      await Promise.allSettled([...this.#threads.map(({ gone }) => gone), writer]);
    } finally {
      clearInterval(freeing);
    }
    await this.#left();
  }

  async #left(): Promise<void> {
    await Promise.all(this.#threads.map(({ gone }) => gone));
    await rm(this.pipeFolder, { recursive: true, force: true });
  }
}

/** Opens both ends for a moment: whoever waits in `open` goes on, finds nobody at the other end, and fails or ends. */
function freeBothEnds(pipe: string): void {
  try {
    closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK));
  } catch {
    // WHY: the pipe may be gone already, and then nobody waits on it.
  }
}
