import type { Segment } from "../catalog/catalogue.ts";
import { recordForm } from "../catalog/record-form.ts";
import { compactDay } from "./calendar.ts";
import type { Person, Span } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import type { Recipe } from "./segments.ts";
import { RECIPES } from "./segments.ts";

/** Writes the records of one segment. */
export type RowWriter = {
  readonly segment: string;
  rows(person: Person): readonly Span[];
  /** Writes record `number` at `at` and answers the offset after it; `instead` says what a fault puts in place of the truth. */
  write(person: Person, row: Span, number: number, out: Uint8Array, at: number, instead?: Readonly<Record<string, string>>): number;
};

/** The writers of the plan's segments, in the order of a person's records. */
export function rowWriters(plan: GenerationPlan, state: StatePlan): readonly RowWriter[] {
  return RECIPES.filter(({ segment }) => plan.segments.includes(segment)).map((recipe) => {
    const segment = plan.catalogue.segments.find(({ id }) => id === recipe.segment);
    if (segment === undefined) throw new RangeError(`the catalogue has no segment ${recipe.segment}`);
    return rowWriter(plan, state, recipe, segment);
  });
}

function rowWriter(plan: GenerationPlan, state: StatePlan, recipe: Recipe, segment: Segment): RowWriter {
  const form = recordForm(segment, plan.encoding);
  const cells = form.blank();
  cells[form.position("SUBMITTING-STATE")] = state.population.fips;
  const [numberAt, personAt] = [form.position("RECORD-NUMBER"), form.position(plan.catalogue.personElement)];
  const [fromAt, toAt] =
    segment.span === undefined ? [personAt, personAt] : [form.position(segment.span.from), form.position(segment.span.to)];
  const filled = Object.entries(recipe.cells).map(([name, cell]) => ({ at: form.position(name), cell }));
  const fill = (person: Person, row: Span, number: number): void => {
    for (const { at, cell } of filled) cells[at] = cell(person, row);
    cells[fromAt] = compactDay(row.from);
    cells[toAt] = compactDay(row.to);
    cells[numberAt] = String(number);
    cells[personAt] = person.id;
  };
  return {
    segment: segment.id,
    rows: recipe.rows,
    write: (person, row, number, out, at, instead) => {
      fill(person, row, number);
      if (instead === undefined) return form.write(cells, out, at);
      const changed = [...cells];
      for (const [name, value] of Object.entries(instead)) changed[form.position(name)] = value;
      return form.write(changed, out, at);
    },
  };
}
