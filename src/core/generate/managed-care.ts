import { compactDay } from "./calendar.ts";
import { phone, place } from "./fictitious.ts";
import type { Span } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import { seededRandom } from "./random.ts";
import type { Recipe } from "./recipe.ts";

const [FIRST_PLAN, PLANS] = [10, 6];

/** One of the state's plans, chosen by `lot`. */
export const planNumber = (lot: number): string => `PLAN${FIRST_PLAN + (lot % PLANS)}`;

/** A managed care plan as submitted, true without end. */
export type CarePlan = Span & {
  readonly number: string;
  readonly line: string;
  readonly town: string;
  readonly zip: string;
  readonly county: string;
  readonly phone: string;
  readonly fips: string;
};

export function* carePlansOf(plan: GenerationPlan, { population }: StatePlan): Generator<CarePlan, void> {
  const random = seededRandom(plan.seed, "plans", population.state);
  for (let index = 0; index < PLANS; index += 1) {
    yield {
      number: planNumber(index),
      ...place(random, population.zip3),
      county: random.pick(population.counties),
      phone: phone(random, population.areaCode),
      fips: population.fips,
      from: plan.period.anchor - 3000 - random.below(1000),
      to: Number.POSITIVE_INFINITY,
    };
  }
}

const itself = (plan: CarePlan): readonly CarePlan[] => [plan];
const numbered: Recipe<CarePlan>["cells"] = { "STATE-PLAN-ID-NUM": ({ number }) => number };
const withCells = (segment: string, cells: Recipe<CarePlan>["cells"]): Recipe<CarePlan> => ({
  segment,
  rows: itself,
  cells: { ...numbered, ...cells },
});

export const MANAGED_CARE_RECIPES: readonly Recipe<CarePlan>[] = [
  withCells("MCR00002", {
    "MANAGED-CARE-CONTRACT-EFF-DATE": ({ from }) => compactDay(from),
    "MANAGED-CARE-CONTRACT-END-DATE": ({ to }) => compactDay(to),
    "MANAGED-CARE-NAME": ({ number }) => `Placeholder Health ${number} (generated)`,
    "MANAGED-CARE-PROGRAM": () => "1",
    "MANAGED-CARE-PLAN-TYPE": () => "01",
    "REIMBURSEMENT-ARRANGEMENT": () => "01",
    "MANAGED-CARE-PROFIT-STATUS": () => "01",
    "PERCENT-BUSINESS": () => "80",
    "MANAGED-CARE-SERVICE-AREA": () => "1",
  }),
  withCells("MCR00003", {
    "MANAGED-CARE-LOCATION-ID": () => "001",
    "MANAGED-CARE-ADDR-TYPE": () => "1",
    "MANAGED-CARE-ADDR-LN1": ({ line }) => line,
    "MANAGED-CARE-CITY": ({ town }) => town,
    "MANAGED-CARE-STATE": ({ fips }) => fips,
    "MANAGED-CARE-ZIP-CODE": ({ zip }) => zip,
    "MANAGED-CARE-COUNTY": ({ county }) => county,
    "MANAGED-CARE-TELEPHONE": ({ phone }) => phone,
    "MANAGED-CARE-EMAIL": ({ number }) => `${number.toLowerCase()}@example.org`,
  }),
  withCells("MCR00004", { "MANAGED-CARE-SERVICE-AREA-NAME": () => "STATEWIDE" }),
  withCells("MCR00005", { "OPERATING-AUTHORITY": () => "01" }),
  withCells("MCR00006", { "MANAGED-CARE-PLAN-POP": () => "01" }),
  withCells("MCR00007", { "ACCREDITATION-ORGANIZATION": () => "01" }),
  withCells("MCR00008", {
    "NATIONAL-HEALTH-CARE-ENTITY-ID": ({ number }) => `GEN${number}`,
    "NATIONAL-HEALTH-CARE-ENTITY-ID-TYPE": () => "1",
    "NATIONAL-HEALTH-CARE-ENTITY-NAME": ({ number }) => `Placeholder Health ${number} (generated)`,
  }),
  withCells("MCR00009", { CHPID: ({ number }) => `C${number}`, SHPID: ({ number }) => `S${number}` }),
];
