/** A file that grows, and whose start may be written over once its end is known. */
export interface OutputFile {
  append(bytes: Uint8Array): void;
  overwrite(bytes: Uint8Array, offset: number): void;
}

/** A folder that receives a set of files: all of them under their names, or none. */
export interface OutputFolder {
  /** Throws E_IO when a file of that name is there already. */
  create(name: string): OutputFile;
  /** Gives every file its name. */
  keep(): void;
  /** Removes what was written. */
  discard(): void;
}
