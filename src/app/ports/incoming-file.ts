/** A file that is to be taken in. */
export interface IncomingFile {
  /** As the user named it; used in places of problems. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Its bytes in order, unpacked where it is packed; a chunk is only good until the next is asked for. Throws a ProblemError. */
  chunks(): AsyncIterable<Uint8Array>;
}
