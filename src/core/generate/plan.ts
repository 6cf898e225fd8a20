import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { CivilDate } from "../base/civil-date.ts";
import { addDays } from "../base/civil-date.ts";
import type { Problem } from "../base/problem.ts";
import { problem } from "../base/problem.ts";
import type { Catalogue } from "../catalog/catalogue.ts";
import type { Encoding, LineEnd } from "../catalog/record-form.ts";
import type { SpecialCode } from "../catalog/special-codes.ts";
import type { Period } from "./calendar.ts";
import { civilDay, period } from "./calendar.ts";
import type { PlantedFault } from "./faults.ts";
import { orderedFaults } from "./fault-order.ts";
import type { FileKind } from "./file-kind.ts";
import type { Refuse } from "./order-checks.ts";
import { checkForm, checkNumbers, checkSegments, checkStates, plannedFiles } from "./order-checks.ts";
import type { StatePopulation } from "./state-population.ts";
import { apportion, everybody } from "./state-population.ts";

/** What was asked for, as typed. */
export type GenerationOrder = {
  readonly states: readonly string[];
  /** `full`: as many as the states' files are about. */
  readonly people: number | "full";
  readonly period: string;
  readonly seed: string;
  readonly ssnStates: readonly string[];
  /** Words of `FILE_KINDS`, or `all`. */
  readonly files: readonly string[];
  readonly encoding: string;
  readonly lineEnd: string;
  readonly transaction: string;
  readonly sequence: number;
  /** Empty: all segments. */
  readonly segments: readonly string[];
  /** NAME[:COUNT][@STATE]; the first state when none is named. */
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
  /** People in the files of this state and of the next one: moved, or enrolled twice. Part of `people`. */
  readonly shared: number;
  /** People with two ids one after the other; each counts twice in `people`. */
  readonly renumbered: number;
  readonly idIsSsn: boolean;
  readonly faults: readonly PlantedFault[];
};

export type StatusPlan = { readonly source: string; readonly observed: CivilDate; readonly until: CivilDate };

export type PlannedFile = { readonly kind: FileKind; readonly catalogue: Catalogue };

export type GenerationPlan = {
  readonly files: readonly PlannedFile[];
  readonly states: readonly StatePlan[];
  readonly people: number;
  readonly period: Period;
  readonly seed: string;
  readonly encoding: Encoding;
  readonly lineEnd: LineEnd;
  readonly transaction: string;
  readonly sequence: number;
  /** Empty: all segments. */
  readonly segments: readonly string[];
  readonly status: StatusPlan;
  /** Codes of substance use treatment that count on every day served. */
  readonly part2: { readonly diagnoses: readonly string[]; readonly procedures: readonly string[] };
};

export type CountedOrder = GenerationOrder & { readonly people: number };

/** The shipped data that submissions are made from. */
export type GenerationSources = {
  readonly catalogues: readonly Catalogue[];
  readonly populations: readonly StatePopulation[];
  readonly part2: readonly SpecialCode[];
};

const STATUS_DAYS = 90;
const [SHARED_SHARE, RENUMBERED_SHARE] = [0.003, 0.003];

/** Checks an order against the catalogues and the populations; all problems at once. */
export function planGeneration(typed: GenerationOrder, { catalogues, populations, part2 }: GenerationSources): Checked<GenerationPlan> {
  const order = { ...typed, people: typed.people === "full" ? fullPeople(typed.states, populations) : typed.people };
  const month = period(order.period);
  const problems: Problem[] = month.ok ? [] : [...month.problems];
  const refuse: Refuse = (message, hint) => problems.push(problem("E_USAGE", message, { hint }));
  const files = plannedFiles(order, catalogues, refuse);
  checkStates(order, populations, refuse);
  checkSegments(order, files, refuse);
  checkForm(order, refuse);
  checkNumbers(order, refuse);
  const faults = orderedFaults(
    order,
    files.map(({ kind }) => kind),
    refuse,
  );
  return passIf(problems, () => {
    const { first, last } = month.ok ? month.value : { first: 0, last: 0 };
    return {
      files,
      states: statePlans(order, populations, faults),
      people: order.people,
      period: month.ok ? month.value : { text: "", first, last, anchor: first },
      seed: order.seed,
      encoding: order.encoding === "FLF" ? "FLF" : "PSV",
      lineEnd: order.lineEnd === "LF" ? "LF" : "CRLF",
      transaction: order.transaction,
      sequence: order.sequence,
      segments: order.segments,
      status: statusPlan(order, civilDay(last)),
      part2: codesOf(part2, civilDay(first - 366), civilDay(last)),
    };
  });
}

/** Of the lists of codes, the ICD-10 diagnoses and the five-character procedures that count from one day to another. */
function codesOf(codes: readonly SpecialCode[], from: CivilDate, to: CivilDate): GenerationPlan["part2"] {
  const counting = codes.filter((code) => (code.from ?? from) <= from && (code.to ?? to) >= to);
  const ofForm = (signal: string, form: RegExp): readonly string[] =>
    counting.filter((code) => code.signal === signal && form.test(code.code)).map(({ code }) => code);
  return { diagnoses: ofForm("diagnosis", /^F1\d/), procedures: ofForm("procedure", /^[A-Z]\d{4}$/) };
}

const fullPeople = (states: readonly string[], populations: readonly StatePopulation[]): number =>
  Math.round(populations.reduce((sum, population) => sum + (states.includes(population.state) ? everybody(population) : 0), 0));

function statusPlan(order: GenerationOrder, last: CivilDate): StatusPlan {
  const observed = order.statusObserved ?? last;
  return { source: order.statusSource, observed, until: order.statusUntil ?? addDays(observed, STATUS_DAYS) };
}

function statePlans(
  order: CountedOrder,
  populations: readonly StatePopulation[],
  faults: ReadonlyMap<string, readonly PlantedFault[]>,
): readonly StatePlan[] {
  const chosen = order.states.flatMap((word) => populations.filter(({ state }) => state === word));
  const counts = apportion(order.people, chosen);
  // A quarter at most with each neighbour, so that a tiny state has people of its own.
  const shared = counts.map((count, at) =>
    Math.min(Math.ceil(count * SHARED_SHARE), Math.floor(count / 4), Math.floor((counts[at + 1] ?? 0) / 4)),
  );
  let before = 0;
  return chosen.map((population, at) => {
    const people = counts[at] ?? 0;
    before += people;
    return {
      population,
      people,
      before: before - people,
      shared: shared[at] ?? 0,
      renumbered: Math.min(Math.ceil(people * RENUMBERED_SHARE), Math.floor(people / 100)),
      idIsSsn: order.ssnStates.includes(population.state),
      faults: faults.get(population.state) ?? [],
    };
  });
}
