import type { DayNumber, Period } from "./calendar.ts";
import { OPEN } from "./calendar.ts";
import { drawCoverage } from "./coverage.ts";
import { firstName, middleInitial, street, town } from "./fictitious.ts";
import type { Sex } from "./fictitious.ts";
import type { HouseholdMix, Status } from "./household.ts";
import { drawPopulation } from "./household.ts";
import type { Address, Household, Identity, Person, Role, Services, Span, Standing, StandingSpan } from "./person.ts";
import { providerNumber } from "./provider.ts";
import type { Random } from "./random.ts";

const YEAR_DAYS = 365.25;

const GIRL_SHARE = 0.49;
/** Most who are enrolled for emergency care only are young women: what it pays for is mostly births. */
const EMERGENCY_WOMAN_SHARE = 0.85;

export type Birth = { readonly role: Role; readonly status: Status; readonly last: string };

/** Everything but the Social Security number, which numbers people over all states. */
export function drawIdentity(random: Random, mix: HouseholdMix, around: Birth, period: Period): Omit<Identity, "ssn"> {
  const { role, status, last } = around;
  const women = role === "child" ? GIRL_SHARE : status === "emergency" ? EMERGENCY_WOMAN_SHARE : mix.womanShare;
  const sex: Sex = random.chance(women) ? "F" : "M";
  const years = role === "child" ? random.below(19) : role === "adult" ? drawAdultYears(random, status) : 65 + random.below(30);
  const birth = period.anchor - 31 - Math.floor(years * YEAR_DAYS) - random.below(360);
  return { first: firstName(random, sex), last, middle: middleInitial(random), sex, birth };
}

/** Up to a cumulated share of a hundred adults: the youngest age and how many years from there. */
const ADULT_AGES = [
  [9, 19, 2],
  [45, 21, 14],
  [74, 35, 15],
  [100, 50, 15],
] as const;

function drawAdultYears(random: Random, status: Status): number {
  const place = random.below(100);
  if (status === "emergency") return place < 88 ? 19 + random.below(22) : 41 + random.below(24);
  const [, youngest, years] = ADULT_AGES.find(([limit]) => place < limit) ?? ADULT_AGES[0];
  return youngest + random.below(years);
}

const SSN_SHARE: Readonly<Record<Status, number>> = {
  citizen: 0.985,
  national: 0.985,
  qualified: 0.93,
  "lawfully-present": 0.6,
  emergency: 0.08,
  "state-funded": 0.05,
};

/** Whether a person of this status has a Social Security number. */
export const drawHasSsn = (random: Random, status: Status): boolean => random.chance(SSN_SHARE[status]);

export type Circumstances = {
  readonly id: string;
  readonly ordinal: number;
  readonly role: Role;
  readonly status: Status;
  readonly household: Household;
  /** Known for people who moved in or out; drawn otherwise. */
  readonly enrolled?: Span;
};

/** The rest of a person: enrolment, its changes, eligibility, services. */
export function drawPerson(random: Random, mix: HouseholdMix, period: Period, identity: Identity, around: Circumstances): Person {
  const { role, status, household } = around;
  const ageYears = Math.floor((period.anchor - identity.birth) / YEAR_DAYS);
  // WHY drawn before it is asked who: the months of a quarter draw as often, so that everybody after is the same in each.
  const chosen = random.chance(status === "emergency" ? 0.3 : 0.08);
  const pregnant = chosen && role === "adult" && identity.sex === "F" && ageYears < 45;
  const death = around.enrolled === undefined && random.chance(0.0015) ? period.first + random.below(28) : undefined;
  const enrolled = around.enrolled ?? drawEnrolment(random, identity.birth, period, death);
  const changed = random.chance(0.04) ? dayWithin(random, enrolled, period) : undefined;
  const woman = identity.sex === "F";
  const eligible = { role, status, ageYears, pregnant, woman, expansion: mix.state.expansion, dualShare: mix.dualShare };
  const lot = random.uint32();
  // WHY: written out field by field here and below; spreading costs a fifth of the time a person takes.
  return {
    first: identity.first,
    last: identity.last,
    middle: identity.middle,
    sex: identity.sex,
    birth: identity.birth,
    ssn: identity.ssn,
    id: around.id,
    ordinal: around.ordinal,
    household,
    role,
    pregnant,
    death,
    enrolled,
    standings: drawStandings(random, status, enrolled, period),
    coverage: drawCoverage(random, eligible, enrolled, changed),
    addresses: drawAddresses(random, household, enrolled, period),
    services: drawServices(random, role, status),
    population: drawPopulation(random, status),
    lot,
    provider: providerNumber(mix.providers, "physician", lot),
  };
}

function drawEnrolment(random: Random, birth: DayNumber, period: Period, death: DayNumber | undefined): Span {
  const from = Math.max(birth, period.anchor - random.below(2400));
  if (death !== undefined) return { from, to: death };
  return { from, to: random.chance(0.015) ? period.first + random.below(28) : OPEN };
}

/** A day after the span's first on which something changed, or none when there was no time. */
function dayWithin(random: Random, span: Span, period: Period): DayNumber | undefined {
  const days = Math.min(span.to, period.anchor) - span.from;
  return days > 1 ? span.from + 1 + random.below(days - 1) : undefined;
}

const STANDING: Readonly<Record<Status, Standing>> = {
  citizen: "citizen",
  national: "national",
  qualified: "qualified",
  "lawfully-present": "lawfully-present",
  emergency: "emergency-only",
  "state-funded": "emergency-only",
};
/** What one in thirty was before: statuses are true over spans, not for good. */
const BEFORE: Partial<Record<Status, Standing>> = { qualified: "emergency-only", "lawfully-present": "emergency-only" };

function drawStandings(random: Random, status: Status, enrolled: Span, period: Period): readonly StandingSpan[] {
  const now: StandingSpan = { from: enrolled.from, to: enrolled.to, standing: STANDING[status] };
  const naturalised = status === "citizen" && random.chance(0.003);
  const before = naturalised ? "qualified" : random.chance(0.033) ? BEFORE[status] : undefined;
  const changed = before === undefined ? undefined : dayWithin(random, enrolled, period);
  if (before === undefined || changed === undefined) return [now];
  return [
    { from: enrolled.from, to: changed - 1, standing: before },
    { ...now, from: changed },
  ];
}

function drawAddresses(random: Random, household: Household, enrolled: Span, period: Period): readonly Address[] {
  const { from, to } = enrolled;
  const moved = random.chance(0.06) ? dayWithin(random, enrolled, period) : undefined;
  const home = addressOf(household, moved ?? from, to);
  const before = moved === undefined ? [] : [{ ...home, from, to: moved - 1, line: street(random), town: town(random) }];
  const mailing = random.chance(0.15) ? [{ ...home, from, type: "06", line: `PO Box ${100 + random.below(9000)}` }] : [];
  return before.length + mailing.length === 0 ? [home] : [...before, home, ...mailing];
}

const addressOf = ({ line, town, zip, county }: Household, from: DayNumber, to: DayNumber): Address => ({
  from,
  to,
  type: "01",
  line,
  town,
  zip,
  county,
});

function drawServices(random: Random, role: Role, status: Status): Services {
  const restricted = status === "emergency";
  const frail = role === "aged" ? 4 : role === "child" ? 0.4 : 1;
  const chance = (share: number): boolean => random.chance(share) && !restricted;
  return {
    managedCare: chance(0.75),
    healthHome: chance(0.015 * frail),
    lockIn: chance(0.004),
    moneyFollows: chance(0.001 * frail),
    waiver: chance(0.025 * frail),
    longTerm: chance(0.025 * frail),
    disabled: chance(0.08 * frail),
    demonstration: chance(0.01),
    homeCare: chance(0.02 * frail),
  };
}
