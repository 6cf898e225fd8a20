import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { addDays } from "../base/civil-date.ts";
import { nearestHint } from "../base/nearest.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Catalogue } from "../catalog/catalogue.ts";
import type { Encoding } from "../catalog/record-form.ts";
import type { Period } from "./calendar.ts";
import { civilDay, period } from "./calendar.ts";
import type { Fault } from "./faults.ts";
import { FAULTS } from "./faults.ts";
import { MOST_PEOPLE } from "./fictitious.ts";
import { RECIPES } from "./segments.ts";
import type { StatePopulation } from "./state-population.ts";
import { apportion } from "./state-population.ts";

/** What was asked for, as typed. */
export type GenerationOrder = {
  readonly states: readonly string[];
  readonly people: number;
  readonly period: string;
  readonly seed: string;
  readonly ssnStates: readonly string[];
  readonly encoding: string;
  readonly transaction: string;
  readonly sequence: number;
  /** Empty: all segments. */
  readonly segments: readonly string[];
  /** NAME, or NAME@STATE; the first state when none is named. */
  readonly faults: readonly string[];
  readonly statusSource: string;
  readonly statusObserved: CivilDate | undefined;
  readonly statusUntil: CivilDate | undefined;
};

export type StatePlan = {
  readonly population: StatePopulation;
  readonly people: number;
  /** How many people all states before have: Social Security numbers go on from there. */
  readonly before: number;
  /** People who moved in from the state before, and out to the next one; part of `people`. */
  readonly movedIn: number;
  readonly movedOut: number;
  readonly idIsSsn: boolean;
  readonly faults: readonly Fault[];
};

export type StatusPlan = { readonly source: string; readonly observed: CivilDate; readonly until: CivilDate };

export type GenerationPlan = {
  readonly catalogue: Catalogue;
  readonly states: readonly StatePlan[];
  readonly people: number;
  readonly period: Period;
  readonly seed: string;
  readonly encoding: Encoding;
  readonly transaction: string;
  readonly sequence: number;
  readonly segments: readonly string[];
  readonly status: StatusPlan;
};

const TRANSACTIONS: ReadonlySet<string> = new Set(["C", "R", "U"]);
const STATUS_DAYS = 90;
const MOVED_SHARE = 0.002;

/** Checks an order against the catalogue and the populations; all problems at once. */
export function planGeneration(
  order: GenerationOrder,
  catalogue: Catalogue,
  populations: readonly StatePopulation[],
): Checked<GenerationPlan> {
  const month = period(order.period);
  const problems: Problem[] = month.ok ? [] : [...month.problems];
  const refuse = (message: string, hint: string): number => problems.push(problem("E_USAGE", message, { hint }));
  const known = populations.map(({ state }) => state);
  for (const word of order.states)
    if (!known.includes(word)) refuse(`"${word}" is not a state`, nearestHint(word, known, "catalog/tmsis/population.csv"));
  if (new Set(order.states).size !== order.states.length) refuse("a state is named twice", "name each state once");
  for (const word of order.ssnStates)
    if (!order.states.includes(word)) refuse(`"${word}" is not among the states`, `the states are ${order.states.join(",")}`);
  const segments = RECIPES.map(({ segment }) => segment);
  for (const word of order.segments)
    if (!segments.includes(word)) refuse(`"${word}" is not a segment`, nearestHint(word, segments, "catalog/tmsis"));
  if (order.encoding !== "FLF" && order.encoding !== "PSV") refuse(`"${order.encoding}" is not an encoding`, "write FLF or PSV");
  if (!TRANSACTIONS.has(order.transaction)) refuse(`"${order.transaction}" is not a transaction`, "write C, R or U");
  checkNumbers(order, refuse);
  checkFaults(order, refuse);
  return passIf(problems, () => ({
    catalogue,
    states: month.ok ? statePlans(order, populations) : [],
    people: order.people,
    period: month.ok ? month.value : { text: "", first: 0, last: 0 },
    seed: order.seed,
    encoding: order.encoding === "FLF" ? "FLF" : "PSV",
    transaction: order.transaction,
    sequence: order.sequence,
    segments: order.segments.length === 0 ? segments : order.segments,
    status: statusPlan(order, month.ok ? civilDay(month.value.last) : civilDay(0)),
  }));
}

type Refuse = (message: string, hint: string) => number;

function checkNumbers({ people, states, sequence, transaction }: GenerationOrder, refuse: Refuse): void {
  const most = MOST_PEOPLE;
  if (states.length === 0) refuse("no state is named", "name states by postal code, such as CA,NM");
  if (!Number.isSafeInteger(people) || people < states.length * 4 || people > most) {
    refuse("the number of people is out of range", `at least four a state, at most ${most}`);
  }
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > 9999) refuse("the sequence number is out of range", "1 to 9999");
  if ((transaction === "C") !== (sequence === 1))
    refuse("a create has sequence 1, a replace or update 2 or more", "set --transaction and --sequence together");
}

function checkFaults({ faults, states, segments }: GenerationOrder, refuse: Refuse): void {
  for (const fault of faults) {
    const [name = "", state] = fault.split("@");
    const needed = FAULTS[name]?.row?.segment ?? FAULTS[name]?.line?.segment;
    if (needed !== undefined && segments.length > 0 && !segments.includes(needed))
      refuse(`the fault "${name}" needs ${needed}`, "add it to --segments");
    if (!Object.hasOwn(FAULTS, name))
      refuse(`"${name}" is not a fault`, nearestHint(name, Object.keys(FAULTS), "writ dataset generate --help"));
    if (state !== undefined && !states.includes(state))
      refuse(`the fault's state "${state}" is not among the states`, `the states are ${states.join(",")}`);
  }
}

function statusPlan(order: GenerationOrder, last: CivilDate): StatusPlan {
  const observed = order.statusObserved ?? last;
  return { source: order.statusSource, observed, until: order.statusUntil ?? addDays(observed, STATUS_DAYS) };
}

function statePlans(order: GenerationOrder, populations: readonly StatePopulation[]): readonly StatePlan[] {
  const chosen = order.states.flatMap((word) => populations.filter(({ state }) => state === word));
  const counts = apportion(order.people, chosen);
  const movers = counts.map((count, at) =>
    Math.min(Math.ceil(count * MOVED_SHARE), Math.floor(count / 4), Math.floor((counts[at + 1] ?? 0) / 4)),
  );
  let before = 0;
  return chosen.map((population, at) => {
    const people = counts[at] ?? 0;
    before += people;
    return {
      population,
      people,
      before: before - people,
      movedIn: movers[at - 1] ?? 0,
      movedOut: movers[at] ?? 0,
      idIsSsn: order.ssnStates.includes(population.state),
      faults: faultsOf(order, population.state),
    };
  });
}

function faultsOf({ faults, states }: GenerationOrder, state: string): readonly Fault[] {
  return faults.flatMap((text) => {
    const [name = "", where = states[0]] = text.split("@");
    const fault = FAULTS[name];
    return fault === undefined || where !== state ? [] : [fault];
  });
}
