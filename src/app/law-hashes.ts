import { utf8 } from "../core/base/bytes.ts";
import { intervalStart } from "../core/law/docket.ts";
import type { Law } from "../core/law/law.ts";
import { GRADES } from "../core/law/source.ts";
import type { DayView } from "../core/verdict/day-view.ts";
import { DIAGRAM_FORMAT } from "../core/verdict/diagram-text.ts";
import { lawHash } from "../core/verdict/law-hash.ts";
import type { LawCache } from "./ports/law-files.ts";
import { sha256, sha256Hex } from "./sha256.ts";

/** By law: its hashes, by grades admitted and interval of the docket. */
const hashesOf = new WeakMap<Law, Map<string, string>>();

function known(law: Law): Map<string, string> {
  const found = hashesOf.get(law) ?? new Map<string, string>();
  hashesOf.set(law, found);
  return found;
}

/** The hash of the law in force, worked out once an interval of the docket: between two turns nothing changes. */
export function hashOn(view: DayView): string {
  const hashes = known(view.law);
  const grades = GRADES.filter((grade) => view.admitted.includes(grade));
  const key = `${grades.join("+")} ${intervalStart(view.law, view.on)}`;
  const hash = hashes.get(key) ?? lawHash(view, sha256);
  hashes.set(key, hash);
  return hash;
}

const nameFor = (law: Law): string => `${law.sourceDigest}-${DIAGRAM_FORMAT.replace("/", "-")}`;

/**
 * Takes over the hashes that earlier processes worked out for the very same sources; answers what keeps those that come to be known.
 * INVARIANT: only to show a hash sooner. What releases, or writes a hash down, works it out.
 */
export async function recallHashes(law: Law, cache: LawCache): Promise<() => Promise<void>> {
  const entry = await cache.get(nameFor(law));
  const text = entry?.slice(65) ?? "";
  const isWhole = entry !== undefined && entry.slice(0, 64) === sha256Hex(utf8(text));
  const recalled = isWhole ? Object.entries(JSON.parse(text) as Readonly<Record<string, string>>) : [];
  for (const [key, hash] of recalled) known(law).set(key, hash);
  return async () => {
    if (known(law).size === recalled.length) return;
    const all = JSON.stringify(Object.fromEntries(known(law)));
    await cache.put(nameFor(law), `${sha256Hex(utf8(all))}\n${all}`);
  };
}
