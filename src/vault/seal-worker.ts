/** Thread that reads parts from pipes, joins, hashes, seals and writes them. Reading blocks, so it takes orders between parts only. */
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { CHUNK_BYTES } from "./age-stream.ts";
import type { PipedFile, SealingOrder, SealingReport, SealingStart } from "./seal-protocol.ts";
import { SealedWriter } from "./sealed-writer.ts";

const start = workerData as SealingStart;
const stop = new Int32Array(start.stop);
const writers = new Map<string, SealedWriter>();
const buffer = Buffer.alloc(CHUNK_BYTES);

const isStopped = (): boolean => Atomics.load(stop, 0) === 1;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const report = (of: SealingReport): void => parentPort?.postMessage(of);

function obey(order: SealingOrder): void {
  if (order.kind === "stop" || isStopped()) return end({ kind: "stopped" });
  if (order.kind === "leave") return parentPort?.close();
  if (order.kind === "finish") return report({ kind: "sealed", files: [...writers.values()].map((writer) => writer.finish()) });
  if (order.kind === "name") return nameAll();
  if (order.kind === "part") takePart(order.name);
  return isStopped() ? end({ kind: "stopped" }) : report({ kind: "taken" });
}

function takePart(name: string): void {
  const file = start.files.find((candidate) => candidate.name === name);
  if (file === undefined) throw new RangeError("unknown file");
  const writer = writerOf(file);
  const pipe = openSync(file.pipe, "r");
  try {
    for (let length = readSync(pipe, buffer); length > 0 && !isStopped(); length = readSync(pipe, buffer)) {
      writer.feed(buffer.subarray(0, length));
    }
  } finally {
    // WHY always: a writer on a full pipe waits for ever unless its reader is gone.
    closeSync(pipe);
    buffer.fill(0);
  }
  if (!isStopped()) writer.endPart();
}

/** WHY on its first part: a file that gets none is not made. */
function writerOf(file: PipedFile): SealedWriter {
  const known = writers.get(file.name);
  if (known !== undefined) return known;
  const writer = new SealedWriter(start.folder, file, start.form);
  writers.set(file.name, writer);
  return writer;
}

function nameAll(): void {
  for (const writer of writers.values()) writer.link();
  report({ kind: "named" });
}

/** Ends without a file. */
function end(last: SealingReport): void {
  for (const writer of writers.values()) writer.discard();
  report(last);
  parentPort?.close();
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof RangeError ? error.message : "defect";
}

parentPort?.on("message", (order: SealingOrder) => {
  try {
    obey(order);
  } catch (error) {
    end({ kind: "failed", code: codeOf(error) });
  }
});
