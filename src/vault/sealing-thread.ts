import { Worker } from "node:worker_threads";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { SealingOrder, SealingReport, SealingStart } from "./seal-protocol.ts";

type Waiting = { readonly resolve: (report: SealingReport) => void; readonly reject: (error: Error) => void };

/** One worker that seals, seen from the thread that gives it orders. It obeys and reports in order. */
export class SealingThread {
  readonly #worker: Worker;
  readonly #onFailure: (failure: ProblemError) => void;
  readonly #waiting: Waiting[] = [];
  /** Settles once the thread has ended. */
  readonly gone: Promise<void>;
  #failure: ProblemError | undefined;
  #ending = false;

  constructor(start: SealingStart, onFailure: (failure: ProblemError) => void) {
    this.#worker = startWorker(start);
    this.#onFailure = onFailure;
    this.gone = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.on("message", (report: SealingReport) => this.#hear(report));
    this.#worker.on("error", () => this.#fail("the worker stopped"));
    this.#worker.on("exit", () => {
      if (!this.#ending) this.#fail("the worker ended early");
    });
  }

  async order(order: SealingOrder): Promise<SealingReport> {
    if (this.#failure !== undefined) throw this.#failure;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#send(order);
    });
  }

  /** Ends the thread with its files as they are. */
  leave(): void {
    this.#ending = true;
    this.#send({ kind: "leave" });
  }

  /** Ends the thread without its files. */
  stop(): void {
    this.#ending = true;
    this.#send({ kind: "stop" });
  }

  #send(order: SealingOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.#worker.postMessage(order);
  }

  #hear(report: SealingReport): void {
    if (report.kind === "failed") this.#fail(report.code);
    else if (report.kind === "stopped") this.#refuse(new ProblemError(problem("E_IO", "the sealing was stopped")));
    else this.#waiting.shift()?.resolve(report);
  }

  /** The first failure counts; what follows it is its echo. */
  #fail(code: string): void {
    const taken = code === "EEXIST";
    const hint = taken ? "a release writes into a fresh folder" : "check the space left on the disk; nothing was released";
    this.#failure ??= new ProblemError(problem(taken ? "E_DUPLICATE" : "E_IO", `sealing failed: ${code}`, { hint }));
    this.#onFailure(this.#failure);
    this.#refuse(this.#failure);
  }

  #refuse(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** The worker's own file: compiled beside this one, or, where this runs from source, behind a loader that can read it. */
function startWorker(start: SealingStart): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(new URL("./seal-worker.js", import.meta.url), { workerData: start });
  const module = new URL("./seal-worker.ts", import.meta.url).href;
  return new Worker(new URL("../../scripts/source-worker.mjs", import.meta.url), { workerData: { ...start, module } });
}
