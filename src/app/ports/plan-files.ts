/** The small files a plan reads and leaves behind. */
export interface PlanFiles {
  /** Text of a file a person named, or undefined when it cannot be read. */
  read(file: string): Promise<string | undefined>;
  /** SHA-256 of a document, or undefined when it cannot be read. */
  digest(file: string): Promise<string | undefined>;
  /** Writes a file durably and whole; private ones are readable by this user only. */
  write(file: string, text: string, privately: boolean): Promise<void>;
}
