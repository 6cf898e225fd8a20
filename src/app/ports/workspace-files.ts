/** The few things opening and making a workspace needs of the disk. */
export interface WorkspaceFiles {
  /** The text of a file, or undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** Whether a folder holds any file, at any depth. */
  holdsFiles(folder: string): Promise<boolean>;
  /** Makes a folder and those above it; the mode is set even when the folder was there. */
  makeFolder(path: string, mode: number): Promise<void>;
  /** Writes a new file durably; false, and nothing changed, when the name is taken. */
  create(path: string, bytes: Uint8Array, mode: number): Promise<boolean>;
  /** Copies a folder with all in it to where none is yet. */
  copyFolder(from: string, to: string): Promise<void>;
  /** The folder of law or catalogues that comes with writ. */
  shipped(name: "law" | "catalog"): string;
}
