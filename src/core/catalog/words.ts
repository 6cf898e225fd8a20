import type { Vocabulary } from "../law/vocabulary.ts";
import { leavesOf } from "../law/vocabulary.ts";
import type { CatalogueWords } from "./reading.ts";

/** The words a catalogue may use. Predicates on a whole extract are no category of an element. */
export const catalogueWords = (vocabulary: Vocabulary): CatalogueWords => ({
  categories: vocabulary.fields.filter((field) => !field.extract).map((field) => field.id),
  facets: {
    origin: [...vocabulary.jurisdictions.map((word) => word.id), "none"],
    population: leavesOf(vocabulary.populations),
    ...Object.fromEntries(vocabulary.facets.map((facet) => [facet.id, facet.leaves])),
  },
  fips: Object.fromEntries(vocabulary.jurisdictions.flatMap(({ id, fips }) => (fips === undefined ? [] : [[fips, id]]))),
});
