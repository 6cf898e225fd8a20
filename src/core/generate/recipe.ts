import type { Span } from "./person.ts";

/** How one segment's records come from what they tell of: one record per item of `rows`; elements left out stay blank. */
export type Recipe<Subject, Row extends Span = Span> = {
  readonly segment: string;
  readonly rows: (subject: Subject) => readonly Row[];
  readonly cells: Cells<Subject, Row>;
};

/** Numbers with decimals are given in their smallest unit, such as cents. */
export type Cells<Subject, Row extends Span = Span> = Readonly<Record<string, (subject: Subject, row: Row) => string>>;

/** WHY: a recipe is only ever given the rows it made itself, which a list of recipes cannot say. */
export const recipe = <Subject, Row extends Span>(made: Recipe<Subject, Row>): Recipe<Subject> => made as unknown as Recipe<Subject>;

export const NO_ROWS: readonly never[] = [];
