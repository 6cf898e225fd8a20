import type { Sha256 } from "../base/bytes.ts";
import { hex, utf8 } from "../base/bytes.ts";
import { canonicalOf } from "../base/canonical-json.ts";
import type { SourceFile } from "../law/source.ts";

/** All law by its bytes: the preimage of a source digest. */
export type LawManifest = { readonly engine: string; readonly cedar: string; readonly files: FileDigests };
export type FileDigests = Readonly<Record<string, string>>;

/** A manifest out of the archive; undefined for bytes that are none. */
export function parseManifest(bytes: Uint8Array): LawManifest | undefined {
  const found = canonicalOf(bytes) as Partial<LawManifest> | null | undefined;
  const sound = typeof found?.engine === "string" && typeof found.cedar === "string" && typeof found.files === "object";
  return sound ? (found as LawManifest) : undefined;
}

export const digestsOf = (files: readonly SourceFile[], sha256: Sha256): FileDigests =>
  Object.fromEntries(files.map(({ path, text }) => [path, hex(sha256(utf8(text)))]));

/** Paths whose digests differ, with both; one is undefined where the file is not there. */
export type Departure = { readonly path: string; readonly entered: string | undefined; readonly found: string | undefined };

export const departures = (entered: FileDigests, found: FileDigests): readonly Departure[] =>
  [...new Set([...Object.keys(entered), ...Object.keys(found)])]
    .sort()
    .filter((path) => entered[path] !== found[path])
    .map((path) => ({ path, entered: entered[path], found: found[path] }));
