import type { FileToSeal, SealedFile, SealedForm } from "../app/ports/sealer.ts";

/** What a sealing worker is started with. */
export type SealingStart = {
  readonly folder: string;
  readonly files: readonly PipedFile[];
  readonly form: SealedForm;
  /** One 32-bit word for all workers; 1 tells them, even while they read, to stop and remove everything. */
  readonly stop: SharedArrayBuffer;
};

/** A file whose parts come through a pipe of its own. */
export type PipedFile = FileToSeal & { readonly pipe: string };

/**
 * `finish` makes the files durable, `name` gives them their names, `leave` ends the worker.
 * WHY apart: no file has its name before all files of all workers are durable.
 */
export type SealingOrder = { readonly kind: "part"; readonly name: string } | { readonly kind: "finish" | "name" | "leave" | "stop" };

export type SealingReport =
  | { readonly kind: "taken" | "named" }
  | { readonly kind: "sealed"; readonly files: readonly SealedFile[] }
  /** `code` is the system's error code or what the joiner refused; never data. */
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "stopped" };
