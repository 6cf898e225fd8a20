import type { Catalogue, Segment } from "../catalog/catalogue.ts";
import { recordForm } from "../catalog/record-form.ts";
import { compactDay } from "./calendar.ts";
import type { Span } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import type { Recipe } from "./recipe.ts";

/** Values in place of the true ones, by element. */
export type Instead = Readonly<Record<string, string>>;

/** Writes the records of one segment. */
export type RowWriter<Subject> = {
  readonly segment: string;
  rows(subject: Subject): readonly Span[];
  /** Writes record `number` at `at` and answers the offset after it; `instead` says what a fault puts in place of the truth. */
  write(subject: Subject, row: Span, number: number, out: Uint8Array, at: number, instead?: Instead): number;
};

/** The writers of the recipes whose segments the plan has, in the order of a subject's records. */
export function rowWriters<Subject>(
  plan: GenerationPlan,
  state: StatePlan,
  catalogue: Catalogue,
  recipes: readonly Recipe<Subject>[],
  idOf: (subject: Subject) => string,
): readonly RowWriter<Subject>[] {
  return recipes
    .filter(({ segment }) => plan.segments.length === 0 || plan.segments.includes(segment))
    .map((recipe) => {
      const segment = catalogue.segments.find(({ id }) => id === recipe.segment);
      if (segment === undefined) throw new RangeError(`the catalogue has no segment ${recipe.segment}`);
      const personAt = segment.elements.findIndex(({ name }) => name === catalogue.personElement);
      return rowWriter(plan, state, recipe, segment, personAt, idOf);
    });
}

function rowWriter<Subject>(
  plan: GenerationPlan,
  state: StatePlan,
  recipe: Recipe<Subject>,
  segment: Segment,
  personAt: number,
  idOf: (subject: Subject) => string,
): RowWriter<Subject> {
  const form = recordForm(segment, plan.encoding, plan.lineEnd);
  const cells = form.blank();
  cells[form.position("SUBMITTING-STATE")] = state.population.fips;
  const numberAt = form.position("RECORD-NUMBER");
  const span = segment.span === undefined ? undefined : { from: form.position(segment.span.from), to: form.position(segment.span.to) };
  const filled = Object.entries(recipe.cells).map(([name, cell]) => ({ at: form.position(name), cell }));
  const fill = (subject: Subject, row: Span, number: number): void => {
    for (const { at, cell } of filled) cells[at] = cell(subject, row);
    if (span !== undefined) {
      cells[span.from] = compactDay(row.from);
      cells[span.to] = compactDay(row.to);
    }
    cells[numberAt] = String(number);
    if (personAt >= 0) cells[personAt] = idOf(subject);
  };
  return {
    segment: segment.id,
    rows: recipe.rows,
    write: (subject, row, number, out, at, instead) => {
      fill(subject, row, number);
      if (instead === undefined) return form.write(cells, out, at);
      const changed = [...cells];
      for (const [name, value] of Object.entries(instead)) changed[form.position(name)] = value;
      return form.write(changed, out, at);
    },
  };
}
