import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import { parseCsv } from "../base/csv.ts";
import type { CsvRow } from "../base/csv.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";

/**
 * What the people of a generated state are drawn from (catalog/tmsis/population.csv). `people` and `childShare` are of those the
 * published figures count, all other shares of all its people.
 */
export type StatePopulation = {
  readonly state: string;
  readonly fips: string;
  readonly people: number;
  readonly childShare: number;
  readonly expansion: boolean;
  /** People of 65 and over. */
  readonly agedShare: number;
  readonly femaleShare: number;
  /** People who have Medicare too. */
  readonly dualShare: number;
  /** Non-citizens with full benefits. */
  readonly noncitizenShare: number;
  /** People whose benefits are emergency care only. */
  readonly emergencyShare: number;
  /** People the state pays for without federal money. */
  readonly stateFundedShare: number;
  readonly zip3: string;
  readonly counties: readonly [string, ...string[]];
  readonly areaCode: string;
};

const SHARES = ["aged", "female", "dual", "noncitizen", "emergency", "state_funded"].map((share) => `${share}_share_assumption`);
const COLUMNS = ["state", "name", "fips", "people", "children", "expansion", ...SHARES, "zip3", "counties", "area_code"];

export function parseStatePopulations(file: string, text: string): Checked<readonly StatePopulation[]> {
  const rows = parseCsv(file, text, { columns: COLUMNS });
  if (!rows.ok) return rows;
  const problems: Problem[] = [];
  const populations = rows.value.map((row) => readPopulation(row, problems));
  return passIf(problems, () => populations);
}

function readPopulation(row: CsvRow, problems: Problem[]): StatePopulation {
  const number = (column: string): number => {
    const value = Number(row.cell(column));
    if (!(value >= 0)) problems.push(problem("E_SHAPE", `"${column}" is not a number`, { at: row.at(column) }));
    return value;
  };
  const form = (column: string, pattern: RegExp): string => {
    const text = row.cell(column);
    if (!pattern.test(text)) problems.push(problem("E_SHAPE", `"${column}" does not have its form`, { at: row.at(column) }));
    return text;
  };
  const [first = "", ...others] = form("counties", /^\d{3}(;\d{3})*$/).split(";");
  const people = number("people");
  return {
    state: form("state", /^[A-Z]{2}$/),
    fips: form("fips", /^\d{2}$/),
    people,
    childShare: people === 0 ? 0 : number("children") / people,
    expansion: form("expansion", /^(yes|no)$/) === "yes",
    agedShare: number("aged_share_assumption"),
    femaleShare: number("female_share_assumption"),
    dualShare: number("dual_share_assumption"),
    noncitizenShare: number("noncitizen_share_assumption"),
    emergencyShare: number("emergency_share_assumption"),
    stateFundedShare: number("state_funded_share_assumption"),
    zip3: form("zip3", /^\d{3}$/),
    counties: [first, ...others],
    areaCode: form("area_code", /^\d{3}$/),
  };
}

/**
 * Everybody a state's files are about. The published figures leave out people enrolled for emergency care or by the state alone;
 * they come on top.
 */
export const everybody = ({ people, emergencyShare, stateFundedShare }: StatePopulation): number =>
  people / (1 - emergencyShare - stateFundedShare);

/**
 * Splits people over states in proportion to everybody in their files, by largest remainder.
 * INVARIANT: the parts sum to `people`, and no state is without anybody.
 */
export function apportion(people: number, states: readonly StatePopulation[]): readonly number[] {
  const total = states.reduce((sum, state) => sum + everybody(state), 0);
  const spare = people - states.length;
  const exact = states.map((state) => (spare * everybody(state)) / total);
  const whole = exact.map(Math.floor);
  const byRemainder = exact.map((share, at) => ({ at, rest: share - Math.floor(share) })).sort((a, b) => b.rest - a.rest || a.at - b.at);
  const missing = spare - whole.reduce((sum, count) => sum + count, 0);
  for (const { at } of byRemainder.slice(0, missing)) whole[at] = (whole[at] ?? 0) + 1;
  return whole.map((count) => count + 1);
}
