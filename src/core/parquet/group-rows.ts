/** Values that a writer may hold of each row group. */
const VALUES_HELD = 3_200_000;
const [FEWEST_ROWS, MOST_ROWS] = [2048, 122_880];

/** Rows of a row group. WHY fewer the wider: a writer holds whole groups, and claims have two hundred columns. */
export const groupRows = (columns: number): number =>
  Math.min(MOST_ROWS, Math.max(1, Math.floor(VALUES_HELD / Math.max(1, columns) / FEWEST_ROWS)) * FEWEST_ROWS);
