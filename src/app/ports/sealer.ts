/** How the plaintext of a file arrives: parts that together make one file of this form. */
export type SealedForm = "parquet" | "csv";

/** One file to be sealed. The header wraps the file key for whoever holds the package's key; the key itself is used up. */
export type FileToSeal = { readonly name: string; readonly header: Uint8Array; readonly fileKey: Uint8Array };

export type SealedFile = {
  readonly name: string;
  /** Of the sealed file, as is `sha256`. */
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly plaintextSizeBytes: number;
  readonly plaintextSha256: string;
};

/** A file's pipe, for one part. */
export type PartPipe = {
  readonly path: string;
  /** Settles when the part's writer has closed the pipe and all of it is taken; rejects with what stopped the sealing. */
  readonly taken: Promise<void>;
};

/**
 * Seals files while they are written.
 * INVARIANT: plaintext passes through pipes and memory only; no sealed file has its name, or can be opened at all, before `finish`.
 */
export interface SealingSession {
  /** The private folder of the pipes. */
  readonly pipeFolder: string;
  /** What stopped the sealing by itself. */
  readonly failure: Error | undefined;
  /** Parts of one file are taken one after another: write and await each before asking for its next. Two files may be written together. */
  part(name: string): PartPipe;
  /** Makes every file durable under its name. */
  finish(): Promise<readonly SealedFile[]>;
  /** Removes all that was written, and frees `writer`, if it is stuck on a pipe, until it settles. Harmless after `finish`. */
  abort(writer?: Promise<unknown>): Promise<void>;
}

export interface Sealer {
  /** The folder must exist; a name already taken in it is an error. */
  open(folder: string, files: readonly FileToSeal[], form: SealedForm): Promise<SealingSession>;
}
