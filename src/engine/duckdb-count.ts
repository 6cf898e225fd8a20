import type { ClassCount, SegmentCount } from "../app/ports/engine.ts";
import { problem, ProblemError } from "../core/base/problem.ts";
import { PEOPLE_TABLE, peopleQuery, segmentQuery, slicesOf } from "../core/extract/compile.ts";
import { identifier, type Locate, printSelect } from "../core/extract/duckdb-printer.ts";
import { column } from "../core/extract/query.ts";
import type { ExtractDataset, ExtractSpec, SegmentExtract } from "../core/extract/spec.ts";
import type { Duckdb } from "./duckdb.ts";

/** Counts with the very joins and conditions of the extract, class by class; no row leaves the engine. */
export async function countSegments(engine: Duckdb, spec: ExtractSpec, locate: Locate): Promise<readonly SegmentCount[]> {
  const counted = new Map<string, ClassCount[]>(spec.segments.map(({ segment }) => [segment, []]));
  for (const dataset of spec.datasets) {
    await tellAliases(engine, dataset, locate);
    for (const slice of slicesOf(dataset)) {
      const people = printSelect(peopleQuery(spec, dataset, slice), locate);
      await engine.run(`CREATE OR REPLACE TEMP TABLE ${identifier(PEOPLE_TABLE)} AS ${people}`);
      await refuseRepeatedPeople(engine);
      for (const segment of spec.segments)
        counted.get(segment.segment)?.push(...(await countSource(engine, spec, segment, dataset, locate)));
    }
  }
  return [...counted].map(([segment, parts]) => {
    const classes = summed(parts);
    return { segment, rows: classes.reduce((sum, { rows }) => sum + rows, 0), classes };
  });
}

const ALIASES = identifier("counted_once");

/** The ids of people who have several, so that each of these people counts once. */
async function tellAliases(engine: Duckdb, dataset: ExtractDataset, locate: Locate): Promise<void> {
  const names = ["person_key", "same_person"].map((name) => ({ as: name, value: column("classes", name) }));
  const source = { kind: "submission", dataset: dataset.digest, file: dataset.classesFile } as const;
  const classes = printSelect({ columns: names, from: { source, alias: "classes" }, joins: [], where: [], order: [] }, locate);
  await engine.run(`CREATE OR REPLACE TEMP TABLE ${ALIASES} AS SELECT * FROM (${classes}) WHERE same_person IS NOT NULL`);
}

/** INVARIANT: a person has one class. With two, each would be judged alone and both released, where only what both allow may be. */
async function refuseRepeatedPeople(engine: Duckdb): Promise<void> {
  const [counts] = await engine.rows(`SELECT count(*), count(DISTINCT person_key) FROM ${identifier(PEOPLE_TABLE)}`);
  if (String(counts?.[0]) === String(counts?.[1])) return;
  const hint = "resolve the classes again; nothing was released";
  throw new ProblemError(problem("E_DATASET", "the classes of a dataset name a person twice", { hint }));
}

async function countSource(
  engine: Duckdb,
  spec: ExtractSpec,
  segment: SegmentExtract,
  dataset: ExtractDataset,
  locate: Locate,
): Promise<readonly ClassCount[]> {
  const source = segment.sources.find((of) => of.dataset === dataset.digest);
  const query = source === undefined ? undefined : segmentQuery(spec, segment, source);
  if (query === undefined) return [];
  const names = ["class_id", "person_key"].map((name) => ({ as: name, value: column("person", name) }));
  const rows = printSelect({ ...query, columns: names, order: [] }, locate);
  const found = await engine.rows(
    `SELECT class_id, count(*), count(DISTINCT coalesce(same_person, person_key)) FROM (${rows}) LEFT JOIN ${ALIASES} USING (person_key) ` +
      "GROUP BY class_id ORDER BY class_id",
  );
  return found.map(([classId, count, people]) => ({
    dataset: dataset.digest,
    classId: Number(classId),
    rows: Number(count),
    people: Number(people),
  }));
}

/** Adds up the slices of a dataset. No id is in two; a person of several ids may count in each, and only datasets of a million have slices. */
function summed(parts: readonly ClassCount[]): readonly ClassCount[] {
  const byClass = new Map<string, ClassCount>();
  for (const part of parts) {
    const key = `${part.dataset} ${part.classId}`;
    const known = byClass.get(key);
    byClass.set(key, { ...part, rows: part.rows + (known?.rows ?? 0), people: part.people + (known?.people ?? 0) });
  }
  return [...byClass.values()];
}
