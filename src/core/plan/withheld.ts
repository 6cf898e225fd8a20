import type { RowFacets } from "../catalog/row-class.ts";
import type { ColumnExtract } from "../extract/spec.ts";
import type { Outcome } from "../verdict/cell.ts";
import type { ClassJudge } from "./class-judge.ts";
import { NEVER_RELEASED } from "./class-judge.ts";
import type { AskedSegment } from "./columns.ts";
import { columnOf, judgedRows } from "./columns.ts";
import type { PlanDataset } from "./plan-dataset.ts";

/** Categories withheld alike from some or all people of some origins, and why. */
export type Withheld = {
  readonly fields: readonly string[];
  readonly origins: readonly string[];
  readonly from: "everybody" | "some people";
  readonly outcome: Outcome;
  readonly cites: readonly string[];
  /** Said where the cause lies in what is known of the rows rather than in the law alone. */
  readonly because?: string;
};

type Row = {
  readonly facets: RowFacets;
  readonly special: readonly string[];
  readonly people: number;
  readonly columns: readonly ColumnExtract[];
};
type Finding = Omit<Withheld, "fields" | "origins">;

/** Each category that some people's rows lose, folded over origins and then over categories that fare alike. */
export function withheldOf(asked: readonly AskedSegment[], datasets: readonly PlanDataset[], judge: ClassJudge): readonly Withheld[] {
  const fields = [...new Set(asked.flatMap(({ elements }) => elements.map((element) => element.category)))].sort();
  const perField = fields.flatMap((field) => {
    const holders = asked.filter(({ elements }) => elements.some((element) => element.category === field));
    const found = datasets.flatMap((dataset) => {
      const finding = findingOf(field, dataset, rowsOf(field, holders, dataset), judge);
      return finding === undefined ? [] : [{ origin: dataset.origin, finding }];
    });
    return fold(found, ({ finding }) => finding).map(([finding, same]) => ({
      field,
      origins: [...new Set(same.map(({ origin }) => origin))],
      finding,
    }));
  });
  const folded = fold(perField, ({ origins, finding }) => ({ origins, ...finding }));
  return folded
    .map(([alike, same]) => ({ fields: same.map(({ field }) => field), ...alike }))
    .sort((a, b) => (a.from === b.from ? 0 : a.from === "everybody" ? -1 : 1));
}

/** Groups by what `of` makes of an item, in order of first appearance. */
function fold<T, K>(items: readonly T[], of: (item: T) => K): readonly (readonly [K, readonly T[]])[] {
  const groups = new Map<string, [K, T[]]>();
  for (const item of items) {
    const key = of(item);
    const group = groups.get(JSON.stringify(key));
    if (group === undefined) groups.set(JSON.stringify(key), [key, [item]]);
    else group[1].push(item);
  }
  return [...groups.values()];
}

const rowsOf = (field: string, holders: readonly AskedSegment[], dataset: PlanDataset): readonly Row[] =>
  holders.flatMap((one) => {
    const columns = one.elements.filter((element) => element.category === field).map(columnOf);
    return judgedRows(one, dataset).map((row) => ({ ...row, columns }));
  });

function findingOf(field: string, dataset: PlanDataset, rows: readonly Row[], judge: ClassJudge): Finding | undefined {
  const wordOf = ({ facets, special }: Row): string => judge.mask(facets, special, field).word;
  // WHY not only `omitted`: a mask that no element of the row can be cut down to releases nothing either.
  const lost = rows.filter((row) => row.columns.every(({ transforms }) => !Object.hasOwn(transforms, wordOf(row))));
  const largest = [...lost].sort((a, b) => b.people - a.people)[0];
  if (largest === undefined) return undefined;
  const never = NEVER_RELEASED.get(field);
  if (never !== undefined) return { from: "everybody", outcome: "no-authority", cites: [], because: never };
  const { outcome, reasons } = judge.explain(largest.facets, largest.special, field);
  const deciding = reasons.filter((reason) => reason.effect === (outcome === "barred" ? "bar" : "no-permit"));
  const from = lost.length === rows.length ? "everybody" : "some people";
  const word = wordOf(largest);
  const because =
    word === "omitted" ? causeOf(field, dataset, lost, judge) : `permitted as ${word} only, which these elements cannot become`;
  return {
    from,
    outcome,
    cites: [...new Set(deciding.flatMap((reason) => reason.cites))].slice(0, 4),
    ...(because === undefined ? {} : { because }),
  };
}

/** What would have to be known of the rows for the law to let the category go; undefined when nothing would help. */
function causeOf(field: string, dataset: PlanDataset, lost: readonly Row[], judge: ClassJudge): string | undefined {
  const ssn =
    dataset.idIsSsn && lost.some(({ facets, special }) => judge.mask({ ...facets, idIsSsn: false }, special, field).word !== "omitted");
  if (ssn) return "this month's ids are Social Security numbers (header)";
  const helps = (row: Row, known: Partial<RowFacets>, special: readonly string[] = row.special): boolean =>
    judge.mask({ ...row.facets, ...known }, special, field).word !== "omitted";
  const lists = [...new Set(dataset.classes.classes.flatMap(({ facets }) => facets.named ?? []))];
  if (lists.length > 0 && lost.some((row) => helps(row, { named: lists }))) return "not among the people whom the evidence names";
  const proven = leavesThat(lost, (row) => row.facets.population, (row, leaf) => helps(row, { population: [leaf] })); // prettier-ignore
  if (proven.length > 0) return `status unproven, or not ${proven.join(", ")}`;
  const funded = leavesThat(lost, (row) => row.facets.funding, (row, leaf) => helps(row, { funding: [leaf] })); // prettier-ignore
  if (funded.length > 0) return `funding unproven, or not ${funded.join(", ")}`;
  return protectedText(lost.filter((row) => row.special.includes("part2") && helps(row, {}, ["none"])));
}

/** Why rows that would go out, were they free of substance use records, do not. */
function protectedText(rows: readonly Row[]): string | undefined {
  const [known, possible] = [rows.some(({ special }) => special.length === 1), rows.some(({ special }) => special.length > 1)];
  if (known && possible) return "claims with codes of substance use treatment, and those whose codes do not tell";
  if (known) return "claims with codes of substance use treatment";
  return possible ? "the segment may hold substance use records" : undefined;
}

/** Leaves of an open facet that, if proven, would let a row through. */
const leavesThat = (
  rows: readonly Row[],
  of: (row: Row) => readonly string[],
  helps: (row: Row, leaf: string) => boolean,
): readonly string[] => [...new Set(rows.filter((row) => of(row).length > 1).flatMap((row) => of(row).filter((leaf) => helps(row, leaf))))];
