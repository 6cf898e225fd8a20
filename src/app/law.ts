import { utf8 } from "../core/base/bytes.ts";
import type { Checked } from "../core/base/checked.ts";
import { pass } from "../core/base/checked.ts";
import type { Judge } from "../core/law/judge.ts";
import type { Law } from "../core/law/law.ts";
import { sourceDigest } from "../core/law/law.ts";
import { loadLaw } from "../core/law/load.ts";
import type { LawCache, LawFiles } from "./ports/law-files.ts";
import { sha256, sha256Hex } from "./sha256.ts";

/** What loading law needs from outside. The judge is loaded only on a cache miss, since Cedar costs start-up time. */
export type LawPorts = {
  readonly files: LawFiles;
  readonly judgeVersion: string;
  readonly judge: () => Promise<Judge>;
  /** Absent where nothing but the sources may be trusted, as in a release. */
  readonly cache?: LawCache;
};

/** Loads the law of a folder, from the cache of compiled law when its digest is known. */
export async function loadLawFrom(folder: string, ports: LawPorts): Promise<Checked<Law>> {
  const files = await ports.files.read(folder);
  const digest = sourceDigest(files, ports.judgeVersion, sha256);
  const cached = fromCache(await ports.cache?.get(digest), digest);
  if (cached !== undefined) return pass(cached);
  const judge = await ports.judge();
  const loaded = loadLaw(files, judge, sha256);
  if (loaded.ok) await ports.cache?.put(digest, toCache(loaded.value));
  return loaded;
}

const toCache = (law: Law): string => {
  const text = JSON.stringify(law);
  return `${sha256Hex(utf8(text))}\n${text}`;
};

/** A cached law whose own hash holds; anything else is as good as absent. */
function fromCache(entry: string | undefined, digest: string): Law | undefined {
  if (entry === undefined) return undefined;
  const text = entry.slice(65);
  if (entry.slice(0, 64) !== sha256Hex(utf8(text))) return undefined;
  const law = JSON.parse(text) as Law;
  return law.sourceDigest === digest ? law : undefined;
}
