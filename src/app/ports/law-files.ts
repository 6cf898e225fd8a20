import type { SourceFile } from "../../core/law/source.ts";

/** Reads every file of a law folder, in path order. */
export interface LawFiles {
  read(folder: string): Promise<readonly SourceFile[]>;
}

/** Keeps compiled law by its source digest. A miss or a damaged entry is `undefined`. */
export interface LawCache {
  get(sourceDigest: string): Promise<string | undefined>;
  put(sourceDigest: string, text: string): Promise<void>;
}
