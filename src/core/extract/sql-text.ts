import { peopleQuery, segmentQuery } from "./compile.ts";
import { type Locate, printSelect } from "./duckdb-printer.ts";
import type { ExtractSpec } from "./spec.ts";

/** One statement of an extract, for a plan to show. `segment` is absent for the one that picks a dataset's people. */
export type SqlText = { readonly dataset: string; readonly segment?: string; readonly sql: string };

/** Stored files are named as `DIGEST/FILE`, so the text is the same in every workspace that holds the data. */
const inStore: Locate = (dataset, file) => ({ path: `${dataset}/${file}` });

/** All an extract runs, in its order. A dataset too large for one pass runs each of its statements once a slice. */
export const sqlTexts = (spec: ExtractSpec): readonly SqlText[] =>
  spec.datasets.flatMap((dataset) => {
    const people = { dataset: dataset.digest, sql: printSelect(peopleQuery(spec, dataset, { index: 0, of: 1 }), inStore) };
    const segments = spec.segments.flatMap((segment): readonly SqlText[] => {
      const source = segment.sources.find((of) => of.dataset === dataset.digest);
      const query = source === undefined ? undefined : segmentQuery(spec, segment, source);
      return query === undefined ? [] : [{ dataset: dataset.digest, segment: segment.segment, sql: printSelect(query, inStore) }];
    });
    return segments.length === 0 ? [] : [people, ...segments];
  });
