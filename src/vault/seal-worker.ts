/** Thread that reads parts from a pipe, joins, hashes, seals and writes them. Reading blocks, so it takes orders between parts only. */
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { CHUNK_BYTES } from "./age-stream.ts";
import type { SealingOrder, SealingReport, SealingStart } from "./seal-protocol.ts";
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
  if (order.kind === "finish") return end({ kind: "sealed", files: sealAll() });
  takePart(order.name);
  return isStopped() ? end({ kind: "stopped" }) : report({ kind: "taken" });
}

function takePart(name: string): void {
  const writer = writerOf(name);
  const pipe = openSync(start.pipe, "r");
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
function writerOf(name: string): SealedWriter {
  const known = writers.get(name);
  if (known !== undefined) return known;
  const file = start.files.find((candidate) => candidate.name === name);
  if (file === undefined) throw new RangeError("unknown file");
  const writer = new SealedWriter(start.folder, file, start.form);
  writers.set(name, writer);
  return writer;
}

function sealAll(): Extract<SealingReport, { kind: "sealed" }>["files"] {
  const files = [...writers.values()].map((writer) => writer.finish());
  for (const writer of writers.values()) writer.link();
  return files;
}

function end(last: SealingReport): void {
  if (last.kind !== "sealed") for (const writer of writers.values()) writer.discard();
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
