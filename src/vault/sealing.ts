import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PartPipe, SealedFile, Sealer, SealingSession } from "../app/ports/sealer.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { makePipes } from "./named-pipes.ts";
import type { SealingOrder, SealingReport, SealingStart } from "./seal-protocol.ts";

/** How often a stuck reader or writer is freed until the worker has stopped. */
const FREEING_INTERVAL_MS = 20;

/** Seals in a worker thread, fed through one named pipe that only this user can open. */
export const ageSealer: Sealer = {
  async open(folder, files, form): Promise<SealingSession> {
    const pipeFolder = await mkdtemp(join(tmpdir(), "writ-pipe-"));
    const pipe = join(pipeFolder, "part");
    try {
      await makePipes([pipe]);
    } catch (error) {
      await rm(pipeFolder, { recursive: true, force: true });
      throw error;
    }
    const stop = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const session = new WorkerSession(pipeFolder, { folder, files, form, pipe, stop });
    for (const { fileKey } of files) fileKey.fill(0);
    return session;
  },
};

/** The worker's own file: compiled beside this one, or, where this runs from source, behind a loader that can read it. */
function startWorker(start: SealingStart): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./seal-worker.js", import.meta.url), { workerData: start });
  const module = new URL("./seal-worker.ts", import.meta.url).href;
  return new Worker(new URL("../../scripts/source-worker.mjs", import.meta.url), { workerData: { ...start, module } });
}

type Waiting = { readonly resolve: (report: SealingReport) => void; readonly reject: (error: Error) => void };

class WorkerSession implements SealingSession {
  readonly pipeFolder: string;
  readonly #start: SealingStart;
  readonly #worker: Worker;
  readonly #gone: Promise<void>;
  #waiting: Waiting | undefined;
  failure: ProblemError | undefined;
  #ended = false;

  constructor(pipeFolder: string, start: SealingStart) {
    this.pipeFolder = pipeFolder;
    this.#start = start;
    this.#worker = startWorker(start);
    this.#gone = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.on("message", (report: SealingReport) => this.#hear(report));
    this.#worker.on("error", () => this.#fail("the worker stopped"));
    this.#worker.on("exit", () => {
      if (!this.#ended) this.#fail("the worker ended early");
    });
  }

  part(name: string): PartPipe {
    const taken = this.#order({ kind: "part", name }).then(() => undefined);
    // WHY: whoever writes the part may fail first and never look; an unheard rejection would end the process.
    taken.catch(() => {});
    return { path: this.#start.pipe, taken };
  }

  async finish(): Promise<readonly SealedFile[]> {
    const report = await this.#order({ kind: "finish" });
    this.#ended = true;
    await this.#leave();
    return report.kind === "sealed" ? report.files : [];
  }

  async abort(writer: Promise<unknown> = Promise.resolve()): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    Atomics.store(new Int32Array(this.#start.stop), 0, 1);
    this.#send({ kind: "stop" });
    const freeing = setInterval(() => freeBothEnds(this.#start.pipe), FREEING_INTERVAL_MS);
    try {
      // INVARIANT: the pipe outlives its writer, which would else make a plain file of its name.
      await Promise.allSettled([this.#gone, writer]);
    } finally {
      clearInterval(freeing);
    }
    await this.#leave();
  }

  async #leave(): Promise<void> {
    await this.#gone;
    await rm(this.pipeFolder, { recursive: true, force: true });
  }

  async #order(order: SealingOrder): Promise<SealingReport> {
    if (this.failure !== undefined) throw this.failure;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#send(order);
    });
  }

  #send(order: SealingOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(order);
  }

  #hear(report: SealingReport): void {
    if (report.kind === "failed") return this.#fail(report.code);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (report.kind === "stopped") waiting?.reject(new ProblemError(problem("E_IO", "the sealing was stopped")));
    else waiting?.resolve(report);
  }

  /** The first failure counts; what follows it is its echo. */
  #fail(code: string): void {
    const taken = code === "EEXIST";
    const hint = taken ? "a release writes into a fresh folder" : "check the space left on the disk; nothing was released";
    this.failure ??= new ProblemError(problem(taken ? "E_DUPLICATE" : "E_IO", `sealing failed: ${code}`, { hint }));
    this.#waiting?.reject(this.failure);
    this.#waiting = undefined;
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
