/** A file that is to be taken in. */
export interface IncomingFile {
  /** As the user named it; used in places of problems. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Whether its chunks are more than the file, by an unknown factor. */
  readonly packed?: true;
  /** For a file of tables that is no text: its rows come as lines, a control character between values, names first. */
  readonly table?: {
    /** Of the file itself. */
    readonly sha256: string;
  };
  /** Its bytes in order, unpacked where it is packed; a chunk is only good until the next is asked for. Throws a ProblemError. */
  chunks(): AsyncIterable<Uint8Array>;
}
