/** The few things that keeping keys needs of the disk. All is durable when it returns; files are 0600, folders 0700. */
export interface PrivateFiles {
  /** The bytes of a file, or undefined when there is none. */
  read(path: string): Uint8Array | undefined;
  /** Writes a new file; false, and nothing changed, when the name is taken. */
  create(path: string, bytes: Uint8Array): boolean;
  /** The names in a folder; none when there is no folder. */
  list(folder: string): readonly string[];
  /** Overwrites a file in place, then removes it; false when there is none. A medium may keep older copies of its blocks. */
  destroy(path: string): boolean;
}
