import { AGED_DUAL_SHARE, SSI_SHARE } from "./coverage.ts";
import { lastName, phone, place } from "./fictitious.ts";
import type { Household, Role } from "./person.ts";
import { providerCount } from "./provider.ts";
import type { Random } from "./random.ts";
import type { StatePopulation } from "./state-population.ts";

/** Chances within a household of mixed status, common to all states. */
const NONCITIZEN = { child: 0.2, adult: 0.85, aged: 0.85 } as const;

/** How a state's households are drawn, so that its people come out at the shares of its population. */
export type HouseholdMix = {
  readonly state: StatePopulation;
  /** Cumulated chances of a family, children alone, a single adult; what is left is aged people. */
  readonly kinds: readonly [number, number, number];
  /** The chance that a household has non-citizens. */
  readonly mixed: number;
  /** Women among adults and the aged. */
  readonly womanShare: number;
  /** Adults eligible for SSI who have Medicare too. */
  readonly dualShare: number;
  /** How many providers the state has. */
  readonly providers: number;
};

/**
 * CMS finds a file plausible in which 45 to 74 % of people are 20 or younger; the young among the adults come to these.
 * Only states with fewer or more children by the published figures are held to them.
 */
const LEAST_CHILD_SHARE = 0.45;
const MOST_CHILD_SHARE = 0.69;
/** Children among people enrolled on top of the published figures. */
const ON_TOP_CHILD_SHARE = 0.2;

export function householdMix(state: StatePopulation, people: number): HouseholdMix {
  const onTop = state.emergencyShare + state.stateFundedShare;
  const aged = state.agedShare;
  const published = state.childShare * (1 - onTop) + ON_TOP_CHILD_SHARE * onTop;
  const child = Math.min(Math.max(published, LEAST_CHILD_SHARE), MOST_CHILD_SHARE);
  const adult = 1 - aged - child;
  // A family has 2 children and 1.3 adults enrolled on average.
  const familyChild = Math.min(0.6 * child, (0.9 * adult) / 0.65);
  const weights = [familyChild / 2, (child - familyChild) / 1.8, adult - 0.65 * familyChild, aged / 1.2] as const;
  const total = weights[0] + weights[1] + weights[2] + weights[3];
  const noncitizen = state.noncitizenShare + state.emergencyShare + state.stateFundedShare;
  const rate = child * NONCITIZEN.child + (1 - child) * NONCITIZEN.adult;
  return {
    state,
    kinds: [weights[0] / total, (weights[0] + weights[1]) / total, (weights[0] + weights[1] + weights[2]) / total],
    mixed: Math.min(0.95, noncitizen / rate),
    womanShare: (state.femaleShare - 0.49 * child) / (1 - child),
    dualShare: Math.max(0, state.dualShare - AGED_DUAL_SHARE * aged) / (SSI_SHARE * adult),
    providers: providerCount(people),
  };
}

export type HouseholdDraw = { readonly household: Household; readonly roles: readonly Role[]; readonly mixed: boolean };

/** A household: who lives in it and what they share. `number` makes the case number. */
export function drawHousehold(random: Random, mix: HouseholdMix, number: number): HouseholdDraw {
  const roles = drawRoles(random, mix);
  const mixed = random.chance(mix.mixed);
  const { fips, zip3, counties, areaCode } = mix.state;
  const race = random.below(100);
  const household: Household = {
    caseNumber: `C${fips}${String((number * 7_368_787 + Number(fips) * 1_299_709) % 100_000_000).padStart(8, "0")}`,
    size: Math.min(8, roles.length + random.below(2)),
    lastName: lastName(random),
    fips,
    ...place(random, zip3),
    county: random.pick(counties),
    phone: random.chance(0.8) ? phone(random, areaCode) : "",
    language: mixed && random.chance(0.7) ? random.pick(["SPA", "CHI", "VIE", "ARA"]) : "ENG",
    race: race < 50 ? "001" : race < 75 ? "002" : race < 78 ? "003" : race < 84 ? "004" : race < 97 ? "018" : "017",
    ethnicity: random.chance(mixed ? 0.6 : 0.25) ? "1" : "0",
  };
  return { household, roles, mixed };
}

function drawRoles(random: Random, { kinds }: HouseholdMix): readonly Role[] {
  const kind = random.below(1_000_000) / 1_000_000;
  const children = (most: number): readonly Role[] => Array.from({ length: 1 + random.below(most) }, () => "child" as const);
  if (kind < kinds[0]) return [...(random.chance(0.3) ? (["adult", "adult"] as const) : (["adult"] as const)), ...children(3)];
  if (kind < kinds[1]) return random.chance(0.2) ? ["child"] : children(3);
  if (kind < kinds[2]) return ["adult"];
  return random.chance(0.2) ? ["aged", "aged"] : ["aged"];
}

/** What kind of non-citizen, or none, a member of a household is. */
export type Status = "citizen" | "national" | "qualified" | "lawfully-present" | "emergency" | "state-funded";

export function drawStatus(random: Random, { state }: HouseholdMix, role: Role, mixed: boolean): Status {
  if (!mixed || !random.chance(NONCITIZEN[role])) return random.chance(0.002) ? "national" : "citizen";
  const place = (random.below(1_000_000) / 1_000_000) * (state.noncitizenShare + state.emergencyShare + state.stateFundedShare);
  if (place < state.emergencyShare) return "emergency";
  if (place < state.emergencyShare + state.stateFundedShare) return "state-funded";
  return role === "child" && random.chance(0.5) ? "lawfully-present" : "qualified";
}

/** What lies behind a status: T-MSIS lumps together people the law keeps apart. */
const POPULATIONS: Readonly<Record<Status, readonly (readonly [number, string])[]>> = {
  citizen: [[100, "citizen"]],
  national: [[100, "citizen"]],
  qualified: [
    [85, "lpr"],
    [100, "refugee"],
  ],
  "lawfully-present": [
    [40, "lpr"],
    [65, "asylum-pending"],
    [85, "tps"],
    [100, "refugee"],
  ],
  // Emergency-only benefits also go to lawful residents within the five-year bar.
  emergency: [
    [72, "unlawfully-present"],
    [82, "lpr"],
    [88, "asylum-pending"],
    [94, "tps"],
    [100, "daca"],
  ],
  "state-funded": [
    [85, "unlawfully-present"],
    [93, "asylum-pending"],
    [100, "daca"],
  ],
};

export function drawPopulation(random: Random, status: Status): string {
  const place = random.below(100);
  return POPULATIONS[status].find(([limit]) => place < limit)?.[1] ?? "unlawfully-present";
}
