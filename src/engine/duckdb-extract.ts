import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { StoredFile } from "../app/ports/data-vault.ts";
import type { ExtractedSegment, ExtractEngine, SegmentCount, StoredData } from "../app/ports/engine.ts";
import type { Checked } from "../core/base/checked.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import type { Locate } from "../core/extract/duckdb-printer.ts";
import { checkedSpec } from "../core/extract/spec-check.ts";
import type { ExtractSpec } from "../core/extract/spec.ts";
import { runChecks } from "./duckdb-check.ts";
import { countSegments } from "./duckdb-count.ts";
import { type Duckdb, openDuckdb } from "./duckdb.ts";
import { ExtractRun } from "./duckdb-extract-run.ts";
import { lanesOf, threadsFor } from "./lanes.ts";
import { PSEUDONYM_KEY_BYTES, pseudonymFunction } from "./duckdb-pseudonym.ts";
import { refuseForeign } from "./duckdb-stored.ts";

/** Extracts by DuckDB: one statement a dataset and segment, rows never become values of this program. */
export const duckdbExtract: ExtractEngine = {
  async count(spec, stored): Promise<readonly SegmentCount[]> {
    const checked = sound(spec);
    const engine = await openFor(checked, stored, { key: randomBytes(PSEUDONYM_KEY_BYTES) });
    try {
      return await countSegments(engine, checked, locateIn(stored));
    } finally {
      engine.close();
    }
  },

  async check(spec): Promise<Checked<ExtractSpec>> {
    const checked = checkedSpec(spec);
    return checked.ok ? runChecks(spec) : checked;
  },

  async extract(spec, session, options): Promise<readonly ExtractedSegment[]> {
    const { stored, pseudonymKey } = options;
    const lanes = lanesOf(spec, options.counts);
    const open = async (): Promise<Duckdb> =>
      openFor(sound(spec), stored, { folders: [session.pipeFolder], threads: threadsFor(lanes), key: pseudonymKey });
    return new ExtractRun(spec, session, options, { locate: locateIn(stored), lanes, open }).go();
  },
};

function sound(spec: ExtractSpec): ExtractSpec {
  const checked = checkedSpec(spec);
  if (!checked.ok) throw new ProblemError(...checked.problems);
  return checked.value;
}

const locateIn = (stored: StoredData): Locate => {
  const file = storedIn(stored);
  return (dataset, name) => {
    const { path, key } = file(dataset, name);
    return { path, keyName: key.id };
  };
};

const storedIn =
  ({ folder, keys }: StoredData) =>
  (dataset: string, name: string): StoredFile => {
    const key = keys.get(dataset);
    if (key === undefined) throw new ProblemError(problem("E_BUG", "a dataset without its key"));
    return { key, name, path: join(folder, dataset, name) };
  };

/** What an engine needs besides stored data: folders of pipes, and the key of pseudonyms. */
type EngineNeeds = { readonly folders?: readonly string[]; readonly threads?: number; readonly key: Uint8Array };

/** An engine that may read what the spec reads, once every file of it is the one that is meant. */
async function openFor(spec: ExtractSpec, stored: StoredData, { folders = [], threads, key }: EngineNeeds): Promise<Duckdb> {
  const file = storedIn(stored);
  refuseForeign([
    ...spec.datasets.map(({ digest, classesFile }) => file(digest, classesFile)),
    ...spec.segments.flatMap(({ sources }) =>
      sources.flatMap(({ dataset, file: rows, marksFile }) =>
        [rows, ...(marksFile === undefined ? [] : [marksFile])].map((name) => file(dataset, name)),
      ),
    ),
  ]);
  return openDuckdb({
    folders: [stored.folder, ...folders],
    ...(threads === undefined ? {} : { threads }),
    functions: [await pseudonymFunction(key)],
    keys: [...stored.keys.values()],
  });
}
