import type { SourceFile } from "../../core/law/source.ts";

/** Reads every file of a law folder, in path order. */
export interface LawFiles {
  read(folder: string): Promise<readonly SourceFile[]>;
}

/** Keeps what was worked out about law, by a name that starts with its source digest. A miss is `undefined`. */
export interface LawCache {
  get(name: string): Promise<string | undefined>;
  put(name: string, text: string): Promise<void>;
}
