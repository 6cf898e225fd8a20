import type { FileToSeal, SealedFile, SealedForm } from "../app/ports/sealer.ts";

/** What the sealing worker is started with. */
export type SealingStart = {
  readonly folder: string;
  readonly files: readonly FileToSeal[];
  readonly form: SealedForm;
  readonly pipe: string;
  /** One 32-bit word; 1 tells the worker, even while it reads, to stop and remove everything. */
  readonly stop: SharedArrayBuffer;
};

export type SealingOrder = { readonly kind: "part"; readonly name: string } | { readonly kind: "finish" } | { readonly kind: "stop" };

export type SealingReport =
  | { readonly kind: "taken" }
  | { readonly kind: "sealed"; readonly files: readonly SealedFile[] }
  /** `code` is the system's error code or what the joiner refused; never data. */
  | { readonly kind: "failed"; readonly code: string }
  | { readonly kind: "stopped" };
