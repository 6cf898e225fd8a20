import { fictitiousSsn, firstName, phone, place, SSN_COUNT } from "./fictitious.ts";
import type { Person, Span } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import type { Random } from "./random.ts";
import { seededRandom } from "./random.ts";
import type { Recipe } from "./recipe.ts";
import { NO_ROWS } from "./recipe.ts";

const CARRIERS = 8;

/** An insurer as submitted, true without end. */
export type Carrier = Span & {
  readonly number: string;
  readonly line: string;
  readonly town: string;
  readonly zip: string;
  readonly phone: string;
  readonly fips: string;
};

const carrierNumber = (lot: number): string => `CARR${10 + (lot % CARRIERS)}`;

export function* carriersOf(plan: GenerationPlan, { population }: StatePlan): Generator<Carrier, void> {
  const random = seededRandom(plan.seed, "carriers", population.state);
  for (let index = 0; index < CARRIERS; index += 1) {
    yield {
      number: carrierNumber(index),
      ...place(random, population.zip3),
      phone: phone(random, population.areaCode),
      fips: population.fips,
      from: plan.period.anchor - 4000,
      to: Number.POSITIVE_INFINITY,
    };
  }
}

/** What another than Medicaid pays for a person. */
export type OtherCover = Span & {
  readonly person: Person;
  readonly insured: boolean;
  /** Liability of another kind, such as an accident; empty where there is none. */
  readonly other: string;
  /** The policy is a relative's who is not enrolled; else it is the person's own. */
  readonly owner: { readonly first: string; readonly last: string; readonly ssn: string; readonly code: string };
  readonly carrier: string;
};

const INSURED_SHARE = 0.08;
const OTHER_SHARE = 0.015;
/** People among whom one relative's number is kept free. */
const OWNERS_EVERY = 8;

/** Draws whether a person has other cover. INVARIANT: a relative's SSN is nobody's who is enrolled. */
export function otherCoverOf(plan: GenerationPlan, state: StatePlan): (person: Person) => OtherCover | undefined {
  const random = seededRandom(plan.seed, "other-cover", state.population.state);
  return (person) => {
    const [insured, liable] = [random.chance(INSURED_SHARE), random.chance(OTHER_SHARE)];
    if (!insured && !liable) return undefined;
    const other = liable ? String(1 + random.below(8)) : "";
    return { ...person.enrolled, person, insured, other, owner: drawOwner(random, person), carrier: carrierNumber(random.uint32()) };
  };
}

function drawOwner(random: Random, person: Person): OtherCover["owner"] {
  const relative = person.role === "child" || random.chance(0.4);
  const first = firstName(random, random.chance(0.5) ? "F" : "M");
  if (!relative) return { first: person.first, last: person.last, ssn: person.ssn, code: "01" };
  const free = person.ordinal % OWNERS_EVERY === 0;
  const ssn = free ? fictitiousSsn(SSN_COUNT - 1 - person.ordinal / OWNERS_EVERY) : "";
  return { first, last: person.last, ssn, code: person.role === "child" ? "03" : "02" };
}

const insured = (cover: OtherCover): readonly OtherCover[] => (cover.insured ? [cover] : NO_ROWS);
const planOf = (carrier: string): string => `${carrier}-PPO`;

export const OTHER_COVER_RECIPES: readonly Recipe<OtherCover>[] = [
  {
    segment: "TPL00002",
    rows: (cover) => [cover],
    cells: {
      "TPL-HEALTH-INSURANCE-COVERAGE-IND": (cover) => (cover.insured ? "1" : "0"),
      "TPL-OTHER-COVERAGE-IND": (cover) => (cover.other === "" ? "0" : "1"),
      "ELIGIBLE-FIRST-NAME": ({ person }) => person.first,
      "ELIGIBLE-MIDDLE-INIT": ({ person }) => person.middle,
      "ELIGIBLE-LAST-NAME": ({ person }) => person.last,
    },
  },
  {
    segment: "TPL00003",
    rows: insured,
    cells: {
      "INSURANCE-CARRIER-ID-NUM": ({ carrier }) => carrier,
      "INSURANCE-PLAN-ID": ({ carrier }) => planOf(carrier),
      "GROUP-NUM": ({ person }) => `G${1000 + (person.lot % 9000)}`,
      "MEMBER-ID": ({ person }) => `M${person.lot}`,
      "INSURANCE-PLAN-TYPE": () => "02",
      "COVERAGE-TYPE": () => "01",
      "ANNUAL-DEDUCTIBLE-AMT": ({ person }) => String(50_000 * (1 + (person.lot % 6))),
      "POLICY-OWNER-FIRST-NAME": ({ owner }) => owner.first,
      "POLICY-OWNER-LAST-NAME": ({ owner }) => owner.last,
      "POLICY-OWNER-SSN": ({ owner }) => owner.ssn,
      "POLICY-OWNER-CODE": ({ owner }) => owner.code,
    },
  },
  {
    segment: "TPL00005",
    rows: (cover) => (cover.other === "" ? NO_ROWS : [cover]),
    cells: { "TYPE-OF-OTHER-THIRD-PARTY-LIABILITY": ({ other }) => other },
  },
];

export const CARRIER_RECIPES: readonly Recipe<Carrier>[] = [
  {
    segment: "TPL00004",
    rows: (carrier) => [carrier],
    cells: {
      "INSURANCE-CARRIER-ID-NUM": ({ number }) => number,
      "INSURANCE-PLAN-ID": ({ number }) => planOf(number),
      "INSURANCE-PLAN-TYPE": () => "02",
      "COVERAGE-TYPE": () => "01",
    },
  },
  {
    segment: "TPL00006",
    rows: (carrier) => [carrier],
    cells: {
      "INSURANCE-CARRIER-ID-NUM": ({ number }) => number,
      "TPL-ENTITY-ADDR-TYPE": () => "06",
      "INSURANCE-CARRIER-ADDR-LN1": ({ line }) => line,
      "INSURANCE-CARRIER-CITY": ({ town }) => town,
      "INSURANCE-CARRIER-STATE": ({ fips }) => fips,
      "INSURANCE-CARRIER-ZIP-CODE": ({ zip }) => zip,
      "INSURANCE-CARRIER-PHONE-NUM": ({ phone }) => phone,
      "INSURANCE-CARRIER-NAIC-CODE": ({ number }) => `GEN-${number.slice(4)}`,
      "INSURANCE-CARRIER-NAME": ({ number }) => `Mock Mutual ${number.slice(4)}`,
    },
  },
];
